"""Pages and answers about papers."""

from nghitruong.council.papers.views.manage import (
    add_papers,
    details,
    expunge,
    paper_list,
    release,
    stubs,
    verifies,
    void_stub,
    withdraw,
)
from nghitruong.council.papers.views.reading import file, reader, remember
from nghitruong.council.papers.views.uploads import upload, uploads
from nghitruong.council.papers.views.versions import compare

__all__ = [
    "add_papers",
    "compare",
    "details",
    "expunge",
    "file",
    "paper_list",
    "reader",
    "release",
    "remember",
    "stubs",
    "upload",
    "uploads",
    "verifies",
    "void_stub",
    "withdraw",
]

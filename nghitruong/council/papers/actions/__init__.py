"""The only writers of papers."""

from nghitruong.council.papers.actions.errands import (
    Errand,
    Target,
    register_errand,
    register_receiver,
)
from nghitruong.council.papers.actions.papers import (
    edit_paper,
    name_verified,
    number_paper,
    release_papers,
    remove_drafts,
    set_pages,
    set_verified,
    withdraw_paper,
)
from nghitruong.council.papers.actions.reading import open_version, remember_page
from nghitruong.council.papers.actions.secrets import expunge_secret, register_stub, void_stub
from nghitruong.council.papers.actions.uploads import (
    add_file,
    add_stored,
    cancel_upload,
    finish_upload,
    receive_bytes,
    start_upload,
    sweep_uploads,
)
from nghitruong.council.papers.actions.versions import hide_version, show_version

__all__ = [
    "Errand",
    "Target",
    "add_file",
    "add_stored",
    "cancel_upload",
    "edit_paper",
    "expunge_secret",
    "finish_upload",
    "hide_version",
    "name_verified",
    "number_paper",
    "open_version",
    "receive_bytes",
    "register_errand",
    "register_receiver",
    "register_stub",
    "release_papers",
    "remember_page",
    "remove_drafts",
    "set_pages",
    "set_verified",
    "show_version",
    "start_upload",
    "sweep_uploads",
    "void_stub",
    "withdraw_paper",
]

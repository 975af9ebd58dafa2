from __future__ import annotations

import uuid

import pytest

from nghitruong.council.papers import actions as papers
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.council.papers.tests.conftest import (  # noqa: F401
    cast,
    council,
    make_pdf,
    send,
    signed_in,
    var,
)

DEVICE = "00000000-0000-4000-8000-00000000000a"
OTHER = "00000000-0000-4000-8000-00000000000b"


@pytest.fixture
def paper(cast):  # noqa: F811
    send(cast.clerk, make_pdf("Nghị quyết", pages=9), file_name="Dự thảo số 1.pdf")
    paper = Paper.objects.get()
    papers.release_papers([paper], by=cast.clerk)
    return Paper.objects.get()


@pytest.fixture
def version(paper):
    return PaperVersion.objects.get(paper=paper)


def note(text="Hỏi lại mức chi", *, key=None, clock=1, device=DEVICE, page=2, **more):
    """A note as a tablet sends it."""
    return {
        "id": str(key or uuid.uuid4()),
        "kind": "note",
        "page": page,
        "data": {"at": [0.2, 0.3]},
        "text": text,
        "clock": clock,
        "device": device,
        **more,
    }


def highlight(**more):
    quads = [[0.1, 0.1, 0.5, 0.02]]
    data = {"quads": quads, "colour": "yellow", "quote": "Nghị quyết"}
    return note("", kind="highlight", data=data, **more)


def ink(**more):
    data = {"strokes": [[0.1, 0.1, 0.2, 0.25]], "width": 0.004, "colour": "blue"}
    return note("", kind="ink", data=data, **more)

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from nghitruong.council.papers.models import Paper, PaperVersion


@pytest.fixture(autouse=True)
def var(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    settings.FILES_DIR = tmp_path / "files"
    settings.UPLOADS_DIR = tmp_path / "uploads"
    return tmp_path


@pytest.fixture
def paper_of(council):
    """Make a paper with one text of so many pages."""

    def make(session=None, title="Tờ trình về học phí", pages=10, **fields):
        paper = Paper.objects.create(
            council=council,
            kind="submission",
            title=title,
            fold=title.lower(),
            session_id=session.pk if session else None,
            **fields,
        )
        PaperVersion.objects.create(
            council=council,
            paper=paper,
            number=1,
            sha256=f"{paper.pk.hex * 2}",
            size=10,
            media_type="application/pdf",
            file_name="a.pdf",
            pages=pages,
            uploaded_by_name="Trần Thị Bình",
        )
        return paper

    return make


@pytest.fixture
def session(session):
    """Not yet due at the delegates, whatever the day the tests run on."""
    session.expected_opening = timezone.localdate() + timedelta(days=90)
    session.save(update_fields=["expected_opening"])
    return session

"""The demo's papers come with what was found in them: a fresh demo has nothing to read."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scope

from nghitruong.config.demo import prepared
from nghitruong.config.demo.session import PAPERS
from nghitruong.council.councils.tests.factories import make_council
from nghitruong.council.intake import queries
from nghitruong.council.intake.actions import processing
from nghitruong.council.intake.models import Intake, IntakeState
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.platform.files import store
from nghitruong.platform.jobs.models import Job


def test_every_paper_of_the_demo_is_in_the_collection_with_all_its_pages(tmp_path: Path) -> None:
    with zipfile.ZipFile(prepared.PREPARED) as archive:
        for path in sorted(PAPERS.iterdir()):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            report = prepared.unpack(archive, digest, tmp_path)
            assert len(report.texts) == report.pages, path.name
            assert report.chars > 200, path.name
            assert report.verdict != "refused"
            assert report.thumbnails


@pytest.mark.django_db
def test_a_paper_that_came_read_leaves_nothing_to_the_background(
    settings: Any, tmp_path: Path
) -> None:
    settings.VAR_DIR, settings.FILES_DIR = tmp_path, tmp_path / "files"
    council = make_council()
    with scope(council=council.pk):
        paper = Paper.objects.create(council=council, kind="reference", title="Luật", fold="luat")
        sha256, size = store.put_file(PAPERS / "qh-luat-40-2013-pccc.pdf")  # eleven scanned pages
        version = PaperVersion.objects.create(
            council=council, paper=paper, number=1, sha256=sha256, size=size,
            media_type="application/pdf", file_name="luat.pdf", pages=11,
        )  # fmt: skip
        assert Job.objects.filter(name=processing.JOB, key=version.pk).exists()
        assert prepared.keep_all(council) == 1
        assert Intake.objects.get().state == IntakeState.DONE
        assert not Job.objects.filter(name=processing.JOB).exists()
        pages = queries.pages_of(version)
        assert len(pages) == 11
        assert "PHÒNG CHÁY" in pages[0].upper()
        copy = queries.reading_copy(version)
        assert copy is not None
        assert store.verify(copy.sha256)

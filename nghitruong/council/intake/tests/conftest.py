from __future__ import annotations

import pytest

from nghitruong.council.intake.pipeline.report import Page, Report
from nghitruong.council.papers.tests.conftest import (  # noqa: F401  # fixtures
    cast,
    council,
    make_docx,
    make_pdf,
    send,
    signed_in,
    var,
    zip_of,
)


@pytest.fixture
def found(monkeypatch, var):  # noqa: F811
    """What the pipeline is to say; ``.report`` may be changed by the test. No converter runs."""
    from nghitruong.council.intake.actions import processing

    class Found:
        report = Report(
            kind="pdf",
            media_type="application/pdf",
            pages=2,
            texts=[
                Page(1, "Báo cáo kinh tế - xã hội", "layer", None, (0, 4)),
                Page(2, "Trang hai", "ocr", 91, (4, 3)),
            ],
            thumbnails="thumbnails",
            seconds=0.5,
        )
        calls = 0

        def __call__(self, path, out, **options):
            self.calls += 1
            assert path.exists()
            (out / "thumbnails").write_bytes(b"onettwo")
            if self.report.reading:
                (out / self.report.reading).write_bytes(b"%PDF-reading " + path.name.encode())
            options["progress"](1, 2, "Đang đọc các trang")
            return self.report

    replaced = Found()
    monkeypatch.setattr(processing, "run_pipeline", replaced)
    return replaced

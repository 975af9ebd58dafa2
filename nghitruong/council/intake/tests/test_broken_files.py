"""Whatever is sent, nothing crashes, hangs, fills the disk or is kept as a script."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nghitruong.council.intake.pipeline import legacy, ocr, run, stages
from nghitruong.council.intake.pipeline.problems import PROBLEMS
from nghitruong.council.intake.tests.conftest import make_pdf
from nghitruong.council.papers.actions.uploads import clean_name
from nghitruong.council.papers.views.reading import _shows_itself
from nghitruong.platform.files import serving, sniff
from nghitruong.platform.jobs import apart


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """What became of each of the broken files."""
    folder = tmp_path_factory.mktemp("broken")
    lines = []
    done = apart.run(
        [sys.executable, "-m", "nghitruong.council.intake.tests.broken", str(folder)],
        seconds=100,
        memory_mb=4096,
        on_line=lines.append,
    )
    assert done.ok, (len(lines), done.errors[-1500:])
    return [json.loads(line) for line in lines]


def test_more_than_200_broken_files_get_a_verdict_and_a_reason(reports):
    assert len(reports) > 200
    for report in reports:
        assert report["verdict"] in {"accepted", "degraded", "refused"}
        assert (report["verdict"] == "accepted") or report["reason"], report
        assert set(report["problems"]) <= set(PROBLEMS)


def test_each_known_evil_is_named(reports):
    wrong = [r for r in reports if r["expected"] and r["expected"] not in r["problems"]]
    assert wrong == []
    assert {r["expected"] for r in reports} >= {
        *("empty", "encrypted", "macro", "bomb", "script", "program", "archive", "broken")
    }


def test_nothing_a_browser_would_run_is_taken(reports):
    for report in reports:
        if report["verdict"] == "refused":
            continue
        assert report["media_type"] in sniff.ENDINGS, report
        shown = _shows_itself(report["media_type"])
        assert not (shown and "html" in report["media_type"])
    assert not _shows_itself("image/svg+xml")
    assert not _shows_itself("text/html")


def test_a_small_file_never_becomes_a_mountain(reports):
    assert max(report["made"] for report in reports) < 20 << 20


def test_a_paper_of_5000_pages_is_bounded_and_said(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "MOST_PAGES", 40)
    monkeypatch.setattr(run, "MOST_THUMBNAILS", 5)
    monkeypatch.setattr(ocr, "available", lambda: False)
    path = tmp_path / "dai.pdf"
    path.write_bytes(make_pdf("Báo cáo kinh tế xã hội của tỉnh", pages=5000))
    report = run.process(path, tmp_path)
    assert report.pages == 5000
    assert len(report.texts) == 40
    assert "pages_limit" in report.problems
    assert sum(1 for page in report.texts if page.thumbnail) == 5


def test_a_stage_that_dies_on_a_page_costs_that_page_only(tmp_path, monkeypatch):
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf("Báo cáo kinh tế xã hội của tỉnh", pages=3))
    real = stages.stage

    def fragile(name, *arguments, on_line=None, **more):
        if name != "layer" or arguments[3] == "3":
            return real(name, *arguments, on_line=on_line, **more)
        seen = []
        real(name, *arguments, on_line=seen.append, **more)
        for line in seen[:2]:  # the count and page 1; then it falls over on page 2
            on_line(line)
        return apart.Done(-11, False, "", "")

    monkeypatch.setattr(stages, "stage", fragile)
    report = run.process(path, tmp_path)
    assert [page.text for page in report.texts] == [
        "Báo cáo kinh tế xã hội của tỉnh",
        "",
        "Báo cáo kinh tế xã hội của tỉnh",
    ]
    assert "page_broken" in report.problems


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\..\\windows\\system.ini",
        "a\x00.pdf",
        "bao-cao\u202efdp.exe",
        "x" * 400 + ".pdf",
        "\n\r\t",
        "",
        'a"; filename="b.html',
        "<img src=x onerror=alert(1)>.pdf",
        "CON.pdf",
        "…/.htaccess",
    ],
)
def test_a_tricky_name_is_only_a_name(name):
    clean = clean_name(name)
    assert clean
    assert "/" not in clean
    assert "\\" not in clean
    assert all(char.isprintable() for char in clean)
    assert len(clean) <= 200
    header = serving.disposition(clean, download=True)
    assert "\n" not in header
    assert header.count('"') == 2


@given(st.binary(max_size=400))
@example(b"\xff")
@example(b"\xff\xfb")
def test_any_bytes_are_sniffed_without_falling_over(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(data)
    found = sniff.sniff(path)
    assert found.problem or found.media_type in sniff.ENDINGS


@given(st.text(max_size=200))
def test_any_text_is_cleaned_for_the_database(text):
    cleaned = run.clean(text)
    assert "\x00" not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode()  # no lone surrogates
    assert run.clean(cleaned) == cleaned


@given(st.text(max_size=120))
def test_old_encodings_never_fall_over(text):
    for encoding in ("", "tcvn3", "vni"):
        assert isinstance(legacy.convert(text, encoding), str)
    assert legacy.detect(text) in {"", "tcvn3", "vni"}

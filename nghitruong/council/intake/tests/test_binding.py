"""The copy made for reading: the same pages, in a file a tablet need not bring whole."""

from __future__ import annotations

import io

import pikepdf
import pytest

from nghitruong.council.intake.pipeline import binding, run
from nghitruong.council.intake.tests.conftest import make_pdf


def long_pdf(tmp_path, pages, *, padding=0):
    with pikepdf.open(io.BytesIO(make_pdf("Trang"))) as one:
        whole = pikepdf.new()
        for number in range(pages):
            whole.pages.append(one.pages[0])
            whole.pages[-1].obj.Number = number
            if padding:
                filler = whole.make_stream(b"%" + bytes([number % 250 + 1]) * padding)
                filler.stream_dict = pikepdf.Dictionary()
                whole.pages[-1].obj.Filler = filler
        path = tmp_path / "dai.pdf"
        whole.save(path, compress_streams=False)
    return path


def numbers(path):
    with pikepdf.open(path) as document:
        return [int(page.obj.Number) for page in document.pages]


@pytest.mark.parametrize(("pages", "branches"), [(16, 0), (17, 2), (200, 13)])
def test_a_long_list_of_pages_becomes_a_tree_in_the_same_order(tmp_path, pages, branches):
    source, target = long_pdf(tmp_path, pages), tmp_path / "doc.pdf"
    binding.bind(source, target, {})
    assert numbers(target) == list(range(pages))
    with pikepdf.open(target) as document:
        assert document.is_linearized
        kids = list(document.Root.Pages.Kids)
        assert [kid.Type for kid in kids].count("/Pages") == branches
        assert sum(int(kid.get("/Count", 1)) for kid in kids) == document.Root.Pages.Count == pages


def test_what_is_as_good_as_a_copy_gets_none(tmp_path):
    first, again = tmp_path / "1.pdf", tmp_path / "2.pdf"
    binding.bind(long_pdf(tmp_path, 40), first, {})
    with pikepdf.open(first) as document:
        assert [int(kid.Count) for kid in document.Root.Pages.Kids] == [16, 16, 8]
    binding.bind(first, again, {})
    assert not again.exists()


def test_the_same_file_gives_the_same_copy(tmp_path):
    source, first, again = long_pdf(tmp_path, 20), tmp_path / "1.pdf", tmp_path / "2.pdf"
    words = tmp_path / "words.pdf"
    words.write_bytes(make_pdf(text="Chu doc tu anh"))
    for layers in ({}, {3: (0, words), 5: (90, words)}):
        binding.bind(source, first, layers)
        binding.bind(source, again, layers)
        assert first.read_bytes() == again.read_bytes()
    with pikepdf.open(first) as document:
        assert "/NtWords3" in document.pages[2].resources.XObject


def test_a_copy_that_lost_a_page_is_no_copy(tmp_path):
    source, target = long_pdf(tmp_path, 20), tmp_path / "doc.pdf"
    with pikepdf.open(source, allow_overwriting_input=True) as document:
        document.Root.Pages.Kids[7] = None  # as in a file whose tail was damaged
        document.save()
    with pytest.raises(ValueError, match="19 pages"):
        binding.bind(source, target, {}, 20)
    assert binding.main([str(source), str(target), "20"]) == 1
    assert not target.exists()


def test_only_a_paper_both_long_and_large_is_copied(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "LONG_BYTES", 100_000)
    monkeypatch.setattr(run, "LONG_PAGES", 20)
    for pages, padding, copied in ((20, 10_000, True), (20, 0, False), (19, 10_000, False)):
        out = tmp_path / f"out-{pages}-{padding}"
        out.mkdir()
        report = run.process(long_pdf(tmp_path, pages, padding=padding), out)
        assert bool(report.reading) is copied, (pages, padding)
        if copied:
            assert numbers(out / report.reading) == list(range(pages))

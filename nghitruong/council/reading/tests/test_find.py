from __future__ import annotations

from django.urls import reverse

from nghitruong.council.intake.models import PageText
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.council.papers.tests.conftest import make_pdf, send
from nghitruong.council.reading.find import pattern_of


def page(version, number, text):
    PageText.objects.update_or_create(
        version=version, number=number, defaults={"council": version.council, "text": text}
    )


def test_words_are_found_with_or_without_marks():
    def found(query, text):
        from nghitruong.council.reading.find import _places

        pattern, exact = pattern_of(query)
        return [text[start:end] for start, end in _places(text, pattern, exact)]

    text = "Đất đai; đạt mức. ĐẤT ở, quyền sử dụng đất"
    assert found("dat", text) == ["Đất", "đạt", "ĐẤT", "đất"]
    assert found("đất", text) == ["Đất", "ĐẤT", "đất"]
    assert found("su dung  dat", text) == ["sử dụng đất"]
    assert found("a.b", text) == []
    assert pattern_of("  ") is None


def test_the_packet_is_searched_and_nothing_a_person_may_not_open(
    cast, council, signed_in, paper, version, monkeypatch
):
    from nghitruong.council.papers import extension

    send(cast.clerk, make_pdf("Hai"), title="Bản nháp chưa gửi")
    draft = Paper.objects.get(state="draft")
    page(version, 2, "Điều 4.\nMức chi bồi  dưỡng là 200.000 đồng")
    page(PaperVersion.objects.get(paper=draft), 1, "Mức chi trong bản nháp")

    def packet(actor, paper):
        from nghitruong.council.papers.queries import papers_for

        return [extension.Bound(one) for one in papers_for(actor).order_by("created_at")]

    monkeypatch.setattr(extension, "_packets", [packet])
    url = reverse("reading:find", args=[council.slug, paper.pk, 1])
    (hit,) = signed_in(cast.delegates[0]).get(url, {"q": "muc chi"}).json()["hits"]
    assert (hit["title"], hit["page"], hit["words"]) == (paper.title, 2, "Mức chi")
    assert hit["after"].startswith(" bồi dưỡng là 200.000")
    assert hit["url"].endswith("?tim=muc+chi#trang=2")
    assert len(signed_in(cast.clerk).get(url, {"q": "muc chi"}).json()["hits"]) == 2
    assert signed_in(cast.clerk).get(url, {"q": ""}).json()["hits"] == []
    text = reverse("reading:text", args=[council.slug, paper.pk, 1, 2])
    assert "200.000" in signed_in(cast.delegates[0]).get(text).json()["text"]
    whole = reverse("reading:text", args=[council.slug, paper.pk, 1, 0])
    pages = signed_in(cast.delegates[0]).get(whole).json()["pages"]
    assert list(pages) == ["2"]
    assert "200.000" in pages["2"]


def test_a_text_nobody_has_looked_at_yet_is_not_quoted(cast, council, signed_in, paper, version):
    page(version, 1, "Mức chi cũ")
    send(cast.clerk, make_pdf("Hai"), paper=paper, reason="Sửa mức")
    page(PaperVersion.objects.get(paper=paper, number=2), 1, "Mức chi mới")
    url = reverse("reading:find", args=[council.slug, paper.pk, 1])

    def words(actor):
        hits = signed_in(actor).get(url, {"q": "mức chi"}).json()["hits"]
        return [hit["words"] + hit["after"] for hit in hits]

    assert words(cast.delegates[0]) == ["Mức chi mới"]
    PaperVersion.objects.filter(number=2).update(unread=True)
    assert words(cast.delegates[0]) == ["Mức chi cũ"]
    assert words(cast.clerk) == ["Mức chi mới"]

"""New, replaced, and what changed since I read it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from nghitruong.council.intake.models import PageText
from nghitruong.council.papers import actions, queries
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.council.papers.tests.conftest import make_pdf, send
from nghitruong.platform.errors import NotAllowed, Refused

FIRST = """Điều 1. Phạm vi
1. Nghị quyết quy định mức hỗ trợ học phí cho trẻ em mầm non trên địa bàn tỉnh.
Điều 2. Mức hỗ trợ
1. Mức hỗ trợ là 100.000 đồng một tháng.
2. Thời gian hưởng không quá 9 tháng một năm học.
"""
SECOND = FIRST.replace("100.000", "150.000") + "Điều 3. Hiệu lực\nTừ ngày 01 tháng 01 năm 2027.\n"


def text(version: PaperVersion, words: str) -> None:
    PageText.objects.create(
        council=version.council, version=version, number=1, text=words, source="layer"
    )


@pytest.fixture
def paper(cast):
    send(cast.clerk, make_pdf("bản một"), kind="draft_resolution", title="Dự thảo <học phí>")
    found = Paper.objects.get()
    text(found.versions.get(), FIRST)
    actions.release_papers([found], by=cast.clerk)
    return found


@pytest.fixture
def replaced(cast, paper):
    send(cast.clerk, make_pdf("bản hai"), paper=paper, reason="tiếp thu ý kiến Ban")
    text(paper.versions.get(number=2), SECOND)
    return paper


def compare_url(council, paper, query=""):
    return reverse("papers:compare", args=[council.slug, paper.pk]) + query


def test_a_paper_is_new_until_opened_and_replaced_until_opened_again(
    cast, council, signed_in, paper
):
    cuc, dung = cast.delegates[:2]
    reader = reverse("papers:paper", args=[council.slug, paper.pk])
    listing = reverse("papers:papers", args=[council.slug])
    assert "MỚI" in signed_in(cuc).get(listing).content.decode()
    client = signed_in(cuc)
    client.get(reader)
    page = client.get(listing).content.decode()
    assert "MỚI" not in page
    assert "ĐÃ THAY" not in page
    assert queries.paper_for(dung, paper.pk).read is None  # one person's reading is nobody else's
    send(cast.clerk, make_pdf("bản hai"), paper=paper, reason="sửa mức hỗ trợ")
    page = client.get(listing).content.decode()
    assert "ĐÃ THAY" in page
    assert compare_url(council, paper, "?tu=1&amp;den=2") in page
    page = client.get(reader).content.decode()
    assert "Bản 2 thay bản 1 mà quý vị đã đọc." in page
    assert "sửa mức hỗ trợ" in page
    assert "ĐÃ THAY" not in client.get(listing).content.decode()
    assert paper.versions.count() == 2  # nothing vanishes
    old = client.get(reader + "?ban=1").content.decode()
    assert "Quý vị đang đọc bản cũ." in old


def test_the_office_sees_no_marks_on_its_own_papers(cast, council, signed_in, paper):
    page = signed_in(cast.clerk).get(reverse("papers:papers", args=[council.slug])).content.decode()
    assert "MỚI" not in page


def test_what_changed_since_i_read_it(cast, council, signed_in, replaced):
    cuc = cast.delegates[0]
    actions.open_version(replaced.versions.get(number=1), by=cuc)
    page = signed_in(cuc).get(compare_url(council, replaced)).content.decode()
    assert "Bản 1 → bản 2" in page
    assert "thay đổi từ khi quý vị đọc" in page
    assert "tiếp thu ý kiến Ban" in page
    assert page.count('<section class="card nt-compare-part"') == 2
    assert '<a href="#thay-doi-1">Điều 2. Mức hỗ trợ</a>' in page
    assert "khoản 1" in page
    assert "100</del>" not in page.replace('<span class="visually-hidden">]</span>', "x")
    assert "Dự thảo &lt;học phí&gt;" in page
    assert "1/3 điều giữ nguyên" in page


def test_two_versions_chosen_by_hand_also_backwards(cast, council, signed_in, replaced):
    client = signed_in(cast.delegates[0])
    page = client.get(compare_url(council, replaced, "?tu=2&den=1")).content.decode()
    assert "Bản 2 → bản 1" in page
    assert "bỏ" in page
    same = client.get(compare_url(council, replaced, "?tu=1&den=1")).content.decode()
    assert "Cùng một bản" in same
    for query in ("?tu=1&den=3", "?tu=x&den=2", "?tu=0"):
        assert client.get(compare_url(council, replaced, query)).status_code == 404


def test_a_text_not_recognised_yet_is_said_so(cast, council, signed_in, replaced):
    PageText.objects.filter(version__number=2).delete()
    page = signed_in(cast.delegates[0]).get(compare_url(council, replaced)).content.decode()
    assert "Chưa so sánh được" in page


def test_a_version_replaced_before_release_is_the_office_s_alone(cast, council, signed_in):
    send(cast.clerk, make_pdf("nháp"), title="Báo cáo")
    paper = Paper.objects.get()
    send(cast.clerk, make_pdf("sạch"), paper=paper, reason="sửa lỗi")
    actions.release_papers([paper], by=cast.clerk)
    client = signed_in(cast.delegates[0])
    assert client.get(compare_url(council, paper, "?tu=1&den=2")).status_code == 404
    assert signed_in(cast.clerk).get(compare_url(council, paper, "?tu=1&den=2")).status_code == 200


def test_a_verification_report_names_its_text_and_is_flagged_when_the_draft_moves(
    cast, council, signed_in, paper
):
    send(cast.clerk, make_pdf("thẩm tra"), kind="verification_report", title="Báo cáo thẩm tra")
    report = Paper.objects.get(title="Báo cáo thẩm tra")
    url = reverse("papers:verifies", args=[council.slug, report.pk])
    client = signed_in(cast.clerk)
    version = paper.versions.get(number=1)
    assert client.post(url, {"version": version.pk}).status_code == 302
    actions.release_papers([report], by=cast.clerk)
    assert client.post(url, {"version": report.pk}).status_code == 404  # no text of that key
    own = report.versions.get()
    for wrong, text in ((paper, version), (report, own)):
        with pytest.raises(Refused):
            actions.name_verified(wrong, text, by=cast.clerk)
    with pytest.raises(NotAllowed):
        actions.name_verified(report, version, by=cast.delegates[0])
    client = signed_in(cast.delegates[0])
    reader = reverse("papers:paper", args=[council.slug, report.pk])
    page = client.get(reader).content.decode()
    assert "Thẩm tra bản 1 của" in page
    assert "Dự thảo nay đã là" not in page
    send(cast.clerk, make_pdf("bản hai"), paper=paper, reason="tiếp thu")
    assert "Dự thảo nay đã là bản 2." in client.get(reader).content.decode()
    draft = client.get(reverse("papers:paper", args=[council.slug, paper.pk])).content.decode()
    assert "Dự thảo đã đổi sau khi thẩm tra." in draft
    assert compare_url(council, paper, "?tu=1&amp;den=2") in draft


@pytest.fixture
def verified(cast):
    """Released with its second text; the report that goes out beside it is about the first."""
    send(cast.clerk, make_pdf("bản một"), kind="draft_resolution", title="Dự thảo")
    draft = Paper.objects.get()
    send(cast.clerk, make_pdf("thẩm tra"), kind="verification_report", title="Báo cáo thẩm tra")
    report = Paper.objects.get(title="Báo cáo thẩm tra")
    actions.name_verified(report, draft.versions.get(number=1), by=cast.clerk)
    send(cast.clerk, make_pdf("bản hai"), paper=draft, reason="tiếp thu ý kiến Ban")
    send(cast.clerk, make_pdf("bản ba"), paper=draft, reason="sửa lỗi")
    actions.release_papers([draft], by=cast.clerk)
    draft.refresh_from_db()
    return draft, report


def numbers(actor, paper):
    return [version.number for version in queries.versions_for(actor, paper)]


def test_the_text_a_report_is_about_goes_with_the_report(cast, council, signed_in, verified):
    draft, report = verified
    cuc = cast.delegates[0]
    assert numbers(cuc, draft) == [3]
    actions.release_papers([report], by=cast.clerk)
    assert numbers(cuc, draft) == [3, 1]
    client = signed_in(cuc)
    at = reverse("papers:paper", args=[council.slug, draft.pk])
    changed = compare_url(council, draft, "?tu=1&amp;den=3")
    page = client.get(reverse("papers:paper", args=[council.slug, report.pk])).content.decode()
    assert f"{at}?ban=1" in page
    assert changed in page
    assert changed in client.get(at).content.decode()
    assert client.get(f"{at}?ban=1").status_code == 200
    assert client.get(compare_url(council, draft, "?tu=1&den=3")).status_code == 200
    assert client.get(f"{at}?ban=2").status_code == 404  # nobody's but the office's
    file = reverse("papers:file", args=[council.slug, draft.pk, 1])
    assert client.get(file).status_code == 200


def test_a_verified_text_with_a_mark_of_secrecy_is_named_without_a_link(
    cast, council, signed_in, verified
):
    draft, report = verified
    actions.release_papers([report], by=cast.clerk)
    cuc = cast.delegates[0]
    client = signed_in(cuc)
    at = reverse("papers:paper", args=[council.slug, draft.pk])
    client.get(f"{at}?ban=1")  # has read it
    draft.versions.filter(number=1).update(unread=True)
    assert numbers(cuc, draft) == [3]
    assert queries.last_read(cuc, queries.versions_for(cuc, draft), below=3) is None
    for key in (report.pk, draft.pk):
        url = reverse("papers:paper", args=[council.slug, key])
        page = client.get(url).content.decode()
        assert "bản 1" in page
        assert "ban=1" not in page
        assert "tu=1" not in page
    assert client.get(f"{at}?ban=1").status_code == 404
    assert client.get(compare_url(council, draft, "?tu=1&den=3")).status_code == 404
    assert client.get(compare_url(council, draft)).status_code == 200

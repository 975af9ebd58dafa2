import io
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn

from nghitruong.council.councils.actions import people as councils
from nghitruong.council.councils.models import Membership
from nghitruong.lib.numbers import roman
from nghitruong.platform.audit.chain import parse_heads
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.audit.sealer import seal_pending
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.floor.models import JournalEntry, Speech
from nghitruong.session.meetings.models import AgendaItem, RollEntry
from nghitruong.session.minutes import collect
from nghitruong.session.minutes.actions import make_minutes
from nghitruong.session.minutes.models import MinutesVersion
from nghitruong.session.minutes.tests.conftest import text_of
from nghitruong.session.voting import actions
from nghitruong.session.voting.casting import cast_votes
from nghitruong.session.voting.counting import in_office
from nghitruong.session.voting.models import Poll, Vote
from nghitruong.session.voting.tests.conftest import ballot


def test_the_minutes_have_the_official_layout(sat, clerk):
    document, text = text_of(make_minutes(sat, by=clerk))
    section = document.sections[0]
    assert [round(m.mm) for m in (section.page_width, section.page_height)] == [210, 297]
    assert [round(m.mm) for m in (section.top_margin, section.bottom_margin)] == [20, 20]
    assert [round(m.mm) for m in (section.left_margin, section.right_margin)] == [30, 20]
    assert document.styles["Normal"].font.name == "Times New Roman"
    head = document.tables[0]
    assert "HỘI ĐỒNG NHÂN DÂN TỈNH LÀO CAI" in head.cell(0, 0).text
    assert "KHÓA XVII" in head.cell(0, 0).text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc" in head.cell(0, 1).text
    # A drawn line below the motto, as long as the words (not an underline).
    line = head.cell(0, 1).paragraphs[2]
    assert line._p.pPr.find(qn("w:pBdr")).find(qn("w:top")).get(qn("w:val")) == "single"
    # LibreOffice takes widths from the grid, Word from the cells: both say the same.
    for table in document.tables:
        grid = [column.width.mm for column in table.columns]
        assert [cell.width.mm for cell in table.rows[0].cells] == grid
        assert sum(grid) <= 167
    assert "/BB-HĐND" in head.cell(1, 0).text
    assert head.cell(1, 1).text.startswith("Lào Cai, ngày ")
    assert "BIÊN BẢN" in text
    assert "Nơi nhận:" in text
    assert "CHỦ TỌA" in text
    assert "Nguyễn Văn An" in text
    assert "THƯ KÝ" in text


def test_they_say_who_was_there_who_was_not_and_why(sat, clerk, dung):
    document, text = text_of(make_minutes(sat, by=clerk))
    assert "Có mặt: 14/15 đại biểu, bằng 93,33 %; vắng: 1 đại biểu." in text
    absent = document.tables[2]
    assert [cell.text for cell in absent.rows[1].cells][1] == dung.name
    assert absent.rows[1].cells[3].text == "đi công tác nước ngoài"


def test_a_suspended_delegate_is_away_for_that_reason_alone(sat, clerk, cuc, dung):
    """Nobody may mark them present, so «không rõ lý do» would be said of a reason well known."""
    silent = RollEntry.objects.filter(sitting=sat, presence="present").exclude(
        person__in=Vote.objects.values("person")
    )
    suspended = silent.exclude(person_id=cuc.id).order_by("pk")[0]
    RollEntry.objects.filter(pk=suspended.pk).update(entitled=False, presence="unknown")
    RollEntry.objects.filter(person_id=dung.id).update(entitled=False)
    document, _text = text_of(make_minutes(sat, by=clerk))
    reasons = {row.cells[1].text: row.cells[3].text for row in document.tables[2].rows}
    assert reasons[suspended.name] == "đang tạm đình chỉ thực hiện nhiệm vụ"
    assert reasons[dung.name] == "đi công tác nước ngoài; tạm đình chỉ"


def test_their_total_is_that_of_the_polls_not_the_length_of_the_roll(sat, clerk, cuc, dung):
    """One left the council before that day, another is not on the roll: it adds up all the same."""
    silent = RollEntry.objects.filter(presence="present").exclude(
        person__in=Vote.objects.values("person")
    )
    gone = silent.exclude(person_id=cuc.id).order_by("pk")[0]
    Membership.objects.filter(pk=gone.membership_id).update(
        ends_on=timezone.localdate() - timedelta(days=1)
    )
    # As the roll has it when a membership ends before the sitting is over (refresh_entitled).
    RollEntry.objects.filter(pk=gone.pk).update(presence="unknown", entitled=False)
    RollEntry.objects.filter(person_id=dung.id).delete()
    assert in_office(sat, timezone.localdate()) == 14
    document, text = text_of(make_minutes(sat, by=clerk))
    assert "Có mặt: 13/14 đại biểu, bằng 92,86 %; vắng: 1 đại biểu." in text
    absent = document.tables[2]
    assert absent.rows[1].cells[1].text == dung.name
    assert absent.rows[1].cells[3].text == "không có trong danh sách điểm danh"


@pytest.mark.parametrize("presence", ["present", "left"])
def test_who_took_part_and_was_removed_on_the_way_is_not_dropped(
    hall, poll, cast, chair, clerk, cuc, presence
):
    """Removed in the middle: the last day entered is yesterday, since they vote no more today."""
    cast(poll, "yes", 15)
    councils.end_membership(
        cuc.delegate,
        ends_on=timezone.localdate() - timedelta(days=1),
        reason="bãi nhiệm",
        by=clerk,
    )
    RollEntry.objects.filter(person_id=cuc.id).update(presence=presence)
    closed = actions.publish_poll(actions.close_poll(poll, by=chair), by=chair)
    document, text = text_of(make_minutes(hall, by=clerk))
    assert closed.in_office == 15
    assert "tổng số đại biểu đương nhiệm: 15. Có mặt: 15/15 đại biểu" in text
    assert "vắng: 0 đại biểu" in text
    about = {row.cells[1].text: row.cells[2].text for row in document.tables[1].rows}
    assert "thôi làm nhiệm vụ trong phiên" in about[cuc.name]
    assert sum("thôi làm nhiệm vụ" in words for words in about.values()) == 1


def test_who_voted_and_was_marked_away_afterwards_was_there_and_the_rest_is_told(
    hall, poll, cast, clerk, cuc, dung
):
    cast(poll, "yes", 15)
    gone = timezone.localdate() - timedelta(days=1)
    councils.end_membership(cuc.delegate, ends_on=gone, reason="bãi nhiệm", by=clerk)
    RollEntry.objects.filter(person_id=cuc.id).update(presence="unknown")
    RollEntry.objects.filter(person_id=dung.id).update(presence="excused", reason="họp Bộ")
    document, text = text_of(make_minutes(hall, by=clerk))
    assert "Có mặt: 15/15 đại biểu, bằng 100,00 %; vắng: 0 đại biểu." in text
    about = {row.cells[1].text: row.cells[2].text for row in document.tables[1].rows}
    assert "thôi làm nhiệm vụ trong phiên" in about[cuc.name]
    assert "về sau vắng: họp Bộ" in about[dung.name]


def test_who_voted_from_elsewhere_was_not_there(hall, prepared, chair, clerk, dung):
    """A council may let the absent vote; the minutes do not seat them in the hall."""
    Poll.objects.filter(pk=prepared.pk).update(present_only=False)
    poll = actions.open_poll(Poll.objects.get(pk=prepared.pk), by=chair)
    RollEntry.objects.filter(person_id=dung.id).update(presence="excused", reason="nằm viện")
    assert cast_votes([ballot(poll, dung.id, "yes")], council_id=poll.council_id)[0]["receipt"]
    _document, text = text_of(make_minutes(hall, by=clerk))
    assert "Có mặt: 14/15 đại biểu" in text
    assert "nằm viện" in text
    assert "về sau vắng" not in text


def test_the_minutes_quote_the_announcement_as_it_was_made(sat, clerk, monkeypatch):
    said = JournalEntry.objects.get(kind="voting.published").text
    monkeypatch.setattr(collect, "sentence_of", lambda poll: "Câu của bản chương trình sau này.")
    _document, text = text_of(make_minutes(sat, by=clerk))
    assert said in text
    assert "bản chương trình sau này" not in text


def test_who_only_spoke_was_there(sat, clerk, cuc):
    RollEntry.objects.filter(person_id=cuc.id).update(presence="absent", reason="")
    document, _text = text_of(make_minutes(sat, by=clerk))
    about = {row.cells[1].text: row.cells[2].text for row in document.tables[1].rows}
    assert "về sau vắng" in about[cuc.name]


def test_two_items_of_the_same_title_keep_their_presenters(sat, clerk):
    items = list(sat.items.order_by("order"))
    for item, presenter in zip(items, ("Giám đốc Sở Y tế", "Giám đốc Sở Nội vụ"), strict=False):
        item.title, item.presenter = "Chất vấn và trả lời chất vấn", presenter
        item.save(update_fields=["title", "presenter"])
    _document, text = text_of(make_minutes(sat, by=clerk))
    assert "1. Chất vấn và trả lời chất vấn (trình bày: Giám đốc Sở Y tế)" in text
    assert "2. Chất vấn và trả lời chất vấn (trình bày: Giám đốc Sở Nội vụ)" in text


def test_who_was_named_before_the_opening_and_replaced_did_not_preside(sat, clerk, cuc, hoa, dung):
    def handed(at, old, new):
        JournalEntry.objects.create(
            council_id=sat.council_id, sitting=sat, at=at, kind="floor.hand_over",
            text=f"{new} điều hành phiên họp.", by_name="Bình", data={"from": old, "to": new},
        )  # fmt: skip

    handed(sat.opened_at - timedelta(hours=9), "", cuc.name)
    handed(sat.opened_at - timedelta(hours=1), cuc.name, hoa.name)
    handed(sat.opened_at + timedelta(minutes=1), hoa.name, sat.presiding.full_name)
    _document, text = text_of(make_minutes(sat, by=clerk))
    assert f"Chủ tọa: {hoa.name}, {sat.presiding.full_name}." in text
    assert f"{cuc.name} điều hành" not in text
    assert f"{sat.presiding.full_name} điều hành phiên họp." in text


def test_without_a_roll_call_they_claim_nobody_present_and_nobody_absent(sat, clerk):
    """The office counts on paper, or the roll was opened and nobody marked."""
    RollEntry.objects.update(presence="unknown")
    for _ in range(2):
        version = make_minutes(sat, by=clerk, reason="thử")
        _document, text = text_of(version)
        assert "tổng số đại biểu đương nhiệm: 15. Có mặt: ………/15 đại biểu; vắng: ………" in text
        assert "không có" not in text
        assert "không rõ lý do" not in text
        RollEntry.objects.all().delete()


def test_they_tell_the_course_with_speakers_and_times(sat, clerk, cuc):
    _document, text = text_of(make_minutes(sat, by=clerk))
    assert "Bắt đầu phiên họp, Nguyễn Văn An chủ tọa" in text
    speech = Speech.objects.get()
    local = timezone.localtime(speech.started_at)
    assert f"{local.hour:02d} giờ {local.minute:02d}: {cuc.name} (Đại biểu Tổ số 1)" in text
    assert "1. Thảo luận tại hội trường" in text
    assert "2. Biểu quyết nghị quyết" in text


def test_they_print_the_head_of_the_audit_chain(sat, clerk):
    seal_pending(everything=True)
    version = make_minutes(sat, by=clerk)
    _document, text = text_of(version)
    printed = parse_heads(text)
    assert printed
    assert (version.audit_position, version.audit_hash) == tuple(printed[0])
    assert version.audit_position > 0


def test_an_item_without_speech_or_vote_is_in_the_course(sat, clerk):
    JournalEntry.objects.create(
        council_id=sat.council_id,
        sitting=sat,
        at=sat.closed_at,
        kind="floor.go_to_item",
        item=sat.items.get(order=0),
        text="Chuyển sang nội dung 1",
        by_name="An",
    )
    _document, text = text_of(make_minutes(sat, by=clerk))
    assert "bắt đầu nội dung này." in text


def test_regenerating_makes_a_new_version_with_a_reason_and_keeps_the_old(sat, clerk):
    first = make_minutes(sat, by=clerk)
    with pytest.raises(Refused) as refused:
        make_minutes(sat, by=clerk)
    assert refused.value.code == "reason_missing"
    second = make_minutes(sat, by=clerk, reason="bổ sung giờ nghỉ")
    assert (first.number, second.number) == (1, 2)
    assert "bổ sung giờ nghỉ" in text_of(second)[1]
    assert "bổ sung giờ nghỉ" not in text_of(first)[1]
    assert list(Entry.objects.filter(action="minutes.made").values_list("target_id", flat=True))


def test_the_database_refuses_to_change_a_version(sat, clerk):
    make_minutes(sat, by=clerk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        MinutesVersion.objects.update(sha256="0" * 64)


def test_a_delegate_may_not_make_minutes(sat, cuc):
    with pytest.raises(NotAllowed):
        make_minutes(sat, by=cuc)


def test_a_sitting_that_has_not_begun_has_no_minutes(sitting, clerk):
    with pytest.raises(Refused) as refused:
        make_minutes(sitting, by=clerk)
    assert refused.value.code == "sitting_not_begun"


def test_the_pages_list_make_and_download(sat, clerk, cuc, giang, client, council):
    base = f"/{council.slug}/ky-hop/{sat.session.number}/phien/{sat.number}/bien-ban/"
    client.force_login(clerk.account)
    assert "Lập biên bản" in client.get(base).content.decode()
    answer = client.post(base + "lap/", HTTP_ACCEPT="application/json")
    assert answer.json()["number"] == 1
    client.force_login(cuc.account)
    page = client.get(base).content.decode()
    assert "Tải bản 1" in page
    assert "Lập lại" not in page.replace("Lý do lập lại", "")
    file = client.get(base + "1/tep")
    assert b"".join(file.streaming_content)[:2] == b"PK"
    assert client.get(base + "2/tep").status_code == 404
    client.force_login(giang.account)
    assert client.get(base).status_code == 404


def test_minutes_of_a_closed_sitting_are_not_for_delegates(sat, cuc, client, council):
    sat.closed_doors = True
    sat.save(update_fields=["closed_doors"])
    client.force_login(cuc.account)
    base = f"/{council.slug}/ky-hop/{sat.session.number}/phien/{sat.number}/bien-ban/"
    assert client.get(base).status_code == 404


@pytest.mark.parametrize("elsewhere", [False, True])
def test_minutes_with_an_item_behind_closed_doors_are_not_for_delegates(
    sat, item, clerk, cuc, client, council, elsewhere
):
    """The hall was open but for that item; also when the item was put into another sitting since:
    what was decided of it is in these minutes."""
    AgendaItem.objects.filter(pk=item.pk).update(closed_doors=True)
    if elsewhere:
        AgendaItem.objects.filter(pk=item.pk).update(sitting=None)
    version = make_minutes(sat, by=clerk)
    base = f"/{council.slug}/ky-hop/{sat.session.number}/phien/{sat.number}/bien-ban/"
    client.force_login(cuc.account)
    for path in (base, f"{base}{version.number}/tep"):
        assert client.get(path).status_code == 404
    client.force_login(clerk.account)
    assert client.get(base).status_code == 200
    answer = client.get(f"{base}{version.number}/tep")
    assert answer.status_code == 200
    document = Document(io.BytesIO(b"".join(answer.streaming_content)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts.count("(Họp kín)") == 1
    assert item.title in texts[texts.index("(Họp kín)") - 1]


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (17, "XVII"), (40, "XL")]
)
def test_terms_are_numbered_in_roman(number, letters):
    assert roman(number) == letters

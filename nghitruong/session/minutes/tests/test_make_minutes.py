import io
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn

from nghitruong.council.councils.actions import people as councils
from nghitruong.council.councils.models import LegislativeTerm, Membership
from nghitruong.lib.numbers import roman
from nghitruong.platform.audit.chain import parse_heads
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.audit.sealer import seal_pending
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.platform.files import store
from nghitruong.session.floor.models import JournalEntry, Speech
from nghitruong.session.meetings.models import AgendaItem, RollEntry
from nghitruong.session.minutes.actions import make_minutes
from nghitruong.session.minutes.collect import clock
from nghitruong.session.minutes.models import MinutesVersion
from nghitruong.session.voting import actions
from nghitruong.session.voting.counting import in_office
from nghitruong.session.voting.models import Poll, Vote
from nghitruong.session.voting.tests.conftest import *  # noqa: F403  # the hall and its polls


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def sat(hall, poll, cast, chair, cuc, dung):
    """A sitting with one absent delegate, one speech, one announced and one annulled poll."""
    RollEntry.objects.filter(person_id=dung.id).update(
        presence="excused", reason="đi công tác nước ngoài"
    )
    JournalEntry.objects.create(
        council_id=hall.council_id,
        sitting=hall,
        at=hall.opened_at,
        kind="floor.open_sitting",
        text="Bắt đầu phiên họp, Nguyễn Văn An chủ tọa; có mặt 14/15 đại biểu.",
        by_name=chair.name,
    )
    begun = timezone.now()
    Speech.objects.create(
        council_id=hall.council_id,
        sitting=hall,
        item=hall.items.get(order=0),
        person=cuc.person,
        name=cuc.name,
        title="Đại biểu Tổ số 1",
        limit_seconds=180,
        started_at=begun,
        ended_at=begun + timedelta(minutes=3),
    )
    again = actions.annul_poll(poll, by=chair, reason="nhầm bản dự thảo", repeat=True)
    again = actions.open_poll(again, by=chair)
    cast(again, "yes", 9)
    cast(again, "no", 2)
    actions.publish_poll(actions.close_poll(again, by=chair), by=chair)
    hall.state = "closed"
    hall.closed_at = timezone.now()
    hall.presiding = chair.person
    hall.save()
    return hall


def text_of(version):
    with store.open_file(version.sha256) as file:
        document = Document(io.BytesIO(file.read()))
    parts = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        parts += [cell.text for row in table.rows for cell in row.cells]
    return document, "\n".join(parts)


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
    RollEntry.objects.filter(person_id=cuc.id).update(entitled=False, presence="unknown")
    RollEntry.objects.filter(person_id=dung.id).update(entitled=False)
    document, _text = text_of(make_minutes(sat, by=clerk))
    reasons = {row.cells[1].text: row.cells[3].text for row in document.tables[2].rows}
    assert reasons[cuc.name] == "đang tạm đình chỉ thực hiện nhiệm vụ"
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


def test_who_voted_and_was_marked_away_afterwards_is_told_with_the_reason(
    hall, poll, cast, clerk, cuc
):
    cast(poll, "yes", 15)
    gone = timezone.localdate() - timedelta(days=1)
    councils.end_membership(cuc.delegate, ends_on=gone, reason="bãi nhiệm", by=clerk)
    RollEntry.objects.filter(person_id=cuc.id).update(presence="unknown")
    document, text = text_of(make_minutes(hall, by=clerk))
    assert "Có mặt: 14/15 đại biểu, bằng 93,33 %; vắng: 1 đại biểu." in text
    assert document.tables[2].rows[1].cells[3].text == (
        "không điểm danh; thôi làm nhiệm vụ trong phiên"
    )


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


def test_each_vote_has_its_counts_rule_and_outcome(sat, clerk):
    document, text = text_of(make_minutes(sat, by=clerk))
    rows = {}
    for table in document.tables:
        if table.rows[0].cells[0].text == "Kết quả kiểm phiếu":
            rows = {row.cells[0].text: row.cells[1].text for row in table.rows}
    assert rows["Tổng số đại biểu được bầu theo quy định của luật"] == "15"
    assert rows["Tổng số đại biểu đương nhiệm"] == "15"
    assert rows["Số đại biểu có mặt khi biểu quyết"] == "14"
    assert rows["Tán thành"] == "9"
    assert rows["Không tán thành"] == "2"
    assert rows["Không tham gia biểu quyết"] == "3"
    assert "Kết quả: ĐƯỢC THÔNG QUA." in text
    assert "Điều 35" in text
    assert "cần 8 đại biểu tán thành" in text
    assert "nhầm bản dự thảo" in text


def test_they_print_the_head_of_the_audit_chain(sat, clerk):
    seal_pending(everything=True)
    version = make_minutes(sat, by=clerk)
    _document, text = text_of(version)
    printed = parse_heads(text)
    assert printed
    assert (version.audit_position, version.audit_hash) == tuple(printed[0])
    assert version.audit_position > 0


def test_no_number_is_written_before_the_announcement(sat, item, clerk, chair, cast):
    sat.state, sat.current_item = "open", item
    sat.save()
    poll = actions.prepare_poll(item, by=chair, sitting=sat, question="Chương trình kỳ họp")
    poll = actions.open_poll(poll, by=chair)
    cast(poll, "yes", 13)
    actions.close_poll(poll, by=chair)
    _document, text = text_of(make_minutes(sat, by=clerk))
    assert "Chương trình kỳ họp. Kết quả chưa công bố." in text
    assert "13 đại biểu tán thành" not in text
    assert "86,67" not in text


def test_a_vote_entered_by_the_clerk_is_told_without_the_choice(sat, item, clerk, chair, cuc):
    """Neither before the announcement nor of a poll that was annulled; sent twice, told once."""
    sat.state, sat.current_item = "open", item
    sat.save()
    poll = actions.prepare_poll(item, by=chair, sitting=sat, question="Chương trình kỳ họp")
    poll = actions.open_poll(poll, by=chair)
    entry = RollEntry.objects.get(sitting=sat, person_id=cuc.id)
    answers = [
        actions.assist_vote(poll, entry, "yes", by=clerk, reason="máy hỏng") for _ in range(2)
    ]
    assert answers[0] == answers[1]
    line = JournalEntry.objects.get(kind="voting.assisted")
    assert line.text == f"{clerk.name} ghi hộ phiếu của {entry.name} (máy hỏng)"

    def told():
        _document, text = text_of(make_minutes(sat, by=clerk, reason="xem lại"))
        found = [part for part in text.splitlines() if "ghi hộ phiếu" in part]
        assert len(found) == 1
        return found[0]

    assert entry.name in told()
    assert "án thành" not in told()
    poll = actions.close_poll(poll, by=chair)
    assert "án thành" not in told()
    actions.annul_poll(poll, by=chair, reason="mất mạng")
    assert "án thành" not in told()


def test_percentages_of_a_vote_are_of_the_total_its_rule_chose(sat, item, clerk, chair, cast):
    LegislativeTerm.objects.update(statutory_seats=20)
    sat.state, sat.current_item = "open", item
    sat.save()
    poll = actions.prepare_poll(item, by=chair, sitting=sat, question="Chương trình kỳ họp")
    Poll.objects.filter(pk=poll.pk).update(rule={**poll.rule, "base": "seats_by_law"})
    poll.refresh_from_db()
    poll = actions.open_poll(poll, by=chair)
    cast(poll, "yes", 13)
    actions.publish_poll(actions.close_poll(poll, by=chair), by=chair)
    document, _text = text_of(make_minutes(sat, by=clerk))
    table = next(
        table
        for table in document.tables
        if table.rows[0].cells[-1].text == "Tỷ lệ trên tổng số đại biểu theo luật"
    )
    shares = {row.cells[0].text: row.cells[2].text for row in table.rows}
    assert shares["Tán thành"] == "65,00 %"


def test_an_annulled_vote_is_told_without_result_or_number(sat, item, clerk, chair, cast):
    """Counted, never announced, annulled: «không có kết quả» here as on the poll's own page."""
    sat.state, sat.current_item = "open", item
    sat.save()
    poll = actions.prepare_poll(item, by=chair, sitting=sat, question="Chương trình kỳ họp")
    poll = actions.open_poll(poll, by=chair)
    cast(poll, "yes", 13)
    actions.annul_poll(actions.close_poll(poll, by=chair), by=chair, reason="mất mạng nửa chừng.")
    poll.refresh_from_db()
    document, text = text_of(make_minutes(sat, by=clerk))
    assert (
        f"Biểu quyết lần {poll.number}: Chương trình kỳ họp. "
        f"Đã hủy lúc {clock(poll.annulled_at)} trước khi công bố, "
        "không có kết quả. Lý do: mất mạng nửa chừng. "
        f"Mã kiểm lại (SHA-256): {poll.record_sha256}" in text
    )
    assert text.count("mất mạng nửa chừng") == 1  # not by a line of the journal too
    assert "Hủy biểu quyết «Chương trình kỳ họp»" not in text
    assert text.count("nhầm bản dự thảo") == 1  # annulled while it ran: only the journal tells it
    assert text.count("ĐƯỢC THÔNG QUA") == 1  # of the announced one
    assert "13 đại biểu tán thành" not in text
    assert "86,67" not in text
    tables = [table.rows[0].cells[0].text for table in document.tables]
    assert tables.count("Kết quả kiểm phiếu") == 1


def test_a_vote_prepared_again_that_never_began_is_not_in_the_minutes(
    sat, item, clerk, chair, cast
):
    sat.state, sat.current_item = "open", item
    sat.save()
    poll = actions.prepare_poll(item, by=chair, sitting=sat, question="Chương trình kỳ họp")
    poll = actions.close_poll(actions.open_poll(poll, by=chair), by=chair)
    again = actions.annul_poll(poll, by=chair, reason="mất mạng", repeat=True)
    _document, text = text_of(make_minutes(sat, by=clerk))
    assert text.count("Chương trình kỳ họp") == 1
    actions.annul_poll(again, by=chair, reason="thôi không biểu quyết")
    sat.refresh_from_db()
    _document, text = text_of(make_minutes(sat, by=clerk, reason="bổ sung"))
    assert text.count("Chương trình kỳ họp") == 1
    assert "thôi không biểu quyết" not in text


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

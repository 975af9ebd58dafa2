"""What the minutes say of votes: announced, annulled, not held."""

from django.utils import timezone

from nghitruong.council.councils.models import LegislativeTerm
from nghitruong.session.floor.models import JournalEntry
from nghitruong.session.meetings.models import RollEntry
from nghitruong.session.minutes.actions import make_minutes
from nghitruong.session.minutes.collect import clock
from nghitruong.session.minutes.tests.conftest import text_of
from nghitruong.session.voting import actions
from nghitruong.session.voting.models import Poll


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


def test_a_vote_that_was_passed_over_leaves_no_hole_in_the_numbers(sat, item, clerk, chair, cast):
    sat.state, sat.current_item = "open", item
    sat.save()
    passed_over = actions.prepare_poll(item, by=chair, sitting=sat, question="Chương trình kỳ họp")
    held = actions.prepare_poll(item, by=chair, sitting=sat, question="Kế hoạch giám sát")
    left = actions.prepare_poll(item, by=chair, sitting=sat, question="Việc khác")
    held = actions.open_poll(held, by=chair)
    cast(held, "yes", 13)
    actions.publish_poll(actions.close_poll(held, by=chair), by=chair)
    told = (
        f"Biểu quyết lần {passed_over.number} (nội dung «{item.title}»): Chương trình kỳ họp. "
        "Đã chuẩn bị, không tiến hành."
    )
    _document, text = text_of(make_minutes(sat, by=clerk))
    assert "không tiến hành" not in text  # the sitting goes on: it may still be held
    sat.refresh_from_db()
    sat.state, sat.closed_at = "closed", timezone.now()
    sat.save()
    _document, text = text_of(make_minutes(sat, by=clerk, reason="phiên họp kết thúc"))
    assert text.index(told) < text.index(f"Biểu quyết lần {held.number}: Kế hoạch giám sát")
    assert f"lần {left.number}" not in text  # nothing came after it: no hole
    item.closed_doors = True
    item.save()
    _document, text = text_of(make_minutes(sat, by=clerk, reason="họp kín"))
    assert f"lần {passed_over.number} (nội dung họp kín). Đã chuẩn bị, không tiến hành." in text


def test_a_vote_dropped_before_it_began_is_told_while_the_sitting_goes_on(
    sat, item, clerk, chair, cast
):
    sat.state, sat.current_item = "open", item
    sat.save()
    dropped = actions.prepare_poll(item, by=chair, sitting=sat, question="Chương trình kỳ họp")
    actions.annul_poll(dropped, by=chair, reason="rút lại")
    held = actions.prepare_poll(item, by=chair, sitting=sat, question="Kế hoạch giám sát")
    held = actions.open_poll(held, by=chair)
    cast(held, "yes", 13)
    actions.publish_poll(actions.close_poll(held, by=chair), by=chair)
    _document, text = text_of(make_minutes(sat, by=clerk))
    assert f"Biểu quyết lần {dropped.number} (" in text

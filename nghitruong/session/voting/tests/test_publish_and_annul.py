import pytest
from django.db import DatabaseError, transaction

from nghitruong.platform.errors import Refused
from nghitruong.platform.live.models import Event
from nghitruong.session.voting import actions, slices
from nghitruong.session.voting.models import Poll, Vote


def test_the_announcement_shows_the_result_with_every_seat(poll, chair, cast, hall):
    cast(poll, "yes", 9)
    cast(poll, "no", 2)
    actions.publish_poll(actions.close_poll(poll, by=chair), by=chair)
    result = slices.result_slice(hall.pk)
    assert result["passed"] is True
    assert len(result["seats"]) == 15
    assert sorted(str(s["choice"]) for s in result["seats"]) == sorted(
        ["yes"] * 9 + ["no"] * 2 + ["None"] * 4
    )
    assert slices.poll_slice(hall.pk) is None
    assert slices.outcome_slice(hall.pk) is None
    assert slices.tally(hall.pk) is None


def test_the_sentence_to_read_says_percentages_of_the_total(poll, chair, cast, hall):
    cast(poll, "yes", 9)
    cast(poll, "no", 2)
    actions.publish_poll(actions.close_poll(poll, by=chair), by=chair)
    assert slices.result_slice(hall.pk)["sentence"].startswith(
        "Có 11/15 đại biểu tham gia biểu quyết, bằng 73,33 % tổng số đại biểu; "
        "9 đại biểu tán thành, bằng 60,00 %; 2 đại biểu không tán thành, bằng 13,33 %; "
        "0 đại biểu không biểu quyết, bằng 0,00 %; "
        "4 đại biểu có mặt không tham gia biểu quyết, bằng 26,67 %; "
        "Nghị quyết được Hội đồng nhân dân thông qua."
    )


def test_the_last_events_of_the_hall_equal_a_fresh_screen(poll, chair, cast, hall):
    cast(poll, "yes", 9)
    actions.publish_poll(actions.close_poll(poll, by=chair), by=chair)
    stale: dict[str, object] = {}
    for event in Event.objects.filter(stream=f"sitting:{hall.pk.hex}:hall").order_by("seq"):
        stale[event.data["slice"]] = event.data["value"]
    assert stale == {
        "poll": slices.poll_slice(hall.pk),
        "result": slices.result_slice(hall.pk),
        "progress": slices.progress(hall.pk),
    }


def test_after_the_announcement_nothing_changes(poll, chair):
    published = actions.publish_poll(actions.close_poll(poll, by=chair), by=chair)
    with pytest.raises(Refused) as refused:
        actions.annul_poll(published, by=chair, reason="bấm nhầm")
    assert "chỉ ghi vào biên bản" in refused.value.sentence
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Poll.objects.update(state="annulled")


def test_an_open_poll_is_not_published(poll, chair):
    with pytest.raises(Refused):
        actions.publish_poll(poll, by=chair)


@pytest.mark.parametrize("counted", [False, True])
def test_annulled_before_the_announcement_and_voted_again(poll, chair, cast, counted):
    cast(poll, "yes", 3)
    if counted:
        poll = actions.close_poll(poll, by=chair)
    again = actions.annul_poll(poll, by=chair, reason="nhầm bản dự thảo", repeat=True)
    first = Poll.objects.get(pk=poll.pk)
    assert (first.state, first.annul_reason) == ("annulled", "nhầm bản dự thảo")
    assert (again.repeats_id, again.number, again.state) == (first.pk, 2, "prepared")
    assert Vote.objects.filter(poll=first).count() == 3
    assert actions.open_poll(again, by=chair).state == "open"


def test_annulling_needs_a_reason(poll, chair):
    with pytest.raises(Refused) as refused:
        actions.annul_poll(poll, by=chair, reason="  ")
    assert refused.value.code == "reason_missing"


def test_a_new_poll_clears_the_former_result(poll, chair, item, hall):
    actions.publish_poll(actions.close_poll(poll, by=chair), by=chair)
    second = actions.prepare_poll(item, by=chair, sitting=hall, question="Chương trình kỳ họp")
    assert slices.result_slice(hall.pk) is not None
    actions.open_poll(second, by=chair)
    assert slices.result_slice(hall.pk) is None

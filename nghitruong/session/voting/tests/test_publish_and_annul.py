import pytest
from django.db import DatabaseError, transaction

from nghitruong.platform.errors import Refused
from nghitruong.platform.live.models import Event
from nghitruong.session.floor.actions import go_to_item
from nghitruong.session.floor.queries import hall_state, named_state
from nghitruong.session.voting import actions, slices
from nghitruong.session.voting.models import Poll, Vote
from nghitruong.session.voting.sentence import is_whole


def test_the_announcement_shows_the_result_with_every_seat(poll, chair, cast, hall):
    cast(poll, "yes", 9)
    cast(poll, "no", 2)
    actions.publish_poll(actions.close_poll(poll, by=chair), by=chair)
    assert slices.result_slice(hall.pk)["passed"] is True
    seats = slices.Moment(hall.pk).seats
    assert seats["poll_id"] == str(poll.pk)
    assert len(seats["seats"]) == 15
    assert sorted(str(s["choice"]) for s in seats["seats"]) == sorted(
        ["yes"] * 9 + ["no"] * 2 + ["None"] * 4
    )
    assert slices.poll_slice(hall.pk) is None
    assert slices.outcome_slice(hall.pk) is None
    assert slices.tally(hall.pk) is None


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("", "Nghị quyết được"),
        ("Thông qua dự thảo Nghị quyết về giá đất", "Nghị quyết được"),
        ("Hoãn thông qua dự thảo Nghị quyết về giá đất", "Nội dung này được"),
        ("Thống nhất phương án 2 của Điều 4", "Nội dung này được"),
        ("Thông qua nội dung dự thảo Nghị quyết tại khoản 2 Điều 5", "Nội dung này được"),
        ("Thông qua dự thảo Nghị quyết, riêng Điều 4", "Nội dung này được"),
        ("Thông qua dự thảo Nghị quyết theo phương án 2", "Nội dung này được"),
        ("Thông qua Nghị quyết sửa đổi, bổ sung một số điều", "Nghị quyết được"),
        ("Thông qua dự thảo Nghị quyết về dự toán ngân sách năm 2027.", "Nghị quyết được"),
    ],
)
def test_the_sentence_says_resolution_only_of_the_vote_on_the_whole_text(
    item, hall, draft, chair, cast, question, said
):
    poll = actions.prepare_poll(item, by=chair, sitting=hall, version=draft, question=question)
    poll = actions.open_poll(poll, by=chair)
    cast(poll, "yes", 15)
    poll = actions.close_poll(poll, by=chair)
    assert f"{said} Hội đồng nhân dân thông qua" in slices.sentence_of(poll)


def test_an_article_in_the_title_of_the_text_is_no_part_of_it():
    title = "Dự thảo Nghị quyết quy định chi tiết khoản 2 Điều 5 Luật Giá"
    question = "Thông qua Nghị quyết quy định chi tiết khoản 2 Điều 5 Luật Giá"
    assert is_whole(question, "Nội dung 4", title)
    assert not is_whole(question, "Nội dung 4", "Dự thảo Nghị quyết về giá đất")


def test_the_sentence_to_read_says_percentages_of_the_total(poll, chair, cast, hall):
    cast(poll, "yes", 9)
    cast(poll, "no", 2)
    actions.publish_poll(actions.close_poll(poll, by=chair), by=chair)
    assert slices.result_slice(hall.pk)["sentence"].startswith(
        "Có 11/15 đại biểu tham gia biểu quyết, bằng 73,33 % tổng số đại biểu; "
        "9 đại biểu tán thành, bằng 60,00 %; 2 đại biểu không tán thành, bằng 13,33 %; "
        "0 đại biểu không biểu quyết, bằng 0,00 %; "
        "4 đại biểu có mặt không tham gia biểu quyết, bằng 26,67 %. "
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
        "annulled": None,
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


@pytest.mark.parametrize("repeat", [False, True])
def test_the_hall_is_told_that_a_vote_was_annulled_until_the_next_begins(
    poll, chair, cast, hall, item, repeat
):
    def told(audience="hall", name="annulled"):
        rows = Event.objects.filter(stream=f"sitting:{hall.pk.hex}:{audience}").order_by("seq")
        return [row.data["value"] for row in rows if row.data["slice"] == name][-1]

    def why():
        value = told("named", "annul_reason")
        assert value == named_state(hall.pk)["annul_reason"]
        return value and value["reason"]

    cast(poll, "yes", 3)
    assert hall_state(hall.pk)["annulled"] is None
    actions.close_poll(poll, by=chair)
    again = actions.annul_poll(poll, by=chair, reason="nhầm bản dự thảo", repeat=repeat)
    said = {
        "poll_id": str(poll.pk),
        "number": poll.number,
        "question": poll.question,
    }
    assert why() == "nhầm bản dự thảo"
    assert told() == said == hall_state(hall.pk)["annulled"]
    again = again or actions.prepare_poll(item, by=chair, sitting=hall, question="Chương trình")
    assert told() == said  # the next is only prepared
    actions.open_poll(again, by=chair)
    assert told() is None is hall_state(hall.pk)["annulled"] is why()
    actions.annul_poll(again, by=chair, reason="nhầm lần nữa")
    assert (told()["number"], why()) == (again.number, "nhầm lần nữa")
    other = hall.items.exclude(pk=item.pk).order_by("order").first()
    assert other is not None
    go_to_item(hall, other.pk, by=chair)
    assert told() is None is hall_state(hall.pk)["annulled"] is why()


def test_a_poll_that_never_began_is_taken_away_without_a_word(item, chair, hall):
    prepared = actions.prepare_poll(item, by=chair, sitting=hall, question="Chương trình")
    actions.annul_poll(prepared, by=chair, reason="chưa đến lúc")
    assert hall_state(hall.pk)["annulled"] is None


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


def test_who_voted_what_is_told_once_and_only_where_it_may_be_known(poll, chair, cast, hall, item):
    cast(poll, "yes", 9)
    cast(poll, "no", 2)
    names = list(hall.roll.values_list("name", flat=True))
    actions.publish_poll(actions.close_poll(poll, by=chair), by=chair)
    told = Event.objects.filter(stream__startswith=f"sitting:{hall.pk.hex}:")
    everybody = [event.data for event in told.filter(stream__endswith=":hall")]
    assert any(data["slice"] == "result" and data["value"] for data in everybody)
    for text in (str(everybody), str(hall_state(hall.pk) | {"presence": None})):
        assert "choice" not in text
        assert not [name for name in names if name in text.replace(chair.name, "")]
    named = told.filter(stream__endswith=":named", data__slice="seats").order_by("seq")
    assert [event.data["value"] is None for event in named] == [True, False]  # opened, published
    assert named.last().data["value"] == named_state(hall.pk)["seats"]
    again = actions.prepare_poll(item, by=chair, sitting=hall, question="Chương trình kỳ họp")
    actions.open_poll(again, by=chair)
    assert named.last().data["value"] is None is named_state(hall.pk)["seats"]

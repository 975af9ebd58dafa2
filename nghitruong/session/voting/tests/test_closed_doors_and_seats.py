"""Behind closed doors outsiders find no page; the picture tells absent from not voting."""

import pytest
from django.http import Http404

from nghitruong.platform.live import doorbell
from nghitruong.session.meetings.models import RollEntry, Sitting
from nghitruong.session.voting import actions, queries, slices
from nghitruong.session.voting.casting import cast_votes
from nghitruong.session.voting.hemicycle import draw, legend
from nghitruong.session.voting.slices import result_value
from nghitruong.session.voting.tests.conftest import ballot
from tests.support.cast import actor


@pytest.mark.parametrize("where", ["sitting", "item"])
def test_a_guest_finds_no_page_of_polls_behind_closed_doors(hall, item, province, cuc, where):
    em, giang = actor(province, "em"), actor(province, "giang")
    number = hall.session.number
    assert queries.sitting_for(em, number, hall.number) == hall
    if where == "sitting":
        Sitting.objects.filter(pk=hall.pk).update(closed_doors=True)
    else:
        type(item).objects.filter(pk=item.pk).update(closed_doors=True)
    with pytest.raises(Http404):
        queries.sitting_for(em, number, hall.number)
    assert queries.sitting_for(cuc, number, hall.number) == hall
    assert queries.sitting_for(giang, number, hall.number) == hall  # heard inside


def test_a_published_vote_of_a_closed_item_stays_inside(poll, hall, item, province, cuc, chair):
    actions.publish_poll(actions.close_poll(poll, by=chair), by=chair)
    em = actor(province, "em")
    assert list(queries.polls_for(em)) == [poll]
    type(item).objects.filter(pk=item.pk).update(closed_doors=True)
    assert list(queries.polls_for(em)) == []
    assert list(queries.polls_for(cuc)) == [poll]


def test_absent_and_not_voting_are_drawn_apart(poll, hall, cuc, dung, hoa, chair):
    cast_votes([ballot(poll, cuc.id, "yes")], council_id=poll.council_id)
    RollEntry.objects.filter(sitting=hall, person_id=dung.id).update(presence="absent")
    RollEntry.objects.filter(sitting=hall, person_id=hoa.id).update(entitled=False)
    poll = actions.close_poll(poll, by=chair)
    result = result_value(poll)
    seats = {seat["name"]: seat for seat in result["seats"]}
    assert seats["Giàng A Dũng"]["presence"] == "absent"
    drawn = {seat.name: (seat.label, seat.mark, seat.css) for seat in draw(result["seats"])}
    assert drawn["Lê Thị Cúc"] == ("Tán thành", "✓", "yes")
    assert drawn["Giàng A Dũng"] == ("Vắng mặt", "V", "absent")
    assert drawn["Vũ Thị Hoa"] == ("Tạm đình chỉ", "T", "absent")
    assert drawn["Nguyễn Văn An"] == ("Không tham gia biểu quyết", "·", "none")
    labels = [label for label, _mark, _css in legend(draw(result["seats"]))]
    assert labels == ["Tán thành", "Không tham gia biểu quyết", "Vắng mặt", "Tạm đình chỉ"]


def test_a_vote_entered_by_a_clerk_moves_the_running_count(
    poll, hall, cuc, clerk, monkeypatch, django_capture_on_commit_callbacks
):
    rung = []
    monkeypatch.setattr(doorbell, "ring", lambda bells: rung.extend(bells))
    entry = RollEntry.objects.get(sitting=hall, person_id=cuc.id)
    with django_capture_on_commit_callbacks(execute=True):
        actions.assist_vote(poll, entry, "yes", by=clerk, reason="máy hỏng")
    assert ("progress:" + hall.pk.hex, 0) in rung
    assert slices.progress(hall.pk)["cast"] == 1

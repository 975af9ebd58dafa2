import json
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from nghitruong.council.councils.actions import people
from nghitruong.council.councils.models import Membership
from nghitruong.lib.canonical import digest
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.platform.live.models import Event
from nghitruong.session.meetings.models import RollEntry
from nghitruong.session.voting import actions, slices
from nghitruong.session.voting.casting import cast_votes
from nghitruong.session.voting.exports import named_rows
from nghitruong.session.voting.models import Poll, Vote
from nghitruong.session.voting.record import envelope, verify
from nghitruong.session.voting.tests.conftest import ballot


def test_the_close_freezes_three_bases_and_the_counts(poll, chair, cast):
    total = RollEntry.objects.count()
    RollEntry.objects.filter(
        pk__in=list(RollEntry.objects.order_by("-pk").values_list("pk", flat=True)[:2])
    ).update(presence="absent")
    cast(poll, "yes", 8)
    cast(poll, "no", 2)
    cast(poll, "abstain", 1)
    closed = actions.close_poll(poll, by=chair)
    assert (closed.seats_by_law, closed.in_office, closed.present) == (15, total, total - 2)
    assert (closed.yes, closed.no, closed.abstain) == (8, 2, 1)
    assert closed.not_voting == total - 2 - 11
    assert (closed.needed, closed.passed) == (total // 2 + 1, True)


def test_exactly_half_of_the_total_does_not_pass(poll, chair, cast):
    RollEntry.objects.filter(pk=RollEntry.objects.last().pk).delete()
    cast(poll, "yes", 7)
    closed = actions.close_poll(poll, by=chair)
    assert (closed.in_office, closed.needed, closed.passed) == (15, 8, False)


def test_the_record_recomputes_without_the_database(poll, chair, cast):
    cast(poll, "yes", 9)
    closed = actions.close_poll(poll, by=chair)
    assert closed.record_sha256 == digest(closed.record)
    checked = verify(json.loads(json.dumps(envelope(Poll.objects.get().record))))
    assert checked.ok, checked.differences
    assert checked.counts.yes == 9


def test_who_voted_and_left_is_counted(poll, cuc, chair):
    cast_votes([ballot(poll, cuc.id, "yes")], council_id=poll.council_id)
    RollEntry.objects.filter(person_id=cuc.id).update(presence="left")
    closed = actions.close_poll(poll, by=chair)
    assert closed.yes == 1
    assert closed.not_voting == RollEntry.objects.count() - 1
    assert verify(envelope(closed.record)).ok


SINCE = {
    "left": ("left", None),
    "excused": ("excused", None),
    "suspended": ("present", {"status": "suspended"}),
    "ended": ("present", {"ends_on": date(2026, 11, 1)}),
}


@pytest.mark.parametrize("since", SINCE)
def test_what_the_clerk_enters_after_a_vote_does_not_unmake_it(poll, cuc, dung, chair, cast, since):
    presence, standing = SINCE[since]
    cast_votes([ballot(poll, cuc.id, "yes")], council_id=poll.council_id)
    entry = RollEntry.objects.get(person_id=cuc.id)
    RollEntry.objects.filter(pk=entry.pk).update(presence=presence)
    RollEntry.objects.filter(person_id=dung.id).update(presence="absent")
    if standing:
        Membership.objects.filter(pk=entry.membership_id).update(**standing)
    closed = actions.close_poll(poll, by=chair)
    checked = verify(envelope(closed.record))
    assert checked.ok, checked.differences
    counts = checked.counts
    assert (counts.yes, counts.in_office, counts.present) == (1, 15, 14)
    result = slices.result_value(closed)
    assert (result["absent"], result["suspended"]) == (1, 0)
    assert counts.cast + counts.not_voting + result["absent"] == counts.in_office
    assert closed.record["changed_since_voting"] == [str(entry.membership_id)]
    how = {name: how for _seat, name, _group, _label, how in named_rows(closed)}
    assert how[entry.name].startswith("sau khi biểu quyết: ")


@pytest.mark.parametrize("base", ["in_office", "present"])
def test_a_running_poll_says_the_total_of_its_result(poll, cuc, dung, chair, clerk, hall, base):
    poll.rule["base"] = base
    Poll.objects.filter(pk=poll.pk).update(rule=poll.rule)
    poll.refresh_from_db()
    cast_votes([ballot(poll, cuc.id, "yes")], council_id=poll.council_id)
    gone = timezone.localdate() - timedelta(days=1)
    for leaver in (cuc, dung):  # one has voted
        people.end_membership(leaver.delegate, ends_on=gone, reason="chuyển công tác", by=clerk)
    new = people.add_person(full_name="Hoàng Văn Mới", by=clerk)
    people.appoint(
        new,
        chair.delegate.organization,
        post="delegate",
        post_label="Đại biểu",
        starts_on=timezone.localdate(),
        term=hall.session.term,
        by=clerk,
    )
    said = slices.tally(hall.pk)
    closed = actions.close_poll(poll, by=chair)
    assert closed.record["outcome"]["base_total"] == (15 if base == "in_office" else 14)
    assert said["needed"] == closed.needed
    assert said["missing"] == closed.needed - 1
    assert slices.base_total(closed) == closed.record["outcome"]["base_total"]
    assert verify(envelope(closed.record)).ok


def test_a_vote_from_before_votes_kept_presence_is_taken_as_it_was_let_in(poll, cuc, chair):
    cast_votes([ballot(poll, cuc.id, "yes")], council_id=poll.council_id)
    Vote.objects.update(presence="")
    RollEntry.objects.filter(person_id=cuc.id).update(presence="left")
    closed = actions.close_poll(poll, by=chair)
    assert closed.record["votes"][0]["presence"] == "present"
    assert verify(envelope(closed.record)).ok


def test_a_restored_delegate_votes_at_once(poll, cuc, clerk):
    people.suspend_delegate(cuc.delegate, reason="bị khởi tố", by=clerk)
    vote = [ballot(poll, cuc.id, "yes")]
    assert cast_votes(vote, council_id=poll.council_id)[0].code == "suspended"
    member = Membership.objects.get(pk=cuc.delegate.pk)
    people.restore_delegate(member, reason="đình chỉ điều tra", by=clerk)
    assert cast_votes(vote, council_id=poll.council_id)[0]["choice"] == "yes"


def test_the_chair_sees_the_outcome_and_the_hall_does_not(poll, chair, cast, hall):
    cast(poll, "yes", 8)
    actions.close_poll(poll, by=chair)
    assert slices.outcome_slice(hall.pk)["passed"] is True
    assert slices.result_slice(hall.pk) is None
    hall_events = Event.objects.filter(stream=f"sitting:{hall.pk.hex}:hall")
    told = json.dumps([event.data for event in hall_events])
    assert '"passed"' not in told
    assert '"yes": 8' not in told


def test_a_delegate_may_not_close(poll, cuc):
    with pytest.raises(NotAllowed):
        actions.close_poll(poll, by=cuc)


def test_closing_twice_is_refused(poll, chair):
    actions.close_poll(poll, by=chair)
    with pytest.raises(Refused) as refused:
        actions.close_poll(poll, by=chair)
    assert refused.value.code == "poll_closed"


def test_the_database_itself_refuses_to_change_a_counted_poll(poll, chair):
    actions.close_poll(poll, by=chair)
    for change in (
        {"yes": 15},
        {"record": {}},
        {"state": "open"},
        {"question": "khác"},
        {"passed": True},
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Poll.objects.update(**change)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Poll.objects.all().delete()

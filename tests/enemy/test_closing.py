"""The end of a vote, fought over: two chairs, two hundred late votes, announced twice."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone
from django_scopes import scope

from nghitruong.config.demo.people import build_province
from nghitruong.platform.errors import Refused
from nghitruong.session.voting import actions
from nghitruong.session.voting.models import Poll, Vote
from tests.enemy.conftest import told

CLOSED = (
    "Cuộc biểu quyết này đã kết thúc và đã kiểm phiếu. "
    "Hãy công bố kết quả, hoặc hủy và biểu quyết lại."
)
PUBLISHED = (
    "Kết quả biểu quyết đã công bố nên không thay đổi được nữa; "
    "nếu có sai sót, chỉ ghi vào biên bản."
)


def side_by_side(council, *works):
    """Run each in a thread of its own with its own connection; results or refusals."""
    ready = threading.Barrier(len(works))
    results = [None] * len(works)

    def run(place, work):
        try:
            with scope(council=council.pk):
                ready.wait(10)
                results[place] = work()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_two_chairs_closing_at_once_close_once(room):
    from tests.support.hall import ticket_of

    clerk = ticket_of(room.built.council, room.person("binh"), room.sitting.pk)
    room.vote("cuc", "yes")
    replies = room.at_once(room.closing("an"), room.closing(clerk), room.closing("an"))
    assert sorted(reply.status for reply in replies) == [200, 409, 409]
    for reply in replies:
        if reply.status == 409:
            assert told(reply, 409, "poll_closed") == CLOSED
    assert room.acts("voting.closed") == 1
    assert room.poll.yes == 1
    assert room.gapless()


def test_a_page_and_a_tablet_closing_at_once_close_once(room, chair_of_room, clerk_of_room):
    results = side_by_side(
        room.built.council,
        lambda: actions.close_poll(room.poll, by=clerk_of_room),
        lambda: room.run(room.closing("an")),
        lambda: actions.close_poll(room.poll, by=chair_of_room),
    )
    good = [r for r in results if isinstance(r, Poll) or getattr(r, "status", 0) == 200]
    assert len(good) == 1, results
    for one in results:
        if isinstance(one, Refused):
            assert one.sentence == CLOSED
    assert room.acts("voting.closed") == 1


def test_a_delegate_cannot_close(room):
    assert told(room.run(room.closing("cuc")), 403, "not_chair") == (
        "Chỉ chủ tọa, hoặc thư ký phụ trách biểu quyết thay mặt chủ tọa, được điều hành biểu quyết."
    )
    assert room.poll.state == "open"


@pytest.fixture
def province(transactional_db, request):
    """For tests that ask for it by ``seats``: a larger council."""
    return build_province(seats=getattr(request, "param", 15), groups=3)


@pytest.mark.parametrize("province", [200], indirect=True)
def test_closed_while_two_hundred_votes_arrive_what_is_frozen_is_what_is_stored(room):
    people = list(room.hall.people.values())
    assert len(people) == 200
    sends = [
        room.sending(ticket, ("yes", "no", "abstain")[n % 3]) for n, ticket in enumerate(people)
    ]
    sends.insert(120, room.closing("an"))
    replies = room.at_once(*sends)
    close = replies.pop(120)
    assert close.status == 200
    taken = [reply.json() for reply in replies if reply.status == 200]
    late = [reply for reply in replies if reply.status != 200]
    for reply in late:
        told(reply, 409, "poll_closed")
    poll = room.poll
    stored = Counter(Vote.objects.filter(poll=poll).values_list("choice", flat=True))
    assert stored == Counter(answer["choice"] for answer in taken)
    assert (poll.yes, poll.no, poll.abstain) == (stored["yes"], stored["no"], stored["abstain"])
    assert poll.not_voting == 200 - len(taken) == len(late)
    assert room.acts() == len(taken)
    assert room.gapless()


@pytest.mark.parametrize("province", [200], indirect=True)
def test_closed_from_another_connection_in_the_middle_of_the_burst(room, chair_of_room):
    people = list(room.hall.people.values())
    rounds = []

    def burst():
        for start in range(0, 200, 20):
            rounds.append(
                room.at_once(*(room.sending(ticket) for ticket in people[start : start + 20]))
            )

    def close():
        while len(rounds) < 3:
            pass
        return actions.close_poll(room.poll, by=chair_of_room)

    _, closed = side_by_side(room.built.council, burst, close)
    assert isinstance(closed, Poll), closed
    taken = sum(reply.status == 200 for replies in rounds for reply in replies)
    assert room.poll.yes == Vote.objects.filter(poll=room.poll).count() == taken
    assert 60 <= taken <= 200


def test_published_twice_it_is_announced_once(room, chair_of_room, clerk_of_room):
    room.vote("cuc")
    actions.close_poll(room.poll, by=chair_of_room)
    results = side_by_side(
        room.built.council,
        lambda: actions.publish_poll(room.poll, by=chair_of_room),
        lambda: actions.publish_poll(room.poll, by=clerk_of_room),
    )
    refused = [one for one in results if isinstance(one, Refused)]
    assert len(refused) == 1, results
    assert refused[0].sentence == PUBLISHED
    assert room.acts("voting.published") == 1


def test_after_the_announcement_nothing_is_annulled(room, chair_of_room):
    actions.publish_poll(actions.close_poll(room.poll, by=chair_of_room), by=chair_of_room)
    with pytest.raises(Refused) as refused:
        actions.annul_poll(room.poll, by=chair_of_room, reason="nhầm")
    assert (refused.value.code, refused.value.sentence) == ("poll_published", PUBLISHED)
    assert room.poll.state == "published"


def test_announced_and_annulled_at_once_only_one_happens(room, chair_of_room, clerk_of_room):
    actions.close_poll(room.poll, by=chair_of_room)
    results = side_by_side(
        room.built.council,
        lambda: actions.publish_poll(room.poll, by=chair_of_room),
        lambda: actions.annul_poll(room.poll, by=clerk_of_room, reason="nhầm", repeat=True),
    )
    assert sum(isinstance(one, Refused) for one in results) == 1, results
    assert room.acts("voting.published") + room.acts("voting.annulled") == 1


# --- the database itself refuses -----------------------------------------------------------------


def refused_by_database(statement, *parameters):
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    assert "append-only" in str(error.value)


def test_nobody_with_the_database_in_hand_changes_a_closed_poll(room, chair_of_room):
    room.vote("cuc", "yes")
    actions.close_poll(room.poll, by=chair_of_room)
    before = list(Vote.objects.values())
    refused_by_database("UPDATE voting_vote SET choice = 'no'")
    refused_by_database("DELETE FROM voting_vote")
    refused_by_database("UPDATE voting_poll SET yes = 15")
    refused_by_database("UPDATE voting_poll SET passed = NOT passed")
    refused_by_database("UPDATE voting_poll SET state = 'open'")
    refused_by_database("DELETE FROM voting_poll")
    refused_by_database("UPDATE audit_entry SET actor_name = 'ai khác'")
    refused_by_database("DELETE FROM audit_entry")
    with pytest.raises(DatabaseError), transaction.atomic():
        Vote.objects.create(
            council=room.built.council,
            poll=room.poll,
            membership=room.entry("dung").get().membership,
            person=room.person("dung"),
            choice="yes",
            cast_at=timezone.now(),
            receipt="gian",
        )
    assert list(Vote.objects.values()) == before
    assert (room.poll.state, room.poll.yes) == ("closed", 1)


def test_an_open_poll_is_not_counted_by_hand_nor_taken_back(room, chair_of_room):
    actions.publish_poll(actions.close_poll(room.poll, by=chair_of_room), by=chair_of_room)
    refused_by_database("UPDATE voting_poll SET state = 'annulled', annul_reason = 'x'")
    refused_by_database("UPDATE voting_poll SET published_at = NULL")

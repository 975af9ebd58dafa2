"""Votes through the live process's engine: batches, nonces, the barrier of the close."""

import uuid
from datetime import UTC, datetime

import pytest

from nghitruong.platform.live import commands as registry
from nghitruong.platform.live.commands import Refusal, Request, Ticket
from nghitruong.session.meetings.models import RollEntry
from nghitruong.session.voting import actions, commands
from nghitruong.session.voting.models import Poll, Vote


def ask(command, sitting, person_id, **body):
    ticket = Ticket(sitting.council_id, person_id, sitting.pk, "máy 1", "")
    return Request(command, ticket, uuid.uuid4().hex, body, datetime.now(UTC))


def test_votes_are_answered_in_the_order_of_arrival(poll, hall, cuc, dung, giang):
    answers = commands.vote(
        [
            ask("vote", hall, cuc.id, poll=str(poll.pk), choice="yes"),
            ask("vote", hall, giang.id, poll=str(poll.pk), choice="yes"),
            ask("vote", hall, dung.id, poll="không phải mã", choice="yes"),
            ask("vote", hall, dung.id, poll=str(poll.pk), choice="no"),
            ask("vote", hall, cuc.id, poll=str(poll.pk), choice="no"),
        ]
    )
    assert [a.code if isinstance(a, Refusal) else a["choice"] for a in answers] == [
        "yes",
        "not_on_roll",
        "poll_unknown",
        "no",
        "no",
    ]
    assert answers[4]["changes"] == 1
    assert dict(Vote.objects.values_list("person_id", "choice")) == {cuc.id: "no", dung.id: "no"}


def test_a_refusal_says_what_to_do_next(poll, hall, cuc, chair):
    actions.close_poll(poll, by=chair)
    (answer,) = commands.vote([ask("vote", hall, cuc.id, poll=str(poll.pk), choice="yes")])
    assert answer == Refusal(
        "poll_closed", "Phiếu đến sau khi kết thúc biểu quyết, không được tính."
    )


def test_the_chair_closes_by_command_and_a_delegate_may_not(poll, hall, cuc, chair):
    refused, done = commands.close(
        [
            ask("close-poll", hall, cuc.id, poll=str(poll.pk)),
            ask("close-poll", hall, chair.id, poll=str(poll.pk)),
        ]
    )
    assert (refused.code, refused.status) == ("not_chair", 403)
    assert done["ok"] is True
    assert Poll.objects.get().state == "closed"


def test_a_disabled_account_may_not_close(poll, hall, chair):
    chair.account.is_active = False
    chair.account.save(update_fields=["is_active"])
    (refused,) = commands.close([ask("close-poll", hall, chair.id, poll=str(poll.pk))])
    assert refused.status == 403


def test_the_close_is_a_barrier():
    commands.register()
    assert registry.find("close-poll").barrier is True
    assert registry.find("vote").barrier is False


@pytest.fixture
def engine():
    from nghitruong.platform.live.engine import Engine

    commands.register()
    return Engine(lambda answers: None)


@pytest.mark.django_db(transaction=True)
def test_in_one_batch_what_came_before_the_close_counts_and_what_came_after_does_not(
    engine, poll, hall, chair
):
    from nghitruong.platform.live.engine import Waiting

    people = list(RollEntry.objects.values_list("person_id", flat=True))
    requests = [ask("vote", hall, p, poll=str(poll.pk), choice="yes") for p in people[:6]]
    requests.append(ask("close-poll", hall, chair.id, poll=str(poll.pk)))
    requests += [ask("vote", hall, p, poll=str(poll.pk), choice="yes") for p in people[6:]]
    requests.append(requests[0])  # an old retry after the close: its first answer again
    answers = engine.process([Waiting(request, n) for n, request in enumerate(requests)])
    statuses = [answer.status for _, answer in sorted(answers, key=lambda pair: pair[0])]
    assert statuses == [200] * 7 + [409] * (len(people) - 6) + [200]
    assert Poll.objects.get().yes == Vote.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_an_old_retry_never_overwrites_a_newer_choice(engine, poll, hall, cuc):
    from nghitruong.platform.live.engine import Waiting

    first = ask("vote", hall, cuc.id, poll=str(poll.pk), choice="yes")
    second = ask("vote", hall, cuc.id, poll=str(poll.pk), choice="no")
    engine.process([Waiting(first, 1)])
    engine.process([Waiting(second, 2)])
    ((_, again),) = engine.process([Waiting(first, 3)])
    assert again.status == 200
    assert b'"yes"' in again.body
    assert Vote.objects.get().choice == "no"


def test_a_tap_that_was_overtaken_is_told_what_is_recorded(poll, hall, cuc):
    body = {"poll": str(poll.pk), "seen": ""}
    newer, late = commands.vote(
        [
            ask("vote", hall, cuc.id, choice="no", **body),
            ask("vote", hall, cuc.id, choice="yes", **body),
        ]
    )
    assert (late.code, late.status) == ("vote_moved", 409)
    assert late.as_dict()["vote"] == newer
    odd = ask("vote", hall, cuc.id, poll=str(poll.pk), choice="abstain", seen=["x"])
    assert commands.vote([odd])[0]["choice"] == "abstain"  # a client that does not say

"""Votes and the close from several connections at once: what is stored is what is counted."""

import threading
import time

import pytest
from django.db import connection
from django_scopes import scope

from nghitruong.council.councils.actions import set_function
from nghitruong.council.councils.models import Function
from nghitruong.council.councils.queries import enabled_functions
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.errors import Refused
from nghitruong.session.meetings.models import RollEntry
from nghitruong.session.voting import actions
from nghitruong.session.voting.casting import cast_votes
from nghitruong.session.voting.models import Poll, Vote
from nghitruong.session.voting.record import envelope, verify
from nghitruong.session.voting.signals import poll_moved
from nghitruong.session.voting.tests.conftest import ballot

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def in_threads(council, *works):
    failures = []

    def run(work):
        try:
            with scope(council=council.pk):
                work()
        except Exception as error:  # told to the test below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return failures


def test_every_accepted_vote_is_in_the_count_and_no_other(poll, council, chair):
    people = list(RollEntry.objects.values_list("person_id", flat=True))
    accepted, started = [], threading.Event()

    def voter(person):
        def work():
            for turn in range(6):
                choice = ("yes", "no", "abstain")[turn % 3]
                (answer,) = cast_votes([ballot(poll, person, choice)], council_id=council.pk)
                started.set()
                if isinstance(answer, Refused):
                    assert answer.code == "poll_closed"
                    return
                accepted.append((person, answer["receipt"]))

        return work

    def close():
        started.wait(30)
        actions.close_poll(poll, by=chair)

    assert in_threads(council, close, *(voter(person) for person in people[:5])) == []
    closed = Poll.objects.get()
    stored = dict(Vote.objects.values_list("person_id", "receipt"))
    assert stored == dict(accepted)  # the last accepted of each is what is stored
    assert closed.yes + closed.no + closed.abstain == len(stored)
    assert {vote["receipt"] for vote in closed.record["votes"]} == set(stored.values())
    assert verify(envelope(closed.record)).ok


def test_of_two_who_open_at_once_one_is_told(prepared, item, hall, council, chair):
    other = actions.prepare_poll(item, by=chair, sitting=hall, question="Chương trình kỳ họp")
    failures = in_threads(
        council,
        lambda: actions.open_poll(prepared, by=chair),
        lambda: actions.open_poll(other, by=chair),
    )
    assert [failure.code for failure in failures] == ["other_poll_open"]
    assert Poll.objects.filter(state="open").count() == 1


def test_of_two_who_close_at_once_one_is_told(poll, council, chair):
    failures = in_threads(council, *[lambda: actions.close_poll(poll, by=chair)] * 2)
    assert [failure.code for failure in failures] == ["poll_closed"]


def test_the_function_is_not_switched_off_beside_a_vote_that_begins(prepared, council, chair):
    begun = threading.Event()

    def hold(**_):  # all but the commit is done
        begun.set()
        time.sleep(1)

    def switch_off():
        assert begun.wait(30)
        set_function(Function.VOTING, False, by=Actor.system(council))

    poll_moved.connect(hold)
    try:
        failures = in_threads(council, lambda: actions.open_poll(prepared, by=chair), switch_off)
    finally:
        poll_moved.disconnect(hold)
    assert [failure.code for failure in failures] == ["poll_running"]
    assert Poll.objects.get().state == "open"
    assert Function.VOTING in enabled_functions(council)

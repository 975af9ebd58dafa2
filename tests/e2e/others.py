"""The delegates who have no browser in a test: ``python -m tests.e2e.others check-in 3``.

Runs with the environment of an installation and uses the product's own actions; every screen learns
of it as it would of any tap. The last number is how many of them stay away or do not vote.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

OWN_SCREENS = ("an", "cuc", "dung", "hoa")  # these tap themselves


def check_in(sitting: Any, away: int) -> None:
    """All but the last ``away`` without a browser check in."""
    from nghitruong.session.floor.actions import roll

    entries = list(_entries(sitting))
    present = entries[: len(entries) - away]
    _accepted(roll.check_in(sitting.pk, [entry.person_id for entry in present]))


def vote(sitting: Any, silent: int) -> None:
    """Those present vote: one in nineteen against, one in twenty-three abstains."""
    from django.utils import timezone

    from nghitruong.session.voting.casting import Ballot, cast_votes
    from nghitruong.session.voting.models import Poll

    poll = Poll.objects.get(sitting=sitting, state="open")
    entries = [entry for entry in _entries(sitting) if entry.presence == "present"]
    answers = cast_votes(
        [
            Ballot(
                poll_id=poll.pk,
                sitting_id=poll.sitting_id,
                person_id=entry.person_id,
                choice="no" if n % 19 == 7 else "abstain" if n % 23 == 11 else "yes",
                at=timezone.now(),
            )
            for n, entry in enumerate(entries[: len(entries) - silent])
        ],
        council_id=poll.council_id,
    )
    _accepted(answers)


def ask(sitting: Any, count: int) -> None:
    """The first ``count`` of them ask to speak."""
    from django.utils import timezone

    from nghitruong.session.floor.actions import queue

    entries = [entry for entry in _entries(sitting) if entry.presence == "present"][:count]
    askings = [queue.Asking(entry.person_id, "speech", timezone.now()) for entry in entries]
    _accepted(queue.ask(sitting.pk, askings))


def _entries(sitting: Any) -> Any:
    return sitting.roll.exclude(person__account__username__in=OWN_SCREENS).order_by("seat_number")


def _accepted(answers: Sequence[Any]) -> None:
    """A refusal here would make a test wait for what never comes."""
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer


def main(step: str, count: str = "0", number: str = "3") -> None:
    """One step of all the others in the province's sitting ``number``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nghitruong.config.settings")
    import django

    django.setup()
    from django.db import transaction
    from django_scopes import scope

    from nghitruong.council.councils.models import Council
    from nghitruong.session.meetings.models import Sitting

    council = Council.objects.get(slug="lao-cai")
    with scope(council=council.pk), transaction.atomic():
        sitting = Sitting.objects.get(session__number=4, number=int(number))
        {"check-in": check_in, "vote": vote, "ask": ask}[step](sitting, int(count))


if __name__ == "__main__":
    main(*sys.argv[1:])

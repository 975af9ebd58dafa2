"""The delegates who have no browser in a test: ``python -m tests.e2e.others check-in 3``.

Runs with the environment of an installation and uses the product's own actions (votes go through
the live process at ``NT_URL``); every screen learns of it as it would of any tap. The last number
is how many of them stay away or do not vote.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import uuid
from collections.abc import Sequence
from typing import Any

OWN_SCREENS = ("an", "cuc", "dung", "hoa")  # these tap themselves


def check_in(sitting: Any, away: int) -> None:
    """All but the last ``away`` without a browser check in."""
    from nghitruong.session.floor.actions import arrivals

    entries = list(_entries(sitting))
    present = entries[: len(entries) - away]
    _accepted(arrivals.check_in(sitting.pk, [entry.person_id for entry in present]))


def vote(sitting: Any, silent: int) -> None:
    """Those present vote, through the live process: one in nineteen against, a few abstain."""
    from nghitruong.platform.live import tickets
    from nghitruong.platform.live.commands import Ticket
    from nghitruong.session.voting.models import Poll

    url = os.environ["NT_URL"]
    poll = Poll.objects.get(sitting=sitting, state="open")
    entries = [entry for entry in _entries(sitting) if entry.presence == "present"]
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)
    for n, entry in enumerate(entries[: len(entries) - silent]):
        ticket = Ticket(poll.council_id, entry.person_id, sitting.pk, "test", entry.name, "lao-cai")
        choice = "no" if n % 19 == 7 else "abstain" if n % 23 == 11 else "yes"
        body = {"nonce": uuid.uuid4().hex, "sitting": str(sitting.pk)}
        connection.request(
            "POST",
            "/live/lao-cai/vote",
            json.dumps(body | {"poll": str(poll.pk), "choice": choice}),
            {
                "Content-Type": "application/json",
                "Origin": url,
                "Cookie": f"{tickets.COOKIE}={tickets.make(ticket)}",
            },
        )
        answer = json.loads(connection.getresponse().read())
        if not answer.get("ok"):
            raise RuntimeError(answer)


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
    with scope(council=council.pk):
        sitting = Sitting.objects.get(session__number=4, number=int(number))
        if step == "vote":
            vote(sitting, int(count))
            return
        with transaction.atomic():
            {"check-in": check_in, "ask": ask}[step](sitting, int(count))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A demo installation for a benchmark: played through one sitting (``_grow`` multiplies it).

The installation is a copy of the demo with processes of its own (``tests/support``); this process
looks into the same database with Django.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.installation import Installation, InstallationFactory


@contextlib.contextmanager
def installation(**environment: str) -> Iterator[Installation]:
    """A fresh demo, not started; this process's Django points at it. Once per process."""
    factory = InstallationFactory(Path(tempfile.mkdtemp(prefix="nt-bench-")))
    try:
        made = factory.make(**environment)
        try:
            os.environ.update(made.environment())
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nghitruong.config.settings")
            import django

            django.setup()
            yield made
        finally:
            from django.db import connections

            connections.close_all()
            factory.discard(made)
    finally:
        factory.close()


def engine() -> str:
    """The database's name as the benchmarks print it."""
    from django.db import connection

    return {"sqlite": "sqlite", "postgresql": "postgresql"}[connection.vendor]


def actor(username: str, slug: str = "lao-cai") -> Any:
    """Who this member of the cast is in the council."""
    from django.utils import timezone
    from django_scopes import scopes_disabled

    from nghitruong.council.councils.models import Council
    from nghitruong.council.councils.roles import actor_for
    from nghitruong.platform.accounts.models import Account

    with scopes_disabled():
        found = actor_for(
            Account.objects.get(username=username),
            Council.objects.get(slug=slug),
            timezone.localdate(),
        )
    assert found is not None, username
    return found


def play(*, leave_open: bool = True, published: int = 2) -> Any:
    """The third sitting of the demo until a few polls are published and one is running.

    Everybody checks in; two speak, others wait; the running poll (when ``leave_open``) has no vote
    yet. Returns it, or the last one published. By the product's own actions only.
    """
    from django.db import transaction
    from django.utils import timezone
    from django_scopes import scope

    from nghitruong.council.papers.models import PaperVersion
    from nghitruong.session.floor.actions import arrivals, queue, roll, speech
    from nghitruong.session.floor.actions import sitting as steps
    from nghitruong.session.meetings.models import AgendaItem, Sitting
    from nghitruong.session.voting import actions as voting

    chair, clerk = actor("an"), actor("binh")
    council = chair.council
    with scope(council=council.pk):
        sitting = Sitting.objects.get(session__number=4, number=3)
        roll.open_roll(sitting, by=clerk)
        entries = list(sitting.roll.order_by("seat_number"))
        with transaction.atomic():
            arrivals.check_in(sitting.pk, [entry.person_id for entry in entries[:-3]])
        sitting.refresh_from_db()
        steps.open_sitting(sitting, by=chair)
        items = list(
            AgendaItem.objects.filter(sitting=sitting, kind="decision", papers__isnull=False)
            .order_by("order")
            .distinct()
        )
        poll: Any = None
        for number, item in enumerate(items[: published + (1 if leave_open else 0)]):
            sitting.refresh_from_db()
            steps.go_to_item(sitting, item.pk, by=chair)
            with transaction.atomic():
                queue.ask(
                    sitting.pk,
                    [
                        queue.Asking(entry.person_id, "speech", timezone.now())
                        for entry in entries[10 + number : 14 + number]
                    ],
                )
            waiting = sitting.requests.filter(state="waiting").order_by("position").first()
            sitting.refresh_from_db()
            speech.call_speaker(sitting, waiting.pk, by=chair)
            version = PaperVersion.objects.filter(paper__agenda_items=item).first()
            poll = voting.prepare_poll(item, by=chair, sitting=sitting, version=version)
            poll = voting.open_poll(poll, by=chair)
            if number < published:
                vote(poll, entries[:-3])
                poll = voting.close_poll(poll, by=chair)
                poll = voting.publish_poll(poll, by=chair)
        from nghitruong.session.minutes.actions import make_minutes

        sitting.refresh_from_db()
        make_minutes(sitting, by=clerk)
        return poll


def vote(poll: Any, entries: list[Any]) -> None:
    """Each of the roll's ``entries`` votes; most of them yes."""
    from django.db import transaction
    from django.utils import timezone

    from nghitruong.session.voting.casting import Ballot, cast_votes

    with transaction.atomic():
        cast_votes(
            [
                Ballot(
                    poll_id=poll.pk,
                    sitting_id=poll.sitting_id,
                    person_id=entry.person_id,
                    choice=("no" if n % 19 == 7 else "abstain" if n % 23 == 11 else "yes"),
                    at=timezone.now(),
                )
                for n, entry in enumerate(entries)
            ],
            council_id=poll.council_id,
        )


if __name__ == "__main__":  # play in the installation of the environment
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nghitruong.config.settings")
    import django

    django.setup()
    play()

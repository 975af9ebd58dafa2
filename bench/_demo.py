"""A demo installation for a benchmark: played through one sitting, grown a hundred times.

The installation is a copy of the demo with processes of its own (``tests/support``); this process
looks into the same database with Django.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import uuid
from collections.abc import Iterator
from datetime import timedelta
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
    from nghitruong.session.floor.actions import queue, roll, speech
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
            roll.check_in(sitting.pk, [entry.person_id for entry in entries[:-3]])
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


def grow(times: int = 100) -> dict[str, int]:
    """Multiply the rows of the province's council by ``times``, as years of work would.

    Papers, sessions with their sittings, agenda, summons and rolls, people, polls with votes,
    journal, audit. Straight into the tables; returns how many rows of each there are now.
    """
    from django.db import connection, models
    from django_scopes import scope, scopes_disabled

    from nghitruong.council.councils.models import Council, Person
    from nghitruong.council.papers.models import Paper, PaperVersion
    from nghitruong.platform.audit.models import Entry
    from nghitruong.session.floor.models import JournalEntry, Speech
    from nghitruong.session.meetings.models import (
        AgendaItem,
        AgendaPaper,
        RollEntry,
        Session,
        Sitting,
        Summons,
    )
    from nghitruong.session.voting.models import Poll, Vote

    council = Council.objects.get(slug="lao-cai")
    counted: list[type[models.Model]] = [
        Paper,
        Session,
        AgendaItem,
        Person,
        RollEntry,
        Poll,
        Vote,
        JournalEntry,
        Entry,
    ]
    with scope(council=council.pk):
        old = {model: list(model._default_manager.all()) for model in (
            Person, Paper, PaperVersion, Session, Sitting, AgendaItem, AgendaPaper, Summons,
            RollEntry, Speech, JournalEntry,
        )}  # fmt: skip
        polls = list(Poll.objects.filter(state="published"))
        votes = list(Vote.objects.filter(poll__in=polls))
        for round_ in range(1, times):
            days = timedelta(days=180 * round_)
            ids = _Ids()

            def copies(model: type[models.Model], *, ids: _Ids = ids, **changed: Any) -> None:
                """The rows again with new keys, their references moved to this round's rows."""
                made = [ids.copy(row, changed) for row in old[model]]
                model._default_manager.bulk_create(made, batch_size=500)

            copies(Person, account_id=None)
            copies(Paper, state="withdrawn")
            copies(PaperVersion)
            copies(
                Session,
                number=lambda row, r=round_: 100 + r * 2 + row.number % 2,
                expected_opening=lambda row, d=days: row.expected_opening - d,
                state="closed",
                title=lambda row, r=round_: f"{row.title} (-{r})"[:200],
            )
            copies(
                Sitting,
                state="closed",
                roll_open=False,
                starts_at=lambda row, d=days: row.starts_at - d,
                current_item_id=None,
            )
            copies(AgendaItem)
            copies(AgendaPaper)
            copies(Summons, reply="coming")
            copies(RollEntry)
            copies(Speech, request_id=None, ended_at=lambda row: row.ended_at or row.started_at)
            copies(JournalEntry)
            made = [ids.copy(row, {"state": "open"}) for row in polls]
            for row in made:  # one open at a time in a sitting; a counted vote can be no other way
                Poll.objects.bulk_create([row])
                Vote.objects.bulk_create(
                    [ids.copy(v, {}) for v in votes if ids.new[v.poll_id] == row.pk],
                    batch_size=500,
                )
                Poll.objects.filter(pk=row.pk).update(state="published")
    with scopes_disabled():
        _grow_audit(council.pk, times)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return {
            model._meta.label_lower: model._default_manager.filter(council_id=council.pk).count()
            for model in counted
        }


class _Ids:
    """New keys for old ones within one round."""

    def __init__(self) -> None:
        self.new: dict[uuid.UUID, uuid.UUID] = {}

    def of(self, old: uuid.UUID) -> uuid.UUID:
        """The copy's key; the same every time it is asked."""
        from nghitruong.platform.storage.ids import new_id

        if old not in self.new:
            self.new[old] = new_id()
        return self.new[old]

    def copy(self, row: Any, changed: dict[str, Any]) -> Any:
        """An unsaved copy; foreign keys into this round's rows follow, others stay."""
        values: dict[str, Any] = {}
        for field in row._meta.concrete_fields:
            value = getattr(row, field.attname)
            if field.primary_key:
                value = self.of(value)
            elif field.is_relation and value in self.new:
                value = self.new[value]
            if field.attname in changed:
                change = changed[field.attname]
                value = change(row) if callable(change) else change
            values[field.attname] = value
        return type(row)(**values)


def _grow_audit(council_id: uuid.UUID, times: int) -> None:
    """Audit rows are chained, so new ones are written as the system writes them, then sealed."""
    from django.db import transaction
    from django_scopes import scope

    from nghitruong.platform.audit import api as audit
    from nghitruong.platform.audit import sealer
    from nghitruong.platform.audit.models import Entry

    with scope(council=council_id):
        rows = list(Entry.objects.filter(council_id=council_id)[:500])
        for _ in range(1, times):
            copies = [
                audit.build(
                    row.action,
                    council_id=council_id,
                    actor_id=row.actor_id,
                    actor_name=row.actor_name,
                    target_type=row.target_type,
                    target_id=row.target_id,
                    payload=row.payload,
                    at=row.at,
                )
                for row in rows
            ]
            with transaction.atomic():
                Entry.objects.bulk_create(copies, batch_size=500)
    sealer.seal_pending(everything=True)


if __name__ == "__main__":  # play in the installation of the environment
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nghitruong.config.settings")
    import django

    django.setup()
    play()

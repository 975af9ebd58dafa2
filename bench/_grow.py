"""A council after many years: the demo's province with every row a hundred times.

Everything that belongs to the council is copied round by round with new keys, whatever app it is
of: sessions with their plans, sittings, agenda, rolls, speeches, journals, minutes, polls and
votes, papers with their versions and what was read in them, the live events, the audit log with
its chain. The delegates stay the same people, so what hangs on one person grows too; beside them
come people of earlier terms, with accounts, memberships and duties that ended. What stays: the
council itself, its terms, bodies and seats.

In bulk and in one transaction, straight into the tables; the guards of the records stay in place.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled

BATCH = 900  # rows an INSERT, where the engine allows so many
STAYS = {
    "councils.Council",
    "councils.LegislativeTerm",
    "councils.CouncilFunction",
    "councils.Organization",
    "councils.Seat",
    "procedure.Holiday",
    "procedure.RuleOverride",
    "notices.Address",
}
APPS = ("nghitruong.council.", "nghitruong.session.", "nghitruong.platform.notices")
PEOPLE = ("accounts.Account", "councils.Person", "councils.Membership", "councils.Duty")
POLLS = ("voting.Poll", "voting.Vote")
READERS = 10  # of each paper
LONG_AGO = date(2021, 7, 1)  # the term before

Change = Callable[[Any, int], Any]  # (row, round) → the copy's value


def _earlier(field: str, days: int = 180) -> Change:
    """The date so many days a round before."""

    def change(row: Any, round_: int) -> Any:
        value = getattr(row, field)
        return value - timedelta(days=days * round_) if value is not None else None

    return change


# What a copy cannot keep: unique numbers, and what is going on only in the present.
CHANGES: dict[str, dict[str, Any]] = {
    "accounts.Account": {"username": lambda row, n: f"{row.username}.{n}"},
    "councils.Membership": {
        "seat_id": None,
        "starts_on": LONG_AGO,
        "ends_on": date(2026, 3, 29),
    },
    "councils.Duty": {"starts_on": LONG_AGO, "ends_on": date(2026, 3, 29)},
    "meetings.Session": {
        "number": lambda row, n: 100 + n * 2 + row.number % 2,
        "address": lambda row, n: 100 + n * 2 + row.number % 2,
        "expected_opening": _earlier("expected_opening"),
        "state": "closed",
        "title": lambda row, n: f"{row.title} (-{n})"[:200],
    },
    "meetings.PlanTask": {"done_at": lambda row, n: row.done_at or timezone.now()},
    "meetings.Sitting": {
        "state": "closed",
        "roll_open": False,
        "starts_at": _earlier("starts_at"),
        "ends_at": _earlier("ends_at"),
        "current_item_id": None,
    },
    "meetings.Summons": {"reply": "coming"},
    "floor.SpeakerRequest": {
        "state": lambda row, n: "lapsed" if row.state in {"waiting", "called"} else row.state
    },
    "floor.Speech": {"ended_at": lambda row, n: row.ended_at or row.started_at},
    "opinions.Opinion": {"nonce": lambda row, n: uuid.uuid4()},
    "guests.GuestPass": {
        "number": lambda row, n: row.number + 1000 * n,
        "token_digest": lambda row, n: uuid.uuid4().hex,
        "revoked_at": lambda row, n: row.revoked_at or row.issued_at,
    },
    "notices.Message": {"key": lambda row, n: f"{row.key}:{n}"},
    "notices.Delivery": {
        "state": lambda row, n: "sent" if row.state in {"queued", "sending"} else row.state,
        "due_at": None,
    },
}


def grow(slug: str = "lao-cai", times: int = 100) -> dict[str, Any]:
    """Multiply the council's rows by ``times``; how many rows of each kind there are now.

    ``not_grown`` names what a rule of its own table did not let be copied: empty, or this module
    must learn about it.
    """
    from nghitruong.council.councils.models import Council

    council = Council.objects.get(slug=slug)
    not_grown: list[str] = []
    with scope(council=council.pk), transaction.atomic():
        work = _work()
        people = [apps.get_model(name) for name in PEOPLE]
        old = {model: _rows(model, council) for model in [*people, *work]}
        for round_ in range(1, times):
            keys = _Keys(round_, {model: old[model] for model in people})
            for model in people:
                keys.copy(model, old[model])
            while not _grow_work(_Keys(round_, {m: old[m] for m in work}), work, council.pk):
                refused = _refused.pop()
                not_grown.append(refused._meta.label)
                work.remove(refused)
        _grow_audit(council.pk, times)
        _signed_in(times)
    from nghitruong.platform.audit import sealer

    sealer.seal_pending(everything=True)
    if connection.vendor == "postgresql":  # as autovacuum does by itself after such a day
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return _counts(council) | {"not_grown": not_grown}


_refused: list[type[models.Model]] = []


def _grow_work(keys: _Keys, work: list[type[models.Model]], council_id: uuid.UUID) -> bool:
    """One round of the council's work; False, and nothing done, when a table refused its copies
    (``_refused``)."""
    try:
        with transaction.atomic():
            for model in work:
                if model._meta.label not in POLLS:
                    try:
                        keys.copy(model, keys.rows[model])
                    except IntegrityError:
                        _refused.append(model)
                        raise
            _polls(keys)
            _events(keys)
            _readers(keys, council_id)
    except IntegrityError:
        if not _refused:
            raise
        return False
    return True


def _belongs(model: type[models.Model]) -> bool:
    """Whether rows of this model are one council's own."""
    names = {field.name for field in model._meta.concrete_fields}
    return bool(names & {"council", "council_id"}) and not model._meta.proxy


def _work() -> list[type[models.Model]]:
    """Every kind of row of a council's work. In any order: each round knows all its keys before
    its first row, and both engines look at references when the transaction ends."""
    found = [
        model
        for config in apps.get_app_configs()
        if config.name.startswith(APPS)
        for model in config.get_models()
        if _belongs(model) and model._meta.label not in {*STAYS, *PEOPLE}
    ]
    return sorted(found, key=lambda model: model._meta.label)


def _rows(model: type[models.Model], council: Any) -> list[Any]:
    if model._meta.label == "accounts.Account":
        return list(model._default_manager.filter(people__council=council))
    rows = model._default_manager.filter(council_id=council.pk)
    if model._meta.label == "voting.Poll":
        rows = rows.filter(state="published")
    if model._meta.label == "voting.Vote":
        rows = rows.filter(poll__state="published")
    return list(rows)


class _Keys:
    """New keys for old ones within one round; makes the copies."""

    def __init__(self, round_: int, rows: dict[type[models.Model], list[Any]]) -> None:
        from nghitruong.platform.storage.ids import new_id

        self.round = round_
        self.rows = rows
        self.new: dict[uuid.UUID, uuid.UUID] = {
            row.pk: new_id()
            for some in rows.values()
            for row in some
            if isinstance(row.pk, uuid.UUID)
        }

    def copies(self, model: type[models.Model], rows: list[Any]) -> Iterator[Any]:
        """Unsaved copies; references into this round's rows follow, others stay."""
        names = [field.attname for field in model._meta.concrete_fields]
        key = model._meta.pk.attname  # type: ignore[union-attr]
        changes = CHANGES.get(model._meta.label, {})
        new = self.new
        for row in rows:
            values = {name: getattr(row, name) for name in names}
            for name, value in values.items():
                if value.__class__ is uuid.UUID and value in new:
                    values[name] = new[value]
            for name, change in changes.items():
                values[name] = change(row, self.round) if callable(change) else change
            values[key] = new.get(row.pk)  # None: a number the database gives
            yield model(**values)

    def copy(self, model: type[models.Model], rows: list[Any]) -> list[Any]:
        """Store the copies."""
        made = list(self.copies(model, rows))
        model._default_manager.bulk_create(made, batch_size=BATCH)
        return made


def _polls(keys: _Keys) -> None:
    """Counted polls: voted while open, one open at a time in a sitting, then counted."""
    poll_model, vote_model = (apps.get_model(name) for name in POLLS)
    votes = defaultdict(list)
    for vote in _published(vote_model):
        votes[vote.poll_id].append(vote)
    for poll in _published(poll_model):
        (made,) = keys.copies(poll_model, [poll])
        made.state = "open"
        poll_model._default_manager.bulk_create([made])
        keys.copy(vote_model, votes[poll.pk])
        poll_model._default_manager.filter(pk=made.pk).update(state="published")


_published_rows: dict[type[models.Model], list[Any]] = {}


def _published(model: type[models.Model]) -> list[Any]:
    """The demo's own counted polls or their votes, read once."""
    if model not in _published_rows:
        path = "state" if model._meta.label == "voting.Poll" else "poll__state"
        _published_rows[model] = list(model._default_manager.filter(**{path: "published"}))
    return _published_rows[model]


_event_rows: list[Any] = []


def _events(keys: _Keys) -> None:
    """What every screen of the copied sittings was told."""
    from nghitruong.platform.live.models import Event, Stream

    if not _event_rows:
        streams = Stream.objects.filter(key__startswith="sitting:")
        events = Event.objects.filter(stream__startswith="sitting:")
        _event_rows.extend([list(streams), list(events)])
    streams, events = _event_rows

    def moved(key: str) -> str:
        kind, sitting, audience = key.split(":")
        return f"{kind}:{keys.new[uuid.UUID(sitting)]}:{audience}"

    Stream.objects.bulk_create(
        [Stream(key=moved(s.key), council_id=s.council_id, seq=s.seq) for s in streams]
    )
    Event.objects.bulk_create(
        [
            Event(stream=moved(e.stream), seq=e.seq, type=e.type, data=e.data, at=e.at)
            for e in events
        ],
        batch_size=BATCH,
    )


def _readers(keys: _Keys, council_id: uuid.UUID) -> None:
    """Delegates who opened the papers, and the office that sent them."""
    from nghitruong.council.councils.models import Person
    from nghitruong.council.papers.models import PaperVersion, ReadingPosition, Upload

    people = [
        *Person.objects.filter(memberships__post="delegate", memberships__ends_on=None)
        .order_by("sort_key")
        .values_list("pk", flat=True)[:READERS]
    ]
    versions = [keys.new[row.pk] for row in keys.rows[PaperVersion]]
    # What somebody has read in the demo is copied already.
    read = {(row.person_id, keys.new[row.version_id]) for row in keys.rows[ReadingPosition]}
    ReadingPosition.objects.bulk_create(
        [
            ReadingPosition(council_id=council_id, person_id=person, version_id=version, page=3)
            for version in versions
            for person in people
            if (person, version) not in read
        ],
        batch_size=BATCH,
    )
    Upload.objects.bulk_create(
        [
            Upload(
                council_id=council_id,
                length=row.size,
                offset=row.size,
                owner_id=people[0],
                paper_id=keys.new[row.paper_id],
                finished_at=timezone.now(),
            )
            for row in keys.rows[PaperVersion]
        ]
    )


def _grow_audit(council_id: uuid.UUID, times: int) -> None:
    """Audit rows are chained, so new ones are written as the system writes them, then sealed."""
    from nghitruong.platform.audit import api as audit
    from nghitruong.platform.audit.models import Entry

    rows = list(Entry.objects.filter(council_id=council_id))
    for round_ in range(1, times):
        Entry.objects.bulk_create(
            [
                audit.build(
                    row.action,
                    council_id=council_id,
                    actor_id=row.actor_id,
                    actor_name=row.actor_name,
                    target_type=row.target_type,
                    target_id=row.target_id,
                    payload=row.payload,
                    at=row.at - timedelta(days=180 * round_),
                )
                for row in rows
            ],
            batch_size=BATCH,
        )


def _signed_in(times: int) -> None:
    """Sessions of browsers, as many as there are accounts."""
    from django.contrib.sessions.models import Session

    until = timezone.now() + timedelta(days=14)
    Session.objects.bulk_create(
        [
            Session(session_key=uuid.uuid4().hex, session_data="e30:x", expire_date=until)
            for _ in range(90 * (times - 1))
        ],
        batch_size=BATCH,
    )


def _counts(council: Any) -> dict[str, int]:
    """Rows of the council's kinds that have any."""
    with scopes_disabled():
        kinds = [model for model in apps.get_models() if _belongs(model)]
        found = {
            model._meta.label_lower: model._default_manager.filter(council_id=council.pk).count()
            for model in kinds
        }
    return {name: count for name, count in sorted(found.items()) if count > 1}

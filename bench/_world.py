"""Fills an empty installation with a council as large as the benchmark needs, and a sitting.

Runs in the benchmark's own process, after ``django.setup()`` on the temporary database.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone
from django_scopes import scope

from nghitruong.council.councils.models import (
    Council,
    LegislativeTerm,
    Membership,
    Organization,
    Person,
)
from nghitruong.council.councils.roles import Actor
from nghitruong.council.councils.tests.factories import TERM_START, make_cast, make_council
from nghitruong.council.procedure.profiles import freeze, profile_for
from nghitruong.lib.text import fold, text_key
from nghitruong.platform.live import tickets
from nghitruong.platform.live.commands import Ticket
from nghitruong.platform.storage.ids import new_id
from nghitruong.session.meetings.models import AgendaItem, RollEntry, Session, Sitting
from nghitruong.session.voting import actions
from nghitruong.session.voting.models import Poll, Vote
from tests.support.hall import everybody_present, signed_in


@dataclass
class World:
    """A sitting in progress with everybody present."""

    council: Council
    sitting: Sitting
    chair: Actor
    people: list[uuid.UUID]
    delegates: list[Actor]  # who have accounts: their pages can be opened in a browser
    clerk: Actor
    rounds: int = 0
    tickets: dict[uuid.UUID, str] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return str(self.council.slug)

    def cookie(self, person_id: uuid.UUID) -> str:
        """The ticket cookie of a person's screen: its stream and its taps carry the same one."""
        if person_id not in self.tickets:
            self.tickets[person_id] = tickets.make(
                Ticket(
                    self.council.pk,
                    person_id,
                    self.sitting.pk,
                    "bench",
                    "Đại biểu",
                    self.council.slug,
                )
            )
        return f"{tickets.COOKIE}={self.tickets[person_id]}"

    def open_poll(self) -> Poll:
        """A new item with a new poll, open."""
        self.rounds += 1
        with scope(council=self.council.pk):
            item = AgendaItem.objects.create(
                council=self.council,
                session_id=self.sitting.session_id,
                sitting=self.sitting,
                order=self.rounds,
                kind="decision",
                title=f"Dự thảo Nghị quyết số {self.rounds}",
            )
            Sitting.objects.filter(pk=self.sitting.pk).update(current_item=item)
            self.sitting.refresh_from_db()
            poll = actions.prepare_poll(item, by=self.chair, sitting=self.sitting)
            return actions.open_poll(poll, by=self.chair)

    def publish(self, poll: Poll) -> None:
        """Announce."""
        with scope(council=self.council.pk):
            actions.publish_poll(Poll.objects.get(pk=poll.pk), by=self.chair)

    def annul(self, poll: Poll) -> None:
        """Make room for the next poll."""
        with scope(council=self.council.pk):
            actions.annul_poll(Poll.objects.get(pk=poll.pk), by=self.chair, reason="đo lại")

    def stored(self, poll: Poll) -> dict[uuid.UUID, tuple[str, str]]:
        """person → (choice, receipt) as the database has it."""
        with scope(council=self.council.pk):
            return {
                person: (choice, receipt)
                for person, choice, receipt in Vote.objects.filter(poll=poll).values_list(
                    "person_id", "choice", "receipt"
                )
            }


def build(people: int) -> World:
    """A council of ``people`` delegates, all present in an open sitting."""
    council = make_council(seats=people)
    with scope(council=council.pk):
        cast = make_cast(council, accounts=True)
        term = LegislativeTerm.objects.get()
        plenary = Organization.objects.get(code="plenary")
        have = {m.person_id: m for m in Membership.objects.filter(organization=plenary)}
        for number in range(people - len(have)):
            name = f"Đại biểu {number}"
            person = Person(
                id=new_id(),
                council=council,
                full_name=name,
                sort_key=text_key(name),
                fold=fold(name),
            )
            have[person.pk] = Membership(
                council=council,
                person=person,
                organization=plenary,
                term=term,
                post="delegate",
                post_label="Đại biểu",
                starts_on=TERM_START,
            )
        fresh = [m for m in have.values() if m._state.adding]
        Person.objects.bulk_create([m.person for m in fresh])
        Membership.objects.bulk_create(fresh)
        session = Session.objects.create(
            council=council,
            term=term,
            number=1,
            kind="regular",
            title="Kỳ họp thứ nhất",
            expected_opening=timezone.localdate() + timedelta(days=1),
            state="in_session",
            profile_code="vn-2026-province",
            profile=freeze(profile_for(council, timezone.localdate())),
        )
        sitting = Sitting.objects.create(
            council=council,
            session=session,
            number=1,
            kind="plenary",
            title="Phiên toàn thể",
            starts_at=timezone.now(),
            state="open",
            opened_at=timezone.now(),
            presiding=cast.chair.person,
        )
        members = Membership.objects.filter(organization=plenary).select_related("person")
        everybody_present(sitting, members)
        ids = list(
            RollEntry.objects.filter(sitting=sitting)
            .exclude(person=cast.chair.person)
            .values_list("person_id", flat=True)
        )
        delegates = [one for one in cast.delegates if one.id != cast.chair.id]
        return World(council, sitting, cast.chair, [cast.chair.id, *ids], delegates, cast.clerk)


def login(actor: Actor) -> str:
    """A session cookie for the actor's account."""
    return signed_in(actor.account)

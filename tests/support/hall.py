"""A full hall: a council, an open sitting with everybody present, an open poll.

:func:`fill` works in any process with Django ready (a test's own database). For a real
installation, ``python -m tests.support.hall SEATS`` runs in its environment and prints, as JSON,
what :class:`Hall` holds: enough to be every tablet in the room without Django.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
CHOICES = ("yes", "no", "abstain")


@dataclass
class Hall:
    """Keys as hexadecimal texts, tickets as cookie values."""

    slug: str
    sitting: str
    poll: str
    chair: str
    people: dict[str, str]  # delegate's person → ticket (the chair's too)
    session: str = ""  # the chair's cookie at the ordinary pages


def fill(seats: int) -> Hall:
    """Build the province's council and its hall in this process's database."""
    from nghitruong.config.demo.people import build_province

    return fill_council(build_province(seats=seats))


def fill_council(built: Any, presides: str = "an") -> Hall:
    """The same for a council already built; ``presides`` is the chair's user name."""
    from django.utils import timezone
    from django_scopes import scope

    from nghitruong.council.councils.models import Membership, OrganizationKind
    from nghitruong.council.councils.roles import actor_for
    from nghitruong.council.procedure.profiles import freeze, profile_for
    from nghitruong.session.meetings.models import AgendaItem, Session, Sitting
    from nghitruong.session.voting import actions

    today = timezone.localdate()
    council = built.council
    with scope(council=council.pk):
        chair = actor_for(built.people[presides].account, council, today)
        assert chair is not None
        session = Session.objects.create(
            council=council,
            term=built.term,
            number=4,
            kind="regular",
            title="Kỳ họp thứ 4",
            expected_opening=today,
            profile_code="vn-2026-province",
            profile=freeze(profile_for(council, today)),
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
            presiding=chair.person,
        )
        item = AgendaItem.objects.create(
            council=council,
            session=session,
            sitting=sitting,
            order=1,
            kind="decision",
            title="Dự thảo Nghị quyết về dự toán ngân sách",
        )
        sitting.current_item = item
        sitting.save()
        members = Membership.objects.filter(
            organization__kind=OrganizationKind.PLENARY
        ).select_related("person")
        everybody_present(sitting, members)
        poll = actions.open_poll(actions.prepare_poll(item, by=chair, sitting=sitting), by=chair)
        people = {
            member.person_id.hex: ticket_of(council, member.person, sitting.pk)
            for member in members
        }
    assert chair.account is not None
    session_cookie = signed_in(chair.account)
    return Hall(council.slug, sitting.pk.hex, poll.pk.hex, chair.id.hex, people, session_cookie)


def everybody_present(sitting: Any, members: Iterable[Any]) -> None:
    """The roll of the sitting: these memberships, all present."""
    from nghitruong.session.meetings.models import RollEntry

    RollEntry.objects.bulk_create(
        RollEntry(
            council=sitting.council,
            sitting=sitting,
            membership=member,
            person=member.person,
            name=member.person.full_name,
            sort_key=member.person.sort_key,
            presence="present",
        )
        for member in members
    )


def signed_in(account: Any) -> str:
    """The cookie of somebody who has signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def ticket_of(council: Any, person: Any, sitting_id: Any, device: str = "máy thử") -> str:
    """The cookie value a page of the sitting would have set on this person's device."""
    from nghitruong.platform.live import tickets
    from nghitruong.platform.live.commands import Ticket

    return tickets.make(
        Ticket(council.pk, person.pk, sitting_id, device, person.full_name, council.slug)
    )


def fill_installation(environment: dict[str, str], seats: int) -> Hall:
    """Migrate an empty installation and fill it, in processes of its own."""
    for arguments in (
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        [sys.executable, "-m", "tests.support.hall", str(seats)],
    ):
        done = subprocess.run(arguments, env=environment, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
    return Hall(**json.loads(done.stdout))


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nghitruong.config.settings")
    django.setup()
    print(json.dumps(asdict(fill(int(sys.argv[1])))))

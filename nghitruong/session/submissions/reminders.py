"""Who must be reminded of what today: computed from the asks, told once for each step."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from nghitruong.council.councils import queries as councils
from nghitruong.council.councils.models import (
    Council,
    Function,
    Membership,
    Person,
)
from nghitruong.council.councils.periods import in_force
from nghitruong.council.procedure.profiles import DueDate, calendar_for
from nghitruong.lib.days import HolidayCalendar, date_vn
from nghitruong.platform.audit import api as audit
from nghitruong.session.meetings.models import SessionState
from nghitruong.session.submissions import due as deadlines
from nghitruong.session.submissions.models import Ask, AskState, Reminder, ReminderStep
from nghitruong.session.submissions.telling import tell, whose_turn

JOB = "submissions.remind"
_OPEN = (SessionState.PREPARING, SessionState.CONVENED, SessionState.IN_SESSION)
_ON_THE_WAY = (AskState.PREPARING, AskState.FORWARDING)


@dataclass(frozen=True)
class Reminding:
    """One ask, the step it is at today, its day."""

    ask: Ask
    step: ReminderStep
    due: DueDate


def step_of(ask: Ask, due: DueDate, calendar: HolidayCalendar, today: date) -> ReminderStep | None:
    """Which reminder is due today; of several that were missed only the newest."""
    if today > due.due:
        return ReminderStep.OVERDUE
    if today == due.due:
        return ReminderStep.DAY
    if today >= deadlines.remind_from(ask, due, calendar):
        return ReminderStep.BEFORE
    return None


def due_today(council: Council, today: date) -> list[Reminding]:
    """What this council's bodies are to be reminded of, told or not; in the council's scope."""
    calendar = calendar_for(council)
    asks = Ask.objects.filter(state__in=_ON_THE_WAY, session__state__in=_OPEN)
    found = []
    for ask in asks.select_related("session", "body", "council").order_by("asked_at"):
        day = deadlines.due_of(ask, calendar)
        step = step_of(ask, day, calendar, today) if day is not None else None
        if day is not None and step is not None:
            found.append(Reminding(ask, step, day))
    return found


def untold(council: Council, today: date) -> list[tuple[Reminding, list[Person]]]:
    """What is to be told today and to whom: the people of the body, or those on duty to forward,
    less those told of this step before. Five statements, however many asks."""
    found = due_today(council, today)
    if not found:
        return []
    bodies = {one.ask.body_id for one in found}
    people: dict[object, list[Person]] = {}
    members = Membership.objects.filter(in_force(today), organization__in=bodies)
    for row in members.select_related("person").order_by("person__sort_key"):
        people.setdefault(row.organization_id, []).append(row.person)
    forwarders = whose_turn(AskState.FORWARDING, today)
    told = set(
        Reminder.objects.filter(ask__in=[one.ask.pk for one in found]).values_list(
            "ask", "step", "due", "person"
        )
    )
    left = []
    for one in found:
        at_body = one.ask.state == AskState.PREPARING
        turn = people.get(one.ask.body_id, []) if at_body else forwarders
        new = [
            p for p in dict.fromkeys(turn) if (one.ask.pk, one.step, one.due.due, p.pk) not in told
        ]
        if new:
            left.append((one, new))
    return left


def councils_with_reminders() -> Iterable[tuple[str, uuid.UUID]]:
    """(«day:council», council) of councils where somebody is still to be told: the sweeper of jobs.
    Called outside any scope; asked again the same day it finds nothing new."""
    waiting = Ask.objects.filter(state__in=_ON_THE_WAY, session__state__in=_OPEN)
    keys = list(waiting.order_by().values_list("council_id", flat=True).distinct())
    today = timezone.localdate()
    for key in keys:
        with scope(council=key):
            council = Council.objects.get(pk=key)
            if Function.PAPERS in councils.functions_of(key) and untold(council, today):
                yield f"{today.isoformat()}:{key}", key


def remind(key: str) -> int:
    """The job «2026-11-20:<council>»: tell who was not told yet; returns how many people were.

    Each ask in a transaction of its own: the rows that say «told» and the telling live and die
    together, and a row can be there only once.
    """
    _day, _colon, council_key = key.partition(":")
    council = Council.objects.get(pk=uuid.UUID(council_key))
    count = 0
    for one, people in untold(council, timezone.localdate()):
        with transaction.atomic():
            Reminder.objects.bulk_create(
                Reminder(
                    council=council, ask=one.ask, person=person, step=one.step, due=one.due.due
                )
                for person in people
            )
            _tell(one, people)
        count += len(people)
    return count


def words(one: Reminding) -> tuple[str, str]:
    """The title and the text of a reminder."""
    facts = {"title": one.ask.title, "day": date_vn(one.due.due), "article": one.due.article}
    title = {
        ReminderStep.BEFORE: _("Sắp đến hạn gửi tài liệu: %(title)s"),
        ReminderStep.DAY: _("Hôm nay là hạn gửi tài liệu: %(title)s"),
        ReminderStep.OVERDUE: _("Đã quá hạn gửi tài liệu: %(title)s"),
    }[one.step] % facts
    text = _("%(session)s. Hạn %(day)s (%(article)s).") % {
        **facts,
        "session": one.ask.session.title,
    }
    return title, text


def _tell(one: Reminding, people: list[Person]) -> None:
    """A notice by every way the person has; the log names who was reminded."""
    title, text = words(one)
    key = f"{one.ask.pk}:{one.step}:{one.due.due.isoformat()}"
    tell(one.ask, people, kind="remind", key=key, subject=title, text=text)
    audit.record(
        "submissions.remind",
        council_id=one.ask.council_id,
        actor_id=None,
        actor_name=_("Hệ thống"),
        target=one.ask,
        payload={"title": title, "people": [person.full_name for person in people]},
    )

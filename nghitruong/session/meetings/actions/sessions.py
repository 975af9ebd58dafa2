"""Creating a session, its plan, its state. Moving its date: :mod:`.opening`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Organization
from nghitruong.council.councils.queries import term_at
from nghitruong.council.councils.roles import Actor
from nghitruong.council.procedure.profiles import freeze, profile_for
from nghitruong.lib.text import nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.db import lock_row
from nghitruong.platform.storage.ids import new_id
from nghitruong.platform.storage.moves import move
from nghitruong.session.meetings import events, flows, rules
from nghitruong.session.meetings.models import PlanTask, Session, SessionKind, SessionState
from nghitruong.session.meetings.plan import templates_for


def create_session(
    *,
    by: Actor,
    number: int,
    kind: str,
    expected_opening: date,
    title: str = "",
    required_by: str = "",
    place: str = "",
) -> Session:
    """Begin to prepare a session.

    1. Its number is free in the running term. 2. The rules in force on its opening day are frozen
    with it (L121/2025 Đ45: an activity follows the rules under which it began). 3. The plan's
    tasks are written, without dates: those follow the opening by rule.
    """
    rules.may_prepare(by)
    if kind not in SessionKind.values:
        raise Refused("kind_missing", _("Hãy chọn loại kỳ họp."), status=422)
    required_by = nfc(required_by).strip()[:200]
    rules.check_requirer(kind, required_by)
    term = term_at(by.council, expected_opening)
    if term is None:
        raise Refused(
            "no_term",
            _(
                "Ngày khai mạc không nằm trong khóa nào của Hội đồng. Hãy kiểm tra lại "
                "ngày, hoặc lập khóa trước."
            ),
            status=422,
        )
    profile = profile_for(by.council, expected_opening)
    snapshot = freeze(profile)
    session = Session(
        council=by.council,
        term=term,
        number=number,
        kind=kind,
        title=nfc(title).strip()[:200] or default_title(number, kind, expected_opening),
        required_by=required_by,
        expected_opening=expected_opening,
        place=nfc(place).strip()[:200],
        profile_code=profile.name,
        profile=snapshot,
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                session.save(force_insert=True)
        except IntegrityError:
            raise Refused(
                "session_number_taken",
                _("Khóa này đã có kỳ họp thứ %(number)s. Hãy chọn số khác.") % {"number": number},
            ) from None
        write_plan(session)
        audit.record(
            "meetings.create_session",
            **by.audit(),
            target=session,
            payload={
                "number": number,
                "kind": kind,
                "expected_opening": expected_opening.isoformat(),
                "required_by": required_by,
                "profile": profile.name,
                "profile_hash": snapshot["hash"],
            },
        )
    return session


_ORDINALS = ("không", "nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười")


def default_title(number: int, kind: str, opening: date) -> str:
    """«Kỳ họp thứ sáu (thường lệ cuối năm 2026)»."""
    nth = _ORDINALS[number] if 0 < number < len(_ORDINALS) else str(number)
    if kind == SessionKind.REGULAR:
        half = "cuối năm" if opening.month > 7 else "giữa năm"
        return f"Kỳ họp thứ {nth} (thường lệ {half} {opening.year})"
    if kind == SessionKind.THEMATIC:
        return f"Kỳ họp thứ {nth} (chuyên đề)"
    if kind == SessionKind.URGENT:
        return f"Kỳ họp thứ {nth} (giải quyết công việc phát sinh đột xuất)"
    return f"Kỳ họp thứ {nth}"


def write_plan(session: Session) -> int:
    """Write the tasks the session does not have yet, in the caller's transaction; how many.

    For :func:`create_session`, :func:`fill_plan` and the builder of demo data.
    """
    owners: dict[str, Organization] = {}
    for body in Organization.objects.filter(ends_on__isnull=True).order_by("-sort_order"):
        owners[body.kind] = body
    have = set(PlanTask.objects.filter(session=session).values_list("key", flat=True))
    tasks = [
        PlanTask(
            council_id=session.council_id,
            session=session,
            key=template.key,
            title=template.title,
            owner=owners.get(template.owner),
            rule_key=template.binding(session.profile),
            order=order,
        )
        for order, template in enumerate(templates_for(session.kind, session.profile), start=1)
        if template.key not in have
    ]
    PlanTask.objects.bulk_create(tasks)
    return len(tasks)


def fill_plan(session: Session, *, by: Actor) -> int:
    """Add what the rules require and the plan lacks; returns how many tasks were added."""
    rules.may_prepare(by)
    with transaction.atomic():
        found = _locked(session)
        added = write_plan(found)
        if added:
            audit.record("meetings.fill_plan", **by.audit(), target=found, payload={"added": added})
    return added


def _locked(session: Session) -> Session:
    found: Session = lock_row(Session.objects.filter(pk=session.pk)).get()
    rules.check_open(found)
    return found


def edit_session(session: Session, *, by: Actor, title: str, place: str, required_by: str) -> None:
    """Correct what does not move the plan."""
    rules.may_prepare(by)
    with transaction.atomic():
        found = _locked(session)
        rules.check_requirer(found.kind, required_by.strip())
        found.title = nfc(title).strip()[:200] or found.title
        found.place = nfc(place).strip()[:200]
        found.required_by = nfc(required_by).strip()[:200]
        found.save(update_fields=["title", "place", "required_by"])
        audit.record(
            "meetings.edit_session",
            **by.audit(),
            target=found,
            payload={"title": found.title, "place": found.place, "required_by": found.required_by},
        )


def move_session(session: Session, to: str, *, by: Actor, reason: str = "") -> Session:
    """Start, close, postpone, cancel or resume a session; the last three with a reason."""
    rules.may_prepare(by)
    reason = " ".join(nfc(reason).split())[:300]
    if to in (SessionState.POSTPONED, SessionState.CANCELLED) and not reason:
        raise Refused("reason_missing", _("Hãy ghi lý do."), status=422)
    with transaction.atomic():
        found: Session = lock_row(Session.objects.filter(pk=session.pk)).get()
        before = found.state
        if to == SessionState.CLOSED:
            rules.check_may_close(found)
        move(found, flows.SESSION, to)
        audit.record(
            "meetings.move_session",
            **by.audit(),
            target=found,
            payload={"from": before, "to": to, "reason": reason},
        )
        if to in (SessionState.POSTPONED, SessionState.CANCELLED):
            label = flows.SESSION[to].label
            events.tell(found, f"{found.title}: {label}. Lý do: {reason}", by_name=by.name)
    return found


# The plan ----------------------------------------------------------------------------------------


def _record_task(action: str, task: PlanTask, by: Actor, **payload: Any) -> None:
    audit.record(action, **by.audit(), target=task, payload={"title": task.title, **payload})


def tick_task(task: PlanTask, *, by: Actor) -> PlanTask:
    """Mark a task done; done twice stays as it was."""
    rules.may_prepare(by)
    with transaction.atomic():
        now = timezone.now()
        done = PlanTask.objects.filter(pk=task.pk, done_at__isnull=True).update(
            done_at=now, done_by_name=by.name
        )
        task.refresh_from_db()
        if done:
            _record_task("meetings.tick_task", task, by)
    return task


def untick_task(task: PlanTask, *, by: Actor) -> PlanTask:
    """Take a tick back."""
    rules.may_prepare(by)
    with transaction.atomic():
        undone = PlanTask.objects.filter(pk=task.pk, done_at__isnull=False).update(
            done_at=None, done_by_name=""
        )
        task.refresh_from_db()
        if undone:
            _record_task("meetings.untick_task", task, by)
    return task


def set_task_due(task: PlanTask, due: date | None, *, by: Actor) -> PlanTask:
    """Give a task a date of its own (None: back to its rule)."""
    rules.may_prepare(by)
    with transaction.atomic():
        found: PlanTask = lock_row(PlanTask.objects.filter(pk=task.pk)).get()
        found.due_override = due
        found.save(update_fields=["due_override"])
        _record_task("meetings.set_task_due", found, by, due=due.isoformat() if due else None)
    return found


def add_task(
    session: Session, *, title: str, by: Actor, due: date, owner: Organization | None = None
) -> PlanTask:
    """A task of this session alone, with a date of its own."""
    rules.may_prepare(by)
    title = " ".join(nfc(title).split())
    if not title:
        raise Refused("title_missing", _("Hãy ghi tên việc."), status=422)
    with transaction.atomic():
        found = _locked(session)
        task = PlanTask(
            council=by.council,
            session=found,
            key=f"own-{new_id().hex}",
            title=title[:300],
            owner=owner,
            due_override=due,
            order=PlanTask.objects.filter(session=found).count() + 1,
        )
        task.save(force_insert=True)
        _record_task("meetings.add_task", task, by, due=due.isoformat())
    return task

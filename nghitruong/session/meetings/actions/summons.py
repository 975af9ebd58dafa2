"""Summons and invitations, and their answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Person
from nghitruong.council.councils.queries import delegates_at, post_summary
from nghitruong.council.councils.roles import Actor
from nghitruong.lib.text import nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.platform.storage.db import lock_row
from nghitruong.platform.storage.moves import move
from nghitruong.session.meetings import events, flows, rules
from nghitruong.session.meetings.models import (
    Reply,
    Session,
    SessionState,
    Summons,
    SummonsKind,
)


def issue_summons(session: Session, *, by: Actor, on_behalf: str = "") -> list[Summons]:
    """Summon every delegate in office on the opening day; numbers go on without a gap.

    Whoever has one already is passed over, so running it again after a by-election summons only
    the newcomer. The first time, the session becomes «đã triệu tập». Names and titles are those
    of this moment. ``on_behalf`` is the chair's name when a clerk issues them.
    """
    rules.may_summon(by)
    with transaction.atomic():
        found: Session = lock_row(Session.objects.filter(pk=session.pk)).get()
        rules.check_open(found)
        delegates = delegates_at(by.council, found.expected_opening).prefetch_related(
            "person__memberships__organization"
        )
        people: list[tuple[Person, str]] = []
        for delegate in delegates:
            posts = [
                m
                for m in delegate.person.memberships.all()
                if m.pk != delegate.pk
                and m.starts_on <= found.expected_opening
                and (m.ends_on is None or m.ends_on >= found.expected_opening)
            ]
            title = post_summary(posts) or delegate.person.title or "Đại biểu HĐND"
            people.append((delegate.person, title))
        if not people:
            raise Refused("no_delegates", _("Chưa có đại biểu nào để triệu tập."), status=422)
        issued = _issue(found, SummonsKind.SUMMONS, people)
        if found.state in (SessionState.PREPARING, SessionState.POSTPONED):
            move(found, flows.SESSION, SessionState.CONVENED, convened_on=timezone.localdate())
        if issued:
            audit.record(
                "meetings.issue_summons",
                **by.audit(),
                on_behalf=on_behalf,
                target=found,
                payload={"from": issued[0].number, "to": issued[-1].number, "n": len(issued)},
            )
            events.tell(
                found,
                f"Đã phát hành {len(issued)} giấy triệu tập {found.title}. Đề nghị đại biểu trả "
                "lời dự họp.",
                by_name=by.name,
            )
    session.state = found.state
    return issued


def invite(
    session: Session, people: Sequence[Person], *, by: Actor, on_behalf: str = ""
) -> list[Summons]:
    """Numbered invitations to guests; whoever has one already is passed over."""
    rules.may_summon(by)
    with transaction.atomic():
        found: Session = lock_row(Session.objects.filter(pk=session.pk)).get()
        rules.check_open(found)
        issued = _issue(found, SummonsKind.INVITATION, [(p, p.title) for p in people])
        if issued:
            audit.record(
                "meetings.invite",
                **by.audit(),
                on_behalf=on_behalf,
                target=found,
                payload={"from": issued[0].number, "to": issued[-1].number, "n": len(issued)},
            )
    return issued


def _issue(
    session: Session, kind: SummonsKind, people: Iterable[tuple[Person, str]]
) -> list[Summons]:
    have = set(Summons.objects.filter(session=session).values_list("person_id", flat=True))
    last = Summons.objects.filter(session=session, kind=kind).aggregate(n=Max("number"))["n"] or 0
    now = timezone.now()
    issued = []
    for person, title in people:
        if person.pk in have:
            continue
        have.add(person.pk)
        last += 1
        issued.append(
            Summons(
                council_id=session.council_id,
                session=session,
                kind=kind,
                number=last,
                person=person,
                name=person.full_name,
                title=title[:300],
                issued_at=now,
            )
        )
    Summons.objects.bulk_create(issued)
    return issued


def reply(summons: Summons, *, coming: bool, reason: str = "", by: Actor) -> Summons:
    """Say whether one comes; absence needs its reason (L72/2025 Đ33).

    The person answers; a clerk may write down what was told on the telephone, and is named so.
    May be changed until the session is over.
    """
    reason = " ".join(nfc(reason).split())[:300]
    own = by.person_id is not None and by.person_id == summons.person_id
    if not own and not rules.can_prepare(by):
        raise NotAllowed("not_your_summons", _("Giấy này gửi cho người khác."))
    if not coming and not reason:
        raise Refused(
            "reason_missing",
            _("Xin vắng thì phải ghi lý do để báo Chủ tọa. Hãy ghi lý do rồi gửi lại."),
            article=rules.ABSENCE,
            status=422,
        )
    with transaction.atomic():
        found: Summons = (
            lock_row(Summons.objects.filter(pk=summons.pk)).select_related("session").get()
        )
        rules.check_open(found.session)
        found.reply = Reply.COMING if coming else Reply.ABSENT
        found.reason = "" if coming else reason
        found.replied_at = timezone.now()
        found.save(update_fields=["reply", "reason", "replied_at"])
        audit.record(
            "meetings.reply",
            **by.audit(),
            on_behalf="" if own else found.name,
            target=found,
            payload={"reply": found.reply, "reason": found.reason},
        )
    return found

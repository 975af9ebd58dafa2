"""Who is told that a paper waits for them, and in which words; in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Duty, DutyKind, Membership, Organization, Person
from nghitruong.council.councils.periods import in_force
from nghitruong.platform.notices import api as notices
from nghitruong.platform.notices.models import Message
from nghitruong.platform.storage import words
from nghitruong.session.submissions.models import Ask, AskState, AskStep, StepKind

# On duty at a stop; at the body it is its people.
ON_DUTY = {
    AskState.FORWARDING: DutyKind.FORWARDER,
    AskState.CHECKING: DutyKind.CLERK_PAPERS,
    AskState.CLEARED: DutyKind.OFFICE_HEAD,
}


def on_duty(kind: DutyKind, today: date) -> QuerySet[Person]:
    """Who has the duty today."""
    duties = Duty.objects.filter(in_force(today), kind=kind)
    return Person.objects.filter(pk__in=duties.values("person")).order_by("sort_key")


def whose_turn(state: str, today: date) -> list[Person]:
    """Who is on duty at a stop today. Nobody: the clerk of papers takes the paper in herself, the
    chair lets it circulate."""
    found = list(on_duty(ON_DUTY[AskState(state)], today))
    if not found and state == AskState.FORWARDING:
        found = list(on_duty(DutyKind.CLERK_PAPERS, today))
    if not found and state == AskState.CLEARED:
        chairs = Membership.objects.filter(in_force(today), post="council_chair")
        found = list(Person.objects.filter(pk__in=chairs.values("person")))
    return found


def people_of(body: Organization, today: date) -> QuerySet[Person]:
    """The people of a body today."""
    members = Membership.objects.filter(in_force(today), organization=body)
    return Person.objects.filter(pk__in=members.values("person")).order_by("sort_key")


def ask_url(ask: Ask) -> str:
    """The page of an ask."""
    return reverse("submissions:ask", args=[ask.council.slug, ask.pk])


def tell(
    ask: Ask, people: Iterable[Person], *, kind: str, key: str, subject: str, text: str
) -> None:
    """One notice about one ask; outside the system only the session is named."""
    keys = [person.pk for person in people]
    if keys:
        notices.tell(
            council_id=ask.council_id,
            people=keys,
            kind=f"submissions.{kind}",
            subject=subject,
            text=text,
            url=ask_url(ask),
            key=key,
            outside=ask.session.title,
        )


def tell_step(ask: Ask, step: AskStep) -> None:
    """Whose turn it became, or whose paper was returned or is not wanted any more."""
    today = timezone.localdate()
    facts = {"title": ask.title, "session": ask.session.title, "by": step.by_name}
    if step.kind in (StepKind.RETURN, StepKind.CANCEL):
        said = {
            StepKind.RETURN: _("Bị trả lại: %(title)s"),
            StepKind.CANCEL: _("Thôi đề nghị: %(title)s"),
        }[StepKind(step.kind)]
        text = _("%(by)s ghi lý do: %(reason)s") % {**facts, "reason": step.reason}
        tell(
            ask, people_of(ask.body, today), kind=step.kind, key=str(step.pk),
            subject=said % facts, text=text,
        )  # fmt: skip
    elif step.kind in (StepKind.SEND, StepKind.FORWARD, StepKind.CHECK):
        said = {
            AskState.FORWARDING: _("Chờ chuyển: %(title)s"),
            AskState.CHECKING: _("Chờ kiểm tra: %(title)s"),
            AskState.CLEARED: _("Chờ cho lưu hành: %(title)s"),
        }[AskState(ask.state)]
        text = _("%(session)s. Người gửi: %(by)s") % facts
        tell(
            ask, whose_turn(ask.state, today), kind=step.kind, key=str(step.pk),
            subject=said % facts, text=text,
        )  # fmt: skip


def tell_asked(asks: Sequence[Ask]) -> None:
    """Each body once, however many papers it was asked for."""
    today = timezone.localdate()
    bodies: dict[Organization, list[Ask]] = {}
    for ask in asks:
        bodies.setdefault(ask.body, []).append(ask)
    for body, own in bodies.items():
        subject = (
            _("Đề nghị gửi tài liệu: %(title)s") % {"title": own[0].title}
            if len(own) == 1
            else _("Đề nghị gửi %(n)d tài liệu") % {"n": len(own)}
        )
        tell(
            own[0], people_of(body, today), kind="ask", key=str(own[0].pk), subject=subject,
            text="\n".join([own[0].session.title, *(ask.title for ask in own)]),
        )  # fmt: skip


def unsay(ask: Ask, subject: str) -> None:
    """What was told of a paper that must leave the system says so no more, in the caller's
    transaction; it has the ask's title until then."""
    told = Message.objects.filter(council_id=ask.council_id, kind__startswith="submissions.")
    about = Q(url=ask_url(ask))
    for title in words.specific([ask.title]):  # «Tờ trình» stands in a hundred others
        about |= Q(subject__contains=title) | Q(text__contains=title)
    for key in told.filter(about).values_list("pk", flat=True):
        notices.redact(key, subject=subject)

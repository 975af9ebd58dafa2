"""The sitting that goes on or begins today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.config.today.tasks import (
    RUNNING,
    UPCOMING,
    Task,
    Urgency,
    provider,
    provider_of,
    sitting_url,
)
from nghitruong.council.councils.models import DutyKind, Function
from nghitruong.council.councils.roles import Actor, Role
from nghitruong.session.meetings.models import Sitting, SittingState
from nghitruong.session.voting.models import Poll, PollState


def _doors(actor: Actor, sitting: Sitting) -> Iterator[tuple[str, str]]:
    """The screens of a running sitting that are this person's, the likeliest first: (URL name,
    words of the button). Vice chairs sit among the delegates unless they preside."""
    hall = ("floor:hall", _("Vào họp"))
    cockpit = ("floor:cockpit", _("Vào điều hành"))
    if actor.is_chair:
        presides = actor.person is not None and sitting.presiding_id == actor.person.pk
        yield from (cockpit, hall) if presides or actor.delegate is None else (hall, cockpit)
    elif actor.is_clerk:
        yield "floor:desk", _("Vào bàn thư ký")
    elif actor.delegate is not None:
        yield hall
    elif actor.has(Role.AGENCY, Role.GUEST, Role.PRESS) and not (
        sitting.closed_doors and actor.roles <= {Role.GUEST, Role.PRESS}
    ):
        yield "floor:hall", _("Theo dõi phiên họp")
    elif actor.has(Role.SUPPORT):
        yield "floor:projector", _("Mở màn hình hội trường")


@provider
def running_sittings(actor: Actor) -> Iterator[Task]:
    """A sitting is going on, or its roll is being called: nothing is more urgent."""
    calling = Q(state=SittingState.PLANNED, roll_open=True)
    rows = Sitting.objects.filter(Q(state__in=RUNNING) | calling).select_related("session")
    for sitting in rows:
        state = sitting.get_state_display()
        if sitting.state == SittingState.PLANNED:
            state = _("đang điểm danh")
        for name, button in _doors(actor, sitting):
            yield Task(
                urgency=Urgency.NOW,
                title=sitting.title,
                text=_("%(session)s, %(state)s")
                % {"session": sitting.session.title, "state": state},
                icon="podium",
                button=button,
                url=sitting_url(name, actor, sitting),
            )


@provider
def outcomes_to_publish(actor: Actor) -> Iterator[Task]:
    """Votes closed and not announced: the hall waits for the chair."""
    if not actor.is_chair:
        return
    polls = Poll.objects.filter(state=PollState.CLOSED).select_related("sitting__session")
    for poll in polls.order_by("closed_at"):
        yield Task(
            urgency=Urgency.NOW,
            title=_("Công bố kết quả biểu quyết"),
            text=poll.question,
            icon="speakerphone",
            button=_("Xem và công bố"),
            url=sitting_url("floor:cockpit", actor, poll.sitting),
        )


@provider_of(Function.ROLL_CALL)
def rolls_to_open(actor: Actor) -> Iterator[Task]:
    """A sitting begins today (or has begun) and nobody can check in yet."""
    if not actor.has(DutyKind.CLERK_ROLL):
        return
    tomorrow = timezone.localtime().replace(hour=0, minute=0, second=0) + timedelta(days=1)
    rows = Sitting.objects.filter(
        Q(state=SittingState.PLANNED, starts_at__lt=tomorrow) | Q(state__in=RUNNING),
        session__state__in=UPCOMING,
        roll_open=False,
        roll__isnull=True,
    ).select_related("session")
    for sitting in rows.order_by("starts_at")[:3]:
        yield Task(
            urgency=Urgency.NOW if sitting.state in RUNNING else Urgency.TODAY,
            title=_("Mở điểm danh: %(sitting)s") % {"sitting": sitting.title},
            text=_("Dự kiến bắt đầu %(at)s")
            % {"at": f"{timezone.localtime(sitting.starts_at):%H:%M ngày %d/%m/%Y}"},
            icon="user-check",
            button=_("Mở bàn thư ký"),
            url=sitting_url("floor:desk", actor, sitting),
        )

"""Before the session: answers to summons, answers to opinions, the preparation plan."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nghitruong.config.today.tasks import UPCOMING, Task, Urgency, provider, session_url
from nghitruong.council.councils.roles import Actor
from nghitruong.council.opinions.queries import waiting_for
from nghitruong.session.meetings.models import Reply, Session, Summons
from nghitruong.session.meetings.queries import late_tasks_for

SOON_DAYS = 3  # a task of the plan stands on the page so many days before its date


@provider
def summons_to_answer(actor: Actor) -> Iterator[Task]:
    """A summons or an invitation not yet answered."""
    if actor.person is None:
        return
    rows = Summons.objects.filter(
        person=actor.person, reply=Reply.NONE, session__state__in=UPCOMING
    ).select_related("session")
    for summons in rows.order_by("session__expected_opening"):
        yield Task(
            urgency=Urgency.TODAY,
            title=_("Trả lời %(kind)s số %(number)s")
            % {"kind": summons.get_kind_display().lower(), "number": summons.number},
            text=_("%(session)s, khai mạc ngày %(day)s")
            % {
                "session": summons.session.title,
                "day": f"{summons.session.expected_opening:%d/%m/%Y}",
            },
            icon="mail",
            button=_("Trả lời"),
            url=session_url("meetings:my_summons", actor, summons.session),
        )


@provider
def opinions_waiting(actor: Actor) -> Iterator[Task]:
    """Opinions of delegates on drafts: the agency answers, the Ban confirms."""
    for what, paper, count in waiting_for(actor):
        answers = what == "answer"
        title = (
            ngettext("Trả lời %(n)s ý kiến đại biểu", "Trả lời %(n)s ý kiến đại biểu", count)
            if answers
            else ngettext(
                "Xác nhận %(n)s ý kiến đã trả lời", "Xác nhận %(n)s ý kiến đã trả lời", count
            )
        )
        state = "" if answers else "?trang_thai=answered"
        yield Task(
            urgency=Urgency.TODAY,
            title=title % {"n": count},
            text=paper.title,
            icon="message",
            button=_("Mở bảng ý kiến"),
            url=reverse("opinions:table", args=[actor.council.slug, paper.pk]) + state,
        )


@provider
def late_preparations(actor: Actor) -> Iterator[Task]:
    """Tasks of the preparation plan past their date or nearly, two lines for each session."""
    if not actor.is_clerk:
        return
    found: dict[tuple[Session, bool], list[str]] = {}
    for session, line in late_tasks_for(actor, soon=SOON_DAYS):
        found.setdefault((session, line.late), []).append(line.task.title)
    for (session, late), titles in found.items():
        words = (
            _("%(n)s việc chuẩn bị đã quá hạn")
            if late
            else _("%(n)s việc chuẩn bị đến hạn trong 3 ngày")
        )
        yield Task(
            urgency=Urgency.TODAY if late else Urgency.SOON,
            title=words % {"n": len(titles)},
            text="; ".join(titles[:3]) + ("…" if len(titles) > 3 else ""),
            icon="hourglass",
            button=_("Mở kế hoạch"),
            url=session_url("meetings:plan", actor, session),
        )

"""What waits for whom on the way of papers: a part of «Việc hôm nay»."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from nghitruong.config.today.tasks import Task, Urgency, provider_of
from nghitruong.council.councils.models import Function
from nghitruong.council.councils.roles import Actor
from nghitruong.session.submissions.due import Clocks
from nghitruong.session.submissions.models import Ask, AskState, AskStep
from nghitruong.session.submissions.queries import last_returns, waiting_for

_SHOWN = 5  # asks of one stop on the page; the rest is one line
_SOON_DAYS = 7
_WORDS = {
    AskState.PREPARING: (gettext_noop("Gửi tài liệu: %(title)s"), gettext_noop("Tải lên, gửi")),
    AskState.FORWARDING: (gettext_noop("Chuyển tài liệu: %(title)s"), gettext_noop("Xem, chuyển")),
    AskState.CHECKING: (gettext_noop("Kiểm tra tài liệu: %(title)s"), gettext_noop("Kiểm tra")),
    AskState.CLEARED: (gettext_noop("Cho lưu hành: %(title)s"), gettext_noop("Xem, cho lưu hành")),
}


@provider_of(Function.PAPERS)
def papers_on_the_way(actor: Actor) -> Iterator[Task]:
    """Asked-for papers whose turn is this person's, the most urgent first: late or returned today,
    soon due soon; what is far off when possible."""
    waiting = waiting_for(actor)
    if not waiting:
        return
    clocks, returns = Clocks(actor.council), last_returns(waiting)
    by_stop: dict[str, list[Task]] = {}
    for ask in waiting:
        by_stop.setdefault(ask.state, []).append(_task(ask, clocks, returns.get(ask.pk)))
    for tasks in by_stop.values():
        tasks.sort(key=lambda task: task.urgency)
        yield from tasks[:_SHOWN]
        if len(tasks) > _SHOWN:
            yield Task(
                urgency=tasks[_SHOWN].urgency,
                title=_("Còn %(n)s tài liệu được yêu cầu nữa") % {"n": len(tasks) - _SHOWN},
                icon="file-upload",
                button=_("Xem danh sách"),
                url=reverse("submissions:asks", args=[actor.council.slug]),
            )


def _task(ask: Ask, clocks: Clocks, returned: AskStep | None) -> Task:
    title, button = (_(words) for words in _WORDS[AskState(ask.state)])
    clock = clocks.of(ask)
    parts = [ask.session.title]
    urgency = Urgency.WHEN_POSSIBLE
    if clock is not None:
        parts.append(str(clock))
        left = clock.days if clock.state in ("running", "met") else -clock.days
        urgency = Urgency.TODAY if left <= 0 else Urgency.SOON if left <= _SOON_DAYS else urgency
    if ask.state != AskState.PREPARING:  # somebody else waits for it
        urgency = min(urgency, Urgency.SOON)
    if returned is not None:
        parts.append(_("bị trả lại: %(reason)s") % {"reason": returned.reason})
        urgency = Urgency.TODAY
    return Task(
        urgency=urgency,
        title=title % {"title": ask.title},
        text="; ".join(parts),
        icon="file-upload",
        button=button,
        url=reverse("submissions:ask", args=[ask.council.slug, ask.pk]),
    )

"""What waits for a person, over all apps: the queries of «Việc hôm nay».

Each provider asks one or two questions of the database, whatever the number of rows, and only of
people whose role it concerns. A new app adds a provider with :func:`provider`.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nghitruong.council.councils.models import DutyKind, Function
from nghitruong.council.councils.roles import Actor, Role
from nghitruong.council.intake.models import Intake, IntakeState
from nghitruong.council.opinions.queries import waiting_for
from nghitruong.council.papers.models import Paper, PaperState, PaperVersion, ReadingPosition
from nghitruong.platform.audit.queries import unsealed_before
from nghitruong.platform.storage.guards import missing_guards
from nghitruong.session.meetings.models import (
    AgendaItem,
    AgendaPaper,
    Reply,
    Session,
    SessionState,
    Sitting,
    SittingState,
    Summons,
)
from nghitruong.session.meetings.queries import late_tasks_for, may_be_inside
from nghitruong.session.voting.models import Poll, PollState


class Urgency(IntEnum):
    """The order of the page."""

    NOW = 0  # the hall is waiting
    TODAY = 1
    SOON = 2
    WHEN_POSSIBLE = 3


@dataclass(frozen=True, kw_only=True)
class Task:
    """A line of the page: what, why, and the one button."""

    urgency: Urgency
    title: str
    text: str = ""
    icon: str = "checkbox"
    button: str
    url: str


Provider = Callable[[Actor], Iterable[Task]]
_providers: list[tuple[Provider, Function | None]] = []
UPCOMING = (SessionState.PREPARING, SessionState.CONVENED, SessionState.IN_SESSION)
SOON_DAYS = 3  # a task of the plan stands on the page so many days before its date
RUNNING = (SittingState.OPEN, SittingState.SUSPENDED)


def provider(ask: Provider) -> Provider:
    """Add a provider; it yields nothing for people it does not concern."""
    _providers.append((ask, None))
    return ask


def provider_of(function: Function) -> Callable[[Provider], Provider]:
    """Add a provider of a function: silent in a council that does not use it."""

    def add(ask: Provider) -> Provider:
        _providers.append((ask, function))
        return ask

    return add


def tasks_for(actor: Actor, functions: Collection[str]) -> list[Task]:
    """Everything that waits for this person, the most urgent first."""
    found = [
        task
        for ask, function in _providers
        if function is None or function in functions
        for task in ask(actor)
    ]
    return sorted(found, key=lambda task: task.urgency)


def role_words(actor: Actor) -> list[str]:
    """What this person is here, in words officials use."""
    words = {
        Role.CHAIR: _("Chủ tọa"),
        Role.DELEGATE: _("Đại biểu"),
        Role.SUSPENDED: _("Đại biểu (đang tạm đình chỉ)"),
        Role.CLERK: _("Thư ký"),
        Role.ADMIN: _("Quản trị viên"),
        Role.AGENCY: _("Cơ quan trình"),
        Role.GUEST: _("Khách mời"),
        Role.PRESS: _("Báo chí"),
        Role.SUPPORT: _("Tổ hỗ trợ"),
    }
    return [word for role, word in words.items() if role in actor.roles]


def coming_for(actor: Actor) -> list[Sitting]:
    """The next sittings, those running first; at most three."""
    rows: QuerySet[Sitting] = (
        Sitting.objects.filter(~Q(state=SittingState.CLOSED), session__state__in=UPCOMING)
        .select_related("session")
        .order_by("starts_at")
    )
    if not may_be_inside(actor):
        rows = rows.filter(closed_doors=False)
    return list(rows[:3])


# The sitting -----------------------------------------------------------------------------------


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
    """A sitting is going on: nothing is more urgent."""
    for sitting in Sitting.objects.filter(state__in=RUNNING).select_related("session"):
        for name, button in _doors(actor, sitting):
            yield Task(
                urgency=Urgency.NOW,
                title=sitting.title,
                text=_("%(session)s, %(state)s")
                % {"session": sitting.session.title, "state": sitting.get_state_display()},
                icon="podium",
                button=button,
                url=_sitting_url(name, actor, sitting),
            )


def _sitting_url(name: str, actor: Actor, sitting: Sitting) -> str:
    return reverse(name, args=[actor.council.slug, sitting.session.number, sitting.number])


def _session_url(name: str, actor: Actor, session: Session) -> str:
    return reverse(name, args=[actor.council.slug, session.number])


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
            url=_sitting_url("floor:cockpit", actor, poll.sitting),
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
            url=_sitting_url("floor:desk", actor, sitting),
        )


# Before the session ----------------------------------------------------------------------------


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
            url=_session_url("meetings:my_summons", actor, summons.session),
        )


@provider_of(Function.PAPERS)
def papers_to_read(actor: Actor) -> Iterator[Task]:
    """Papers released for a coming session, on its agenda or not, whose newest text a delegate has
    not opened, counted by session."""
    if actor.delegate is None or actor.person is None:
        return
    coming = {session.pk: session for session in Session.objects.filter(state__in=UPCOMING)}
    places = set(
        AgendaPaper.objects.filter(
            item__session__in=coming, paper__state=PaperState.RELEASED
        ).values_list("item__session", "paper")
    ) | set(
        Paper.objects.filter(session_id__in=coming, state=PaperState.RELEASED).values_list(
            "session_id", "pk"
        )
    )
    if not places:
        return
    papers = {paper for _session, paper in places}
    texts = PaperVersion.objects.filter(paper__in=papers, unread=False)
    newest = dict(texts.values_list("paper").annotate(number=Max("number")))
    # Not a correlated EXISTS: asked of each paper anew it read all this person ever opened.
    read = dict(
        ReadingPosition.objects.filter(person=actor.person)
        .values_list("version__paper")
        .annotate(number=Max("version__number"))
    )
    unread = Counter(
        session for session, paper in places if read.get(paper, 0) < newest.get(paper, 0)
    )
    for session in sorted(coming.values(), key=lambda one: one.expected_opening):
        count = unread[session.pk]
        if not count:
            continue
        yield Task(
            urgency=Urgency.SOON,
            title=ngettext("Đọc %(n)s tài liệu chưa mở", "Đọc %(n)s tài liệu chưa mở", count)
            % {"n": count},
            text=session.title,
            icon="book",
            button=_("Mở tài liệu"),
            url=_session_url("meetings:papers", actor, session),
        )


@provider_of(Function.PAPERS)
def drafts_to_release(actor: Actor) -> Iterator[Task]:
    """Papers of a coming session that delegates cannot see yet."""
    if not actor.has(DutyKind.CLERK_PAPERS):
        return
    rows = (
        Session.objects.filter(state__in=UPCOMING)
        .annotate(
            drafts=Count(
                "items__papers",
                # What was asked for is let circulate on a page of its own.
                filter=Q(items__papers__state=PaperState.DRAFT, items__papers__ask__isnull=True),
                distinct=True,
            )
        )
        .filter(drafts__gt=0)
    )
    for session in rows.order_by("expected_opening"):
        yield Task(
            urgency=Urgency.SOON,
            title=_("Phát hành %(n)s tài liệu đang chuẩn bị") % {"n": session.drafts},
            text=session.title,
            icon="files",
            button=_("Xem tài liệu"),
            url=_session_url("meetings:papers", actor, session),
        )


@provider_of(Function.PAPERS)
def files_to_look_at(actor: Actor) -> Iterator[Task]:
    """Files in which a mark of secrecy may stand, and files that could not be read: both wait for
    the clerk, and delegates do not get them meanwhile."""
    if not actor.has(DutyKind.CLERK_PAPERS):
        return
    rows = Intake.objects.filter(
        council=actor.council, state__in=(IntakeState.HELD, IntakeState.FAILED)
    ).exclude(version__paper__state=PaperState.WITHDRAWN)
    waiting: dict[str, list[uuid.UUID]] = {}
    for state, paper in rows.values_list("state", "version__paper").distinct():
        waiting.setdefault(state, []).append(paper)
    slug = actor.council.slug
    for state, urgency, title, text in (
        (
            IntakeState.HELD,
            Urgency.TODAY,
            _("%(n)s tài liệu chờ xem dấu mật"),
            _("Đại biểu chưa nhận được cho đến khi Văn phòng xem và quyết định"),
        ),
        (
            IntakeState.FAILED,
            Urgency.SOON,
            _("%(n)s tài liệu máy chưa đọc được"),
            _("Hãy mở tài liệu để xem lý do, xử lý lại hoặc thay tệp"),
        ),
    ):
        keys = waiting.get(state, [])
        if keys:
            yield Task(
                urgency=urgency,
                title=title % {"n": len(keys)},
                text=text,
                icon="file-alert",
                button=_("Xem tài liệu"),
                url=reverse("papers:details", args=[slug, keys[0]])
                if len(keys) == 1
                else reverse("papers:papers", args=[slug]),
            )


@provider_of(Function.PAPERS)
def papers_to_submit(actor: Actor) -> Iterator[Task]:
    """Agenda items that this person's body presents and that have no paper yet."""
    if not (actor.has(Role.AGENCY) and actor.body_ids):
        return
    submitted = Paper.objects.filter(agenda_items=OuterRef("pk"))
    rows = (
        AgendaItem.objects.filter(session__state__in=UPCOMING, presenting_body__in=actor.body_ids)
        .exclude(Exists(submitted))
        .exclude(asks__body__in=actor.body_ids)  # asked for: a line of its own
        .select_related("session")
    )
    for item in rows.order_by("session__expected_opening", "order")[:10]:
        yield Task(
            urgency=Urgency.SOON,
            title=_("Gửi tài liệu cho Văn phòng: %(item)s") % {"item": item.title},
            text=_("%(session)s, khai mạc ngày %(day)s")
            % {"session": item.session.title, "day": f"{item.session.expected_opening:%d/%m/%Y}"},
            icon="file-upload",
            button=_("Xem chương trình"),
            url=_session_url("meetings:agenda", actor, item.session),
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
            url=_session_url("meetings:plan", actor, session),
        )


# The installation ------------------------------------------------------------------------------


@provider
def system_checks(actor: Actor) -> Iterator[Task]:
    """What an administrator must not find out later: unprotected records, a silent sealer."""
    if not actor.has(Role.ADMIN):
        return
    log = reverse("audit:entries", args=[actor.council.slug])
    if missing_guards():
        yield Task(
            urgency=Urgency.NOW,
            title=_("Nhật ký chưa được khóa chống sửa, xóa"),
            text=_("Dừng máy chủ rồi chạy lệnh «nghitruong migrate» để đặt lại khóa."),
            icon="alert-triangle",
            button=_("Xem nhật ký"),
            url=log,
        )
    if unsealed_before(actor.council.pk, timezone.now() - timedelta(minutes=5)):
        yield Task(
            urgency=Urgency.TODAY,
            title=_("Nhật ký chưa được niêm phong từ hơn 5 phút"),
            text=_("Tiến trình nền có thể đã dừng. Hãy khởi động lại máy chủ."),
            icon="alert-triangle",
            button=_("Xem nhật ký"),
            url=log,
        )

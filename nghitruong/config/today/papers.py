"""Papers to read, to release, to look at, to hand in."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nghitruong.config.today.tasks import UPCOMING, Task, Urgency, provider_of, session_url
from nghitruong.council.councils.models import DutyKind, Function
from nghitruong.council.councils.roles import Actor, Role
from nghitruong.council.intake.models import Intake, IntakeState
from nghitruong.council.papers.models import Paper, PaperState, PaperVersion, ReadingPosition
from nghitruong.session.meetings.models import AgendaItem, AgendaPaper, Session


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
            url=session_url("meetings:papers", actor, session),
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
            url=session_url("meetings:papers", actor, session),
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
            url=session_url("meetings:agenda", actor, item.session),
        )

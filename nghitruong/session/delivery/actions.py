"""The only writers: telling readers, telling again, print runs."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.events import Change, News
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.council.papers.rules import may_manage
from nghitruong.lib.text import nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.notices import api as notices
from nghitruong.platform.notices.models import Message, Recipient
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.delivery.models import PrintRun, Release, ReleaseKind, ReleasePaper
from nghitruong.session.delivery.readers import readers_of
from nghitruong.session.meetings.clock import reached_office
from nghitruong.session.meetings.models import AgendaPaper, Session

NAMED = 8  # titles in one notice; the rest is counted
PAUSE = timedelta(minutes=2)  # between two rounds: machines need a moment to report


def tell_readers(news: News) -> None:
    """Tell everybody who may read these papers, in the transaction of the act: one message for
    each session the papers are for, and so one for each person."""
    for session, papers in _by_session(news.papers):
        _tell(news, session, papers)


def _by_session(papers: Sequence[Paper]) -> list[tuple[Session | None, list[Paper]]]:
    """Papers by the session they were sent for, or else stand on the agenda of: of several the one
    that opens last, as in ``meetings.queries.session_under``."""
    under = dict(
        AgendaPaper.objects.filter(paper__in=[p.pk for p in papers])
        .order_by("item__session__expected_opening", "-item__session")  # the last one stays
        .values_list("paper_id", "item__session_id")
    )
    found: dict[uuid.UUID | None, list[Paper]] = {}
    for paper in papers:
        found.setdefault(paper.session_id or under.get(paper.pk), []).append(paper)
    sessions = Session.objects.in_bulk([key for key in found if key is not None])
    return [(sessions.get(key) if key else None, some) for key, some in found.items()]


def _tell(news: News, session: Session | None, papers: list[Paper]) -> None:
    council = papers[0].council
    readers = readers_of(papers)
    release = Release.objects.create(
        council=council,
        session=session,
        kind=ReleaseKind(news.change.value),
        at=timezone.now(),
        by_name=news.by_name[:200],
        delegates=len(readers.delegates),
    )
    latest = _latest(papers)
    arrived = reached_office(papers)
    ReleasePaper.objects.bulk_create(
        ReleasePaper(
            council=council,
            release=release,
            paper=paper,
            version=latest[paper.pk].number if paper.pk in latest else 0,
            pages=(latest[paper.pk].pages or 0) if paper.pk in latest else 0,
            came_at=_came(latest.get(paper.pk), arrived.get(paper.pk)),
        )
        for paper in papers
    )
    slug = council.slug
    one = reverse("papers:paper", args=[slug, papers[0].pk]) if len(papers) == 1 else ""
    whole = (
        reverse("meetings:papers", args=[slug, session.address])
        if session is not None
        else reverse("papers:papers", args=[slug])
    )
    outside = _outside(news.change, session)
    if readers.delegates:
        subject, text = _words(news, session, papers)
        release.message = notices.tell(
            council_id=council.pk,
            people=readers.delegates,
            kind=f"papers.{news.change.value}",
            subject=subject,
            text=text,
            url=one or whole,
            key=str(release.pk),
            outside=outside,
        )
    if readers.others:  # they may read only some: no titles
        own = one if news.change != Change.WITHDRAWN else ""  # a guest's door to it is shut now
        release.others = notices.tell(
            council_id=council.pk,
            people=readers.others,
            kind=f"papers.{news.change.value}",
            subject=outside,
            text="",
            url=own or reverse("papers:papers", args=[slug]),
            key=f"{release.pk}:others",
            outside=outside,
        )
    release.save(update_fields=["message", "others"])


def _came(version: PaperVersion | None, arrived: datetime | None) -> datetime | None:
    """When the text that is sent was in the office: what a body uploaded lay with it until it was
    sent on."""
    if version is None:
        return None
    return max(version.uploaded_at, arrived) if arrived else version.uploaded_at


def _latest(papers: Sequence[Paper]) -> dict[uuid.UUID, PaperVersion]:
    """The newest readable text of each paper."""
    found: dict[uuid.UUID, PaperVersion] = {}
    versions = PaperVersion.objects.filter(paper__in=[p.pk for p in papers], unread=False)
    for version in versions.order_by("number"):
        found[version.paper_id] = version
    return found


def _outside(change: Change, session: Session | None) -> str:
    """What may leave the system: the session's title and what happened, no paper's name.

    Written into rows, so Vietnamese whatever language the office's screen has.
    """
    words = {
        Change.RELEASED: "có tài liệu mới",
        Change.VERSION: "có tài liệu thay bản mới",
        Change.WITHDRAWN: "có tài liệu đã rút",
    }[change]
    return f"{session.title if session is not None else 'Hội đồng nhân dân'}: {words}"[:200]


def _words(news: News, session: Session | None, papers: Sequence[Paper]) -> tuple[str, str]:
    """Subject and text of the notice inside the application."""
    where = f"Kỳ họp thứ {session.number}: " if session is not None else ""
    first = papers[0].title
    reason = f"Lý do: {news.reason}" if news.reason else ""
    if news.change == Change.WITHDRAWN:
        return f"{where}đã rút {first}", reason
    if news.change == Change.VERSION:
        return f"{where}thay bản mới {first}", reason
    if len(papers) == 1:
        return f"{where}tài liệu mới {first}", ""
    lines = [paper.title for paper in papers[:NAMED]]
    if len(papers) > NAMED:
        lines.append(f"và {len(papers) - NAMED} tài liệu khác")
    return f"{where}{len(papers)} tài liệu mới", "\n".join(lines)


# What people do ----------------------------------------------------------------------------------


def paper_opened(actor: Actor, version: PaperVersion) -> None:
    """Who opened one of the papers needs no notice of it; one statement when none waits."""
    if actor.person is None:
        return
    told = Release.objects.filter(
        papers__paper=version.paper_id, papers__version__lte=version.number
    ).order_by()
    keys = list(
        Recipient.objects.filter(
            Q(message__in=told.values("message")) | Q(message__in=told.values("others")),
            person_id=actor.person.pk,
            opened_at__isnull=True,
        ).values_list("message_id", flat=True)
    )
    if keys:
        with transaction.atomic():
            notices.opened(keys, actor.person.pk)


def resend(release: Release, *, by: Actor) -> int:
    """Tell again who has opened neither the notice nor a paper of it; returns how many.

    Refused while the last round is not two minutes old: a second tap, or machines that have not
    reported yet.
    """
    may_manage(by)
    with transaction.atomic():
        found = lock_row(Release.objects.filter(pk=release.pk)).get()
        messages = messages_of(found)
        last = Recipient.objects.filter(message__in=messages).aggregate(at=Max("last_round_at"))
        if last["at"] is not None and timezone.now() - last["at"] < PAUSE:
            raise Refused(
                "just_sent",
                _(
                    "Thông báo vừa gửi lúc %(at)s. Hãy đợi hai phút để máy của đại biểu kịp nhận "
                    "rồi gửi lại."
                )
                % {"at": f"{timezone.localtime(last['at']):%H:%M:%S}"},
            )
        told = [person for message in messages for person in notices.tell_again(message)]
        if not told:
            raise Refused("all_opened", _("Mọi người nhận đều đã mở; không còn ai để gửi lại."))
        audit.record("delivery.resend", **by.audit(), target=found, payload={"people": len(told)})
    return len(told)


def messages_of(release: Release) -> list[Message]:
    """The messages of a release: the delegates', and the others'."""
    return [message for message in (release.message, release.others) if message is not None]


# What was printed --------------------------------------------------------------------------------


def record_print(session: Session, *, sets: int, pages: int, note: str, by: Actor) -> PrintRun:
    """Write down sets that were printed after all."""
    may_manage(by)
    if sets < 1 or pages < 1:
        raise Refused("print_empty", _("Hãy ghi số bộ và số trang mỗi bộ, từ 1."), status=422)
    with transaction.atomic():
        run = PrintRun.objects.create(
            council=by.council,
            session=session,
            sets=sets,
            pages=pages,
            note=nfc(note).strip()[:200],
            by_name=by.name[:200],
        )
        audit.record(
            "delivery.record_print",
            **by.audit(),
            target=session,
            payload={"sets": sets, "pages": pages, "note": run.note},
        )
    return run


def remove_print(run: PrintRun, *, by: Actor) -> None:
    """Take back a line written by mistake; the log keeps it."""
    may_manage(by)
    with transaction.atomic():
        audit.record(
            "delivery.remove_print",
            **by.audit(),
            target=run.session,
            payload={"sets": run.sets, "pages": run.pages, "note": run.note},
        )
        PrintRun.objects.filter(pk=run.pk).delete()


# When a paper must leave -------------------------------------------------------------------------


def forget_paper(paper: Paper, versions: QuerySet[PaperVersion]) -> Iterable[str]:
    """A paper that turned out to be secret: its title leaves every notice that named it."""
    told = Release.objects.filter(papers__paper=paper).select_related("session", "message")
    for release in told:
        if release.message is not None:
            line = _outside(Change(release.kind), release.session)
            notices.redact(release.message.pk, subject=line, outside=line)
    return ()

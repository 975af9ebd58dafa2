"""Paper not printed and hours won, computed from the rows of each session; nothing is stored.

Saved pages = Σ (pages of a paper × delegates it was sent to) − Σ (sets printed × pages of a set).
Delivery time = from the moment the last file came in to the moment the last delegate was reached.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, OuterRef, Subquery, Sum

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.rules import may_manage
from nghitruong.platform.notices.models import Recipient
from nghitruong.session.delivery.models import PrintRun, Release, ReleaseKind, ReleasePaper
from nghitruong.session.meetings.models import Session
from nghitruong.session.meetings.queries import sessions_for

SENT = (ReleaseKind.RELEASED, ReleaseKind.VERSION)


@dataclass(frozen=True)
class Savings:
    """One session's figures. ``unreached``: deliveries to delegates that reached nobody yet; while
    there are some, the delivery time is not known."""

    releases: int = 0
    papers: int = 0
    pages: int = 0  # of the papers, once
    circulated: int = 0  # pages × recipients
    printed: int = 0
    last_in: datetime | None = None
    last_reached: datetime | None = None
    unreached: int = 0

    @property
    def saved(self) -> int:
        """Pages not printed; below zero when more was printed than sent."""
        return self.circulated - self.printed

    @property
    def share(self) -> float | None:
        """Of the pages that paper would have taken, how much was saved (1: all)."""
        return self.saved / self.circulated if self.circulated else None

    @property
    def took(self) -> timedelta | None:
        """From the last file in to the last delegate reached."""
        if self.unreached or self.last_in is None or self.last_reached is None:
            return None
        return max(self.last_reached - self.last_in, timedelta(0))


def savings_for(actor: Actor, sessions: Iterable[Session]) -> dict[uuid.UUID, Savings]:
    """The figures of these sessions; five statements whatever their number."""
    may_manage(actor)
    keys = [session.pk for session in sessions]
    found = {key: Savings() for key in keys}
    sent = Release.objects.filter(session__in=keys, kind__in=SENT)
    papers = ReleasePaper.objects.filter(release__in=sent).order_by()
    same = papers.filter(paper=OuterRef("paper"), release__session=OuterRef("release__session"))
    last = same.order_by("-release__at", "-pk").values("pk")[:1]
    once = papers.filter(pk=Subquery(last)).values_list("release__session")
    pages = dict(once.annotate(pages=Sum("pages")))
    for key, releases, count, circulated, last_in in papers.values_list(
        "release__session"
    ).annotate(
        releases=Count("release", distinct=True),
        count=Count("paper", distinct=True),
        circulated=Sum(F("pages") * F("release__delegates")),
        last_in=Max("came_at"),
    ):
        found[key] = Savings(releases, count, pages.get(key) or 0, circulated or 0, 0, last_in)
    runs = PrintRun.objects.filter(session__in=keys).order_by()
    for key, printed in runs.values_list("session").annotate(n=Sum(F("sets") * F("pages"))):
        found[key] = replace(found[key], printed=printed or 0)
    of_message = dict(sent.exclude(message=None).values_list("message_id", "session_id"))
    reached = (
        Recipient.objects.filter(message__in=list(of_message))
        .order_by()
        .values_list("message_id")
        .annotate(last=Max("reached_at"), told=Count("pk"), there=Count("reached_at"))
    )
    for message, last, told, there in reached:
        one = found[of_message[message]]
        latest = max(filter(None, (one.last_reached, last)), default=None)
        found[of_message[message]] = replace(
            one, last_reached=latest, unreached=one.unreached + told - there
        )
    return found


def all_for(actor: Actor) -> list[tuple[Session, Savings]]:
    """Every session of the council that papers were sent for, newest first."""
    may_manage(actor)
    used = Release.objects.filter(council=actor.council).values("session")
    # The frozen rules of each session are long, and no figure needs them.
    sessions = list(sessions_for(actor).filter(pk__in=used).defer("profile"))
    figures = savings_for(actor, sessions)
    return [(session, figures[session.pk]) for session in sessions]


def duration_words(took: timedelta | None) -> str:
    """«2 ngày 3 giờ», «4 giờ 05 phút», «37 giây»; empty when not known."""
    if took is None:
        return ""
    seconds = int(took.total_seconds())
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    if days:
        return f"{days} ngày {hours} giờ"
    if hours:
        return f"{hours} giờ {minutes:02d} phút"
    return f"{minutes} phút" if minutes else f"{seconds} giây"

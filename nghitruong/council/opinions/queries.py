"""The only door to opinions: what this person may see."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor, Role
from nghitruong.council.opinions import follow, rules
from nghitruong.council.opinions.models import Opinion, OpinionState, OpinionStep, StepKind
from nghitruong.council.papers.models import Paper, PaperState, PaperVersion
from nghitruong.council.papers.queries import papers_for, versions_for


def opinions_for(actor: Actor) -> QuerySet[Opinion]:
    """Own ones, always; those on papers of the own agency; all, for who works with all.

    What a delegate has taken back nobody else sees.
    """
    found: QuerySet[Opinion] = Opinion.objects.filter(council=actor.council)
    seen = Q(pk__in=[])
    if actor.person is not None:
        seen |= Q(author=actor.person)
    others = Q()
    if not rules.sees_all(actor):
        others = Q(pk__in=[])
        if actor.has(Role.AGENCY):
            others |= Q(paper__issuing_body__in=actor.body_ids)
    seen |= others & ~Q(state=OpinionState.WITHDRAWN)
    return found.filter(seen, paper__in=papers_for(actor).values("pk"))


def opinion_for(actor: Actor, key: uuid.UUID) -> Opinion:
    """One opinion with its steps; 404 when this person may not know of it."""
    steps = OpinionStep.objects.select_related("version").order_by("at", "pk")
    found: Opinion | None = (
        opinions_for(actor)
        .filter(pk=key)
        .select_related("paper", "version", "paper__issuing_body")
        .prefetch_related(Prefetch("steps", steps))
        .first()
    )
    if found is None:
        raise Http404
    return found


def table_paper_for(actor: Actor, key: uuid.UUID) -> Paper:
    """The paper whose table of opinions this person may see; 404 otherwise."""
    paper: Paper | None = (
        papers_for(actor).filter(pk=key).select_related("council", "issuing_body").first()
    )
    if paper is None:
        raise Http404
    if not rules.sees_all(actor) and rules.drafting_body(actor, paper) is None:
        raise Http404
    return paper


def papers_with_opinions(actor: Actor) -> QuerySet[Paper]:
    """Papers this person works with the opinions of, each with its counts, those that wait first.

    Nothing for who only gives opinions."""
    papers = papers_for(actor)
    if not rules.sees_all(actor):
        papers = papers.filter(issuing_body__in=actor.body_ids)
        if not actor.has(Role.AGENCY):
            return papers.none()
    kept = ~Q(opinions__state=OpinionState.WITHDRAWN)
    waiting = Q(opinions__state__in=(OpinionState.SENT, OpinionState.RETURNED))
    return (
        papers.select_related("council")
        .annotate(
            opinions_all=Count("opinions", filter=kept),
            opinions_waiting=Count("opinions", filter=waiting),
            opinions_answered=Count("opinions", filter=Q(opinions__state=OpinionState.ANSWERED)),
            opinions_confirmed=Count("opinions", filter=Q(opinions__state=OpinionState.CONFIRMED)),
        )
        .filter(opinions_all__gt=0)
        .order_by("-opinions_waiting", "-opinions_answered", "fold")
    )


@dataclass(frozen=True)
class Row:
    """An opinion in the table, with where its place stands now and the number of the version in
    which the Ban confirmed what was promised (0: it has not)."""

    opinion: Opinion
    where: follow.Where
    confirmed: int = 0

    @property
    def outdated(self) -> bool:
        """The draft was changed after the Ban confirmed."""
        return bool(self.confirmed) and self.confirmed < self.where.version


def newest_version(actor: Actor, paper: Paper) -> PaperVersion:
    """The newest text this person may read."""
    versions = versions_for(actor, paper)
    if not versions:
        raise Http404
    return versions[0]


def rows_for(actor: Actor, paper: Paper, *, own: bool = False) -> list[Row]:
    """The opinions on a paper in the order of its articles; ``own``: this person's alone."""
    latest = newest_version(actor, paper)
    opinions = opinions_for(actor).filter(paper=paper).select_related("version", "paper")
    follower = follow.Follower(latest)
    confirmed = _confirmed_in(paper)
    if own:
        opinions = opinions.filter(author=actor.person_id)
    else:
        opinions = opinions.exclude(state=OpinionState.WITHDRAWN)
    ordered = sorted(opinions, key=lambda o: (_order(o), o.sent_at, str(o.pk)))
    return [Row(o, follower.where(o), confirmed.get(o.pk, 0)) for o in ordered]


def row_of(opinion: Opinion, latest: PaperVersion) -> Row:
    """One opinion as the table has it."""
    confirmed = _confirmed_in(opinion.paper).get(opinion.pk, 0)
    return Row(opinion, follow.follow(opinion, latest), confirmed)


def _confirmed_in(paper: Paper) -> dict[uuid.UUID, int]:
    """Opinion that stands confirmed → number of the version the Ban confirmed it in."""
    steps = OpinionStep.objects.filter(
        opinion__paper=paper,
        opinion__state=OpinionState.CONFIRMED,
        kind=StepKind.CONFIRM,
        version__isnull=False,
    )
    return dict(steps.order_by("at", "pk").values_list("opinion", "version__number"))


_ALPHABET = "abcdđeghiklmnopqrstuvxy"


def _order(opinion: Opinion) -> tuple[tuple[int, str], ...]:
    """The whole first, then by article, clause and point."""
    series, _colon, number = opinion.article.rpartition(":")
    letter = opinion.point[:1]
    return (
        (int(series or 0), ""),
        _number(number),
        _number(opinion.clause),
        (_ALPHABET.find(letter) if letter else -1, opinion.point),
    )


def _number(text: str) -> tuple[int, str]:
    match = re.match(r"\d+", text)
    return (int(match.group()) if match else 0, text)


def waiting_for(actor: Actor) -> list[tuple[str, Paper, int]]:
    """What waits for this person: («answer» | «confirm», paper, how many)."""
    found: list[tuple[str, Paper, int]] = []
    agency = actor.has(Role.AGENCY) and bool(actor.body_ids)
    mine = rules.confirms(actor)
    if not (agency or mine):
        return found
    for paper in papers_with_opinions(actor):
        if paper.state == PaperState.WITHDRAWN:
            continue
        waits, answered = (getattr(paper, f"opinions_{name}") for name in ("waiting", "answered"))
        if agency and waits and paper.issuing_body_id in actor.body_ids:
            found.append(("answer", paper, waits))
        if paper.pk in mine and answered:
            found.append(("confirm", paper, answered))
    return found


def links(actor: Actor, paper: Paper, version: PaperVersion) -> Iterable[tuple[str, str, str]]:
    """Ways from the reading page: to speak to the text, to everybody's opinions."""
    slug = actor.council.slug
    if rules.can_give(actor, paper):
        yield (
            _("Góp ý theo điều, khoản"),
            reverse("opinions:give", args=[slug, paper.pk]),
            "message",
        )
    if rules.sees_all(actor) or rules.drafting_body(actor, paper):
        yield _("Tổng hợp ý kiến"), reverse("opinions:table", args=[slug, paper.pk]), "table"

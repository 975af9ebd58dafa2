"""What a binder's import asks of the papers that were asked for."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from nghitruong.council.binder.sessions import Asked
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper
from nghitruong.session.submissions.actions import give_back_papers, take_in_paper
from nghitruong.session.submissions.models import Ask, AskState

_AWAITED = (AskState.PREPARING, AskState.FORWARDING)


class AsksDoor:
    """Implements ``binder.sessions.Asks``."""

    def awaited(self, session_id: uuid.UUID) -> list[Asked]:
        """Without a paper, and still the body's turn."""
        found = Ask.objects.filter(session=session_id, paper=None, state__in=_AWAITED)
        return [
            Asked(ask.pk, ask.body_id, ask.kind, f"{ask.title} ({ask.body.name})", ask.item_id)
            for ask in found.select_related("body").order_by("title", "pk")
        ]

    def take_in(self, papers: Mapping[uuid.UUID, uuid.UUID], *, by: Actor) -> None:
        """Each ask gets its paper and waits for the office's check; one that was answered or
        cancelled meanwhile keeps what it has."""
        rows = {paper.pk: paper for paper in Paper.objects.filter(pk__in=set(papers.values()))}
        for ask in Ask.objects.filter(pk__in=list(papers)).order_by("pk"):
            take_in_paper(ask, rows[papers[ask.pk]], by=by)

    def give_back(self, papers: Collection[uuid.UUID], *, by: Actor) -> None:
        """The bodies are asked again."""
        give_back_papers(papers, reason=_("Văn phòng hoàn tác lượt nhập tài liệu"), by=by)

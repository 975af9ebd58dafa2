"""The order of papers in a session's binder."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from nghitruong.council.binder.contents import ordered, section_of, session_papers
from nghitruong.council.binder.models import BinderPlace
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper
from nghitruong.council.papers.queries import MENU
from nghitruong.council.papers.rules import may_manage
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.db import lock_row

_SECTIONS = [entry.code for entry in MENU]


def fill_places(session_id: uuid.UUID, papers: Sequence[Paper] = (), *, by: Actor) -> None:
    """Give every paper of the session its place, those without one last in their section, in the
    order of ``papers`` first. In the caller's transaction."""
    may_manage(by)
    placed = set(
        lock_row(BinderPlace.objects.filter(session_id=session_id)).values_list("paper", flat=True)
    )
    last = BinderPlace.objects.filter(session_id=session_id).count()
    found = {paper.pk: paper for paper in (*papers, *session_papers(by.council_id, session_id))}
    new = [paper for key, paper in found.items() if key not in placed]
    BinderPlace.objects.bulk_create(
        BinderPlace(
            council_id=by.council_id,
            session_id=session_id,
            paper=paper,
            section=section_of(paper),
            order=last + at,
        )
        for at, paper in enumerate(new, start=1)
    )


def move_paper(
    session_id: uuid.UUID,
    paper: Paper,
    *,
    by: Actor,
    before: Paper | None = None,
    section: str = "",
) -> None:
    """Put a paper just before another one, or (without ``before``) last in ``section``.

    Relative, and alone on its binder: two people who order at once both get what they asked for.
    """
    may_manage(by)
    with transaction.atomic():
        fill_places(session_id, by=by)
        places = ordered(list(lock_row(BinderPlace.objects.filter(session_id=session_id))))
        by_paper = {place.paper_id: place for place in places}
        moving = by_paper.get(paper.pk)
        target = by_paper.get(before.pk) if before is not None else None
        if moving is None or (before is not None and target is None):
            raise Refused(
                "paper_gone", _("Tài liệu này không còn trong tập. Hãy tải lại trang rồi xếp lại.")
            )
        if target is None and section not in _SECTIONS:
            raise Refused("section_wrong", _("Hãy tải lại trang rồi xếp lại."), status=400)
        if moving is target:
            return
        places.remove(moving)
        moving.section = target.section if target is not None else section
        if target is not None:
            places.insert(places.index(target), moving)
        else:
            rank = _SECTIONS.index(section)
            after = [i for i, p in enumerate(places) if _SECTIONS.index(p.section) <= rank]
            places.insert(after[-1] + 1 if after else 0, moving)
        for order, place in enumerate(places, start=1):
            place.order = order
        BinderPlace.objects.bulk_update(places, ["order", "section"])
        audit.record(
            "binder.move_paper",
            **by.audit(),
            target=paper,
            payload={"section": moving.section, "order": moving.order},
        )

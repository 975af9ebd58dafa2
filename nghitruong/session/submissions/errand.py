"""A file on its way in for an ask: the upload of papers, for who was asked."""

from __future__ import annotations

import uuid
from datetime import date

from django.http import Http404
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.actions import Errand, Target, number_paper
from nghitruong.council.papers.models import PaperVersion
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.submissions import queries, rules
from nghitruong.session.submissions.actions.asks import write_step
from nghitruong.session.submissions.models import Ask, StepKind

NAME = "ask"  # sent ``into`` «ask:<key>»


def _ask(key: str, by: Actor) -> Ask:
    try:
        return queries.ask_for(by, uuid.UUID(key))
    except ValueError:
        raise Http404 from None


def target(key: str, by: Actor) -> Target:
    """A new paper of the session, or the next version of the one sent before."""
    ask = _ask(key, by)
    rules.may_send_file(by, ask)
    return Target(
        session_id=ask.session_id,
        paper=ask.paper,
        about={
            "kind": ask.kind,
            "title": ask.title,
            "issuing_body": str(ask.body_id),
            "issuer": ask.body.name,
        },
        reason=_("Cơ quan trình gửi bản mới"),
    )


def hold(key: str, by: Actor) -> Target:
    """:func:`target` of the ask as it is now, locked until the caller's transaction ends."""
    lock_row(Ask.objects.filter(pk=_ask(key, by).pk)).get()
    return target(key, by)


def done(key: str, version: PaperVersion, about: dict[str, str], by: Actor) -> None:
    """Tie the paper to the ask; number and date, often known only at the last version, follow."""
    ask = lock_row(Ask.objects.filter(pk=uuid.UUID(key))).get()
    if ask.paper_id is None:
        ask.paper = version.paper
        ask.save(update_fields=["paper"])
    dated = date.fromisoformat(about["dated"]) if about.get("dated") else None
    number_paper(version.paper, number=about.get("number", ""), dated=dated, by=by)
    write_step(ask, StepKind.UPLOAD, by, version=version.number)


ERRAND = Errand(target, hold, done)

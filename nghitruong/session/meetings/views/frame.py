"""What every page of a session shows: its head, its tabs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nghitruong.council.papers import rules as papers_rules
from nghitruong.session.meetings import queries, rules
from nghitruong.session.meetings.models import Session


def _url(name: str) -> str:
    return name if ":" in name else "binder:binder" if name == "binder" else f"meetings:{name}"


def frame(request: HttpRequest, session: Session, here: str) -> dict[str, Any]:
    """Context of ``meetings/session_base.html``."""
    actor = request.actor  # type: ignore[attr-defined]
    slug = actor.council.slug
    office = rules.can_prepare(actor)
    tabs = [("session", _("Tổng quan"), True), ("agenda", _("Chương trình"), True)]
    used = "papers" in request.functions  # type: ignore[attr-defined]  # by CouncilMiddleware
    tabs.append(("papers", _("Tài liệu"), used))
    tabs.append(("binder:binder", _("Tập tài liệu"), used and papers_rules.may_read(actor)))
    tabs.append(("delivery:releases", _("Gửi tài liệu"), used and papers_rules.can_manage(actor)))
    tabs.append(("plan", _("Kế hoạch chuẩn bị"), office))
    tabs.append(("summons", _("Triệu tập, khách mời"), office))
    return {
        "session": session,
        "office": office,
        "own_summons": queries.own_summons(actor, session),
        "tabs": [
            (label, reverse(_url(name), args=[slug, session.address]), _url(name) == _url(here))
            for name, label, shown in tabs
            if shown
        ],
        "documents_due": queries.documents_due(session),
    }

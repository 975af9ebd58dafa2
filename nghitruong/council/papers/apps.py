from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.apps import AppConfig
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def _reads(request: HttpRequest) -> bool:
    from nghitruong.council.councils.roles import Role
    from nghitruong.council.papers.rules import may_read

    actor = getattr(request, "actor", None)
    used = "papers" in getattr(request, "functions", ())
    return used and actor is not None and (may_read(actor) or actor.has(Role.GUEST))


def _stale_uploads() -> Iterable[tuple[str, uuid.UUID]]:
    """The councils with unfinished files nobody touched for a day."""
    from nghitruong.council.papers.queries import councils_with_stale_uploads

    return [(str(council_id), council_id) for council_id in councils_with_stale_uploads()]


def _sweep_uploads(_key: str) -> None:
    from nghitruong.council.papers.actions import sweep_uploads

    sweep_uploads()


class PapersConfig(AppConfig):
    name = "nghitruong.council.papers"
    label = "papers"
    verbose_name = "Tài liệu"

    def ready(self) -> None:
        """Papers stand in the side bar, and may be sent up or down; files nobody finished sending
        are swept."""
        from nghitruong.council.councils import attachments
        from nghitruong.council.papers.attachments import offer
        from nghitruong.council.papers.models import PaperVersion
        from nghitruong.platform.files import orphans
        from nghitruong.platform.jobs import api as jobs
        from nghitruong.ui.navigation import NavItem, register

        attachments.register(offer)
        orphans.forget(PaperVersion, Q(file_name=""))  # expunged: the digest is all that is left
        register(NavItem(_("Tài liệu"), "files", "papers:papers", _reads, order=30))
        jobs.register("papers.sweep_uploads", _sweep_uploads)
        jobs.register_sweeper("papers.sweep_uploads", _stale_uploads)

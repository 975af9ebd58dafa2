from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def _begin(sender: Any, instance: Any, created: bool, raw: bool = False, **_more: Any) -> None:
    """Whoever makes a version (a screen, an import, the demo): its file is looked at."""
    from nghitruong.council.intake.actions import begin

    if created and not raw:
        begin(instance)


def _waiting() -> Iterable[tuple[uuid.UUID, uuid.UUID]]:
    from nghitruong.council.intake.queries import versions_waiting

    return versions_waiting()


def _scanners() -> Iterable[tuple[uuid.UUID, uuid.UUID]]:
    from nghitruong.council.intake.queries import scanners_with_files

    return scanners_with_files()


def _councils() -> Iterable[uuid.UUID]:
    from nghitruong.council.councils.models import Council

    return list(Council.objects.values_list("pk", flat=True))


def _manages(request: HttpRequest) -> bool:
    from nghitruong.council.papers.rules import can_manage

    actor = getattr(request, "actor", None)
    used = "papers" in getattr(request, "functions", ())
    return used and actor is not None and can_manage(actor)


class IntakeConfig(AppConfig):
    name = "nghitruong.council.intake"
    label = "intake"
    verbose_name = "Tiếp nhận tệp"

    def ready(self) -> None:
        """The jobs of this app; what papers ask of it: texts, copies to read, marks, panels."""
        from django.db.models.signals import post_save

        from nghitruong.council.intake import actions, queries, rules
        from nghitruong.council.intake.actions import integrity, processing, scanner
        from nghitruong.council.papers import extension, texts
        from nghitruong.council.papers.models import PaperVersion
        from nghitruong.platform.jobs import api as jobs
        from nghitruong.ui.navigation import NavItem, register

        jobs.register(
            processing.JOB,
            actions.process,
            lane=jobs.Lane.HEAVY,
            tries=3,
            failed=actions.give_up,
        )
        jobs.register_sweeper(processing.JOB, _waiting)
        jobs.register(
            scanner.JOB, actions.take_scanned, lane=jobs.Lane.DESK, tries=3, failed=scanner.stopped
        )
        jobs.register_sweeper(scanner.JOB, _scanners)
        jobs.register_daily(integrity.JOB, actions.check_integrity, hour=2, councils=_councils)
        post_save.connect(_begin, sender=PaperVersion, dispatch_uid="intake.begin")
        texts.register_source(queries.text_of)
        extension.register_hold(rules.hold_release)
        extension.register_expunger(actions.erase_made)
        extension.register_copy(queries.reading_copy)
        extension.register_part(queries.first_page)
        extension.register_columns(queries.list_columns)
        extension.register_panel(queries.panels)
        register(NavItem(_("Kho tệp"), "archive", "intake:storage", _manages, order=92))

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def _asked(request: HttpRequest) -> bool:
    from nghitruong.session.submissions.rules import sees_asks

    actor = getattr(request, "actor", None)
    used = "papers" in getattr(request, "functions", ())
    return used and actor is not None and sees_asks(actor)


def _reads_rooms(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)
    return "papers" in getattr(request, "functions", ()) and actor is not None


def _reminders() -> Iterable[tuple[str, uuid.UUID]]:
    from nghitruong.session.submissions.reminders import councils_with_reminders

    return councils_with_reminders()


class SubmissionsConfig(AppConfig):
    name = "nghitruong.session.submissions"
    label = "submissions"
    verbose_name = "Tài liệu được yêu cầu"

    def ready(self) -> None:
        """Files come in through the upload of papers; who sees a paper, who may release it and
        when it is late is asked here."""
        from nghitruong.council.binder import sessions as binder
        from nghitruong.council.papers import actions as papers
        from nghitruong.council.papers import extension
        from nghitruong.platform.jobs import api as jobs
        from nghitruong.session.meetings import clock
        from nghitruong.session.meetings.actions import (
            Circulation,
            register_attaching,
            register_circulation,
        )
        from nghitruong.session.submissions import due, errand, queries, reminders, rules
        from nghitruong.session.submissions.actions import decisions
        from nghitruong.session.submissions.binder_door import AsksDoor
        from nghitruong.ui.navigation import NavItem, register

        papers.register_errand(errand.NAME, errand.ERRAND)
        binder.register_asks(AsksDoor())
        extension.register_sight(queries.sight, hiding=queries.hidden)
        extension.register_hold(rules.hold_release)
        extension.register_keep(rules.keep_in_rooms)
        extension.register_late(decisions.permit_late)
        register_attaching(decisions.hold_attaching)
        clock.register_arrivals(due.arrivals)
        register_circulation(Circulation(due.becoming_late, decisions.allow_becoming_late))
        extension.register_fact(queries.facts)
        extension.register_link(queries.links)
        extension.register_expunger(decisions.forget_paper)
        jobs.register(reminders.JOB, reminders.remind, tries=3)
        jobs.register_sweeper(reminders.JOB, _reminders)
        register(
            NavItem(_("Tài liệu được yêu cầu"), "file-upload", "submissions:asks", _asked, order=32)
        )
        register(
            NavItem(_("Phòng tài liệu"), "folder", "submissions:rooms", _reads_rooms, order=33)
        )

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

END_SCREENS = "guests.end_screens"


def _manages(request: HttpRequest) -> bool:
    from nghitruong.council.guests.rules import can_invite

    actor = getattr(request, "actor", None)
    return actor is not None and can_invite(actor)


def _given_more(sender: Any, person: Any, **kwargs: Any) -> None:
    from nghitruong.council.guests.actions import no_more_than_a_guest

    no_more_than_a_guest(person)


class GuestsConfig(AppConfig):
    name = "nghitruong.council.guests"
    label = "guests"
    verbose_name = "Khách mời"

    def ready(self) -> None:
        """Papers ask what was given to a guest; the side bar shows the office its guests; what a
        pass opened in the hall ends with it."""
        from nghitruong.council.councils.signals import rights_given
        from nghitruong.council.guests import actions, queries
        from nghitruong.council.papers import extension
        from nghitruong.platform.jobs import api as jobs
        from nghitruong.ui.navigation import NavItem, register

        extension.register_sight(queries.granted)
        extension.register_expunger(actions.forget_paper)
        jobs.register(END_SCREENS, actions.end_screens, tries=3)
        jobs.register_sweeper(END_SCREENS, queries.passes_over)
        rights_given.connect(_given_more, dispatch_uid="guests.given_more")
        register(NavItem(_("Khách mời"), "id", "guests:guests", _manages, order=45))

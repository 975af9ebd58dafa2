from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def _manages(request: HttpRequest) -> bool:
    from nghitruong.council.guests.rules import can_invite

    actor = getattr(request, "actor", None)
    return actor is not None and can_invite(actor)


class GuestsConfig(AppConfig):
    name = "nghitruong.council.guests"
    label = "guests"
    verbose_name = "Khách mời"

    def ready(self) -> None:
        """Papers ask what was given to a guest; the side bar shows the office its guests."""
        from nghitruong.council.guests import actions, queries
        from nghitruong.council.papers import extension
        from nghitruong.ui.navigation import NavItem, register

        extension.register_sight(queries.granted)
        extension.register_expunger(actions.forget_paper)
        register(NavItem(_("Khách mời"), "id", "guests:guests", _manages, order=45))

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProcedureConfig(AppConfig):
    name = "nghitruong.council.procedure"
    label = "procedure"
    verbose_name = "Quy tắc"

    def ready(self) -> None:
        """Entries of the side bar."""
        from nghitruong.ui.navigation import NavItem, register

        register(NavItem(_("Quy tắc"), "scale", "procedure:rules", _inside, order=85))
        register(NavItem(_("Ngày nghỉ"), "calendar", "procedure:holidays", _office, order=86))


def _inside(request: object) -> bool:
    actor = getattr(request, "actor", None)
    return actor is not None and (actor.is_office or actor.is_chair)


def _office(request: object) -> bool:
    actor = getattr(request, "actor", None)
    return actor is not None and actor.is_office

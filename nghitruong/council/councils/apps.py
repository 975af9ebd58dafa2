from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CouncilsConfig(AppConfig):
    name = "nghitruong.council.councils"
    label = "councils"
    verbose_name = "Hội đồng nhân dân"

    def ready(self) -> None:
        """Entries of the side bar; letters belong to both their councils."""
        from django.db.models import Q

        from nghitruong.council.councils.models import Transfer
        from nghitruong.platform.storage import words
        from nghitruong.ui.navigation import NavItem, register

        words.belongs(Transfer, lambda key: Q(sender=key) | Q(receiver=key))
        register(NavItem(_("Đại biểu"), "users", "councils:delegates", order=60))
        register(NavItem(_("Tổ chức"), "sitemap", "councils:organizations", order=61))
        register(NavItem(_("Gửi, nhận"), "send", "councils:transfers", _office, order=80))
        register(NavItem(_("Chức năng"), "adjustments", "councils:functions", _admin, order=90))


def _office(request: object) -> bool:
    actor = getattr(request, "actor", None)
    return actor is not None and actor.is_office


def _admin(request: object) -> bool:
    actor = getattr(request, "actor", None)
    return actor is not None and actor.has("admin")

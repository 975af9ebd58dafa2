from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def _reads(request: HttpRequest) -> bool:
    from nghitruong.council.papers.rules import may_read

    actor = getattr(request, "actor", None)
    return actor is not None and may_read(actor)


class PapersConfig(AppConfig):
    name = "nghitruong.council.papers"
    label = "papers"
    verbose_name = "Tài liệu"

    def ready(self) -> None:
        """Papers stand in the side bar."""
        from nghitruong.ui.navigation import NavItem, register

        register(NavItem(_("Tài liệu"), "files", "papers:papers", _reads, order=30))

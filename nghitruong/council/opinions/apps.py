from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def _concerned(request: HttpRequest) -> bool:
    from nghitruong.council.opinions.rules import is_concerned

    actor = getattr(request, "actor", None)
    used = "papers" in getattr(request, "functions", ())
    return used and actor is not None and is_concerned(actor)


class OpinionsConfig(AppConfig):
    name = "nghitruong.council.opinions"
    label = "opinions"
    verbose_name = "Ý kiến về dự thảo"

    def ready(self) -> None:
        """Opinions stand in the side bar and beside their paper, and go with it if it is secret."""
        from nghitruong.council.opinions import actions, queries
        from nghitruong.council.papers import extension
        from nghitruong.ui.navigation import NavItem, register

        register(
            NavItem(_("Ý kiến về dự thảo"), "message", "opinions:papers", _concerned, order=31)
        )
        extension.register_link(queries.links)
        extension.register_expunger(actions.forget_paper)

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def _manages(request: HttpRequest) -> bool:
    from nghitruong.council.papers.rules import can_manage

    actor = getattr(request, "actor", None)
    used = "papers" in getattr(request, "functions", ())
    return used and actor is not None and can_manage(actor)


class DeliveryConfig(AppConfig):
    name = "nghitruong.session.delivery"
    label = "delivery"
    verbose_name = "Gửi tài liệu"

    def ready(self) -> None:
        """Papers say when they are released, replaced, withdrawn, opened, or must leave."""
        from nghitruong.council.papers import events, extension
        from nghitruong.session.delivery import actions
        from nghitruong.ui.navigation import NavItem, register

        events.register_announcer(actions.tell_readers)
        extension.register_opened(actions.paper_opened)
        extension.register_expunger(actions.forget_paper)
        register(NavItem(_("Tiết kiệm giấy"), "chart-bar", "delivery:savings", _manages, order=33))

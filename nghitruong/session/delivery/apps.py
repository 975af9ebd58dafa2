from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from nghitruong.council.councils.roles import Actor


def _manages(request: HttpRequest) -> bool:
    from nghitruong.council.papers.rules import can_manage

    actor = getattr(request, "actor", None)
    used = "papers" in getattr(request, "functions", ())
    return used and actor is not None and can_manage(actor)


def _office_knows(actor: Actor) -> dict[str, str]:
    """What the office wrote down of a person, to be agreed to."""
    if actor.person is None:
        return {}
    phone = actor.person.phone
    return {"email": actor.person.email, "sms": phone, "zalo": phone}


class DeliveryConfig(AppConfig):
    name = "nghitruong.session.delivery"
    label = "delivery"
    verbose_name = "Gửi tài liệu"

    def ready(self) -> None:
        """Papers say when they are released, replaced, withdrawn, opened, or must leave."""
        from nghitruong.council.guests.queries import readers_of
        from nghitruong.council.papers import events, extension
        from nghitruong.platform.notices.queries import register_known
        from nghitruong.session.delivery import actions
        from nghitruong.session.delivery.readers import register_readers
        from nghitruong.ui.navigation import NavItem, register

        events.register_announcer(actions.tell_readers)
        extension.register_opened(actions.paper_opened)
        extension.register_expunger(actions.forget_paper)
        register_readers(readers_of)
        register_known(_office_knows)
        register(NavItem(_("Tiết kiệm giấy"), "chart-bar", "delivery:savings", _manages, order=33))

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    """The place where everything meets: may import every layer, nobody imports it."""

    name = "nghitruong.config"
    label = "config"
    verbose_name = "Cấu hình"

    def ready(self) -> None:
        """The first and the last lines of the side bar; the log's acts in words."""
        from nghitruong.config.audit_labels import FACTS, LABELS
        from nghitruong.config.setup import administers
        from nghitruong.platform.audit import labels
        from nghitruong.platform.audit.queries import may_read
        from nghitruong.ui.navigation import NavItem, register

        labels.register(LABELS)
        labels.register_facts(FACTS)
        register(NavItem(_("Việc hôm nay"), "home", "home", order=0))
        register(NavItem(_("Trợ giúp"), "help-circle", "help", order=99))
        register(NavItem(_("Bắt đầu"), "list-check", "ready", visible=administers, order=95))
        register(
            NavItem(
                _("Nhật ký"),
                "history",
                "audit:entries",
                visible=lambda request: may_read(getattr(request, "actor", None)),
                order=90,
            )
        )

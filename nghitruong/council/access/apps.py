from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "nghitruong.council.access"
    label = "access"
    verbose_name = "Tài khoản và nhiệm vụ"

    def ready(self) -> None:
        """A line in the side bar; a person's own change of password goes into the log."""
        from nghitruong.council.access import handlers, rules  # noqa: F401  # handlers connect
        from nghitruong.ui.navigation import NavItem, register

        register(
            NavItem(_("Tài khoản"), "key", "access:accounts", visible=rules.sees_accounts, order=85)
        )

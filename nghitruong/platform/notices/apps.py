from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "nghitruong.platform.notices"
    label = "notices"
    verbose_name = "Thông báo"

    def ready(self) -> None:
        """The bell of every page."""
        from nghitruong.platform.notices.queries import bell_of
        from nghitruong.ui.navigation import register_bell

        register_bell(bell_of)

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "nghitruong.platform.notices"
    label = "notices"
    verbose_name = "Thông báo"

    def ready(self) -> None:
        """The bell of every page, and the work of sending."""
        from nghitruong.platform.jobs import api as jobs
        from nghitruong.platform.notices import addresses, sending
        from nghitruong.platform.notices.queries import bell_of
        from nghitruong.ui.navigation import register_bell

        register_bell(bell_of)
        jobs.register(sending.JOB, sending.send_message, tries=5, failed=sending.gave_up)
        jobs.register_sweeper(sending.JOB, sending.due)
        jobs.register(addresses.JOB, addresses.send_code, tries=5)

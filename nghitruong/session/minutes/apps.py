from django.apps import AppConfig


class MinutesConfig(AppConfig):
    name = "nghitruong.session.minutes"
    label = "minutes"
    verbose_name = "Biên bản"

    def ready(self) -> None:
        """A version of the minutes is never changed; a correction is another version."""
        from nghitruong.platform.storage.guards import append_only
        from nghitruong.session.minutes.models import MinutesVersion

        append_only(MinutesVersion)

from django.apps import AppConfig


class MinutesConfig(AppConfig):
    name = "nghitruong.session.minutes"
    label = "minutes"
    verbose_name = "Biên bản"

    def ready(self) -> None:
        """A version of the minutes is never changed; a correction is another version. The file of
        one that names a state secret is erased."""
        from nghitruong.council.papers.extension import register_expunger
        from nghitruong.platform.storage.guards import append_only
        from nghitruong.session.minutes.models import MinutesVersion
        from nghitruong.session.minutes.secrets import forget_paper

        append_only(MinutesVersion)
        register_expunger(forget_paper)

from django.apps import AppConfig


class VotingConfig(AppConfig):
    name = "nghitruong.session.voting"
    label = "voting"
    verbose_name = "Biểu quyết"

    def ready(self) -> None:
        """A counted poll and its votes are held by the database itself."""
        from nghitruong.session.voting import guards

        guards.declare()

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VotingConfig(AppConfig):
    name = "nghitruong.session.voting"
    label = "voting"
    verbose_name = "Biểu quyết"

    def ready(self) -> None:
        """The database itself holds a counted poll and its votes; delegates find their own."""
        from django.db.models import Q

        from nghitruong.platform.storage import words
        from nghitruong.session.voting import guards, handlers  # noqa: F401  # handlers listen
        from nghitruong.session.voting.models import Poll, PollState
        from nghitruong.ui.navigation import NavItem, register

        guards.declare()
        words.keep(Poll, Q(state__in=[PollState.CLOSED, PollState.PUBLISHED, PollState.ANNULLED]))
        register(
            NavItem(
                _("Phiếu của tôi"),
                "checkbox",
                "voting:my_votes",
                visible=lambda request: (
                    "voting" in getattr(request, "functions", ())
                    and bool(getattr(getattr(request, "actor", None), "is_delegate", False))
                ),
                order=60,
            )
        )

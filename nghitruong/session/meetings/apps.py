from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "nghitruong.session.meetings"
    label = "meetings"
    verbose_name = "Kỳ họp"

    def ready(self) -> None:
        """Papers tell the halls of their sessions, the binder asks for the agenda, the side bar
        shows the sessions."""
        from nghitruong.council.binder import sessions as binder
        from nghitruong.council.briefcase import door as briefcase
        from nghitruong.council.papers.events import register_teller
        from nghitruong.session.meetings import search
        from nghitruong.session.meetings.binder_door import MeetingsDoor
        from nghitruong.session.meetings.briefcase_door import programme
        from nghitruong.session.meetings.events import tell_of_papers
        from nghitruong.ui.navigation import NavItem, register

        register_teller(tell_of_papers)
        binder.register(MeetingsDoor())
        briefcase.register(programme)
        register(NavItem(_("Kỳ họp"), "calendar-event", "meetings:sessions", order=20))
        search.install()

from django.apps import AppConfig


class FloorConfig(AppConfig):
    name = "nghitruong.session.floor"
    label = "floor"
    verbose_name = "Diễn biến phiên họp"

    def ready(self) -> None:
        """A line of the journal is never changed: a mistake is corrected by another line.

        Listens to polls, which leave their lines in the journal too, and to the agenda.
        """
        from nghitruong.council.papers.models import ERASED_TITLE as ERASED
        from nghitruong.platform.storage.guards import append_only
        from nghitruong.session.floor import handlers, search
        from nghitruong.session.floor.models import JournalEntry
        from nghitruong.session.meetings.events import register_agenda_listener

        append_only(
            JournalEntry,
            erasable={"text": ERASED, "data": {}},  # a state secret named there
        )
        register_agenda_listener(handlers.agenda_on_screens)
        search.install()

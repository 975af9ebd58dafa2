from django.apps import AppConfig


class BinderConfig(AppConfig):
    name = "nghitruong.council.binder"
    label = "binder"
    verbose_name = "Tập tài liệu"

    def ready(self) -> None:
        """Files sent for an import come here; unpacking and binding run in the background; papers
        are read in the binder's order."""
        from nghitruong.council.binder import tasks
        from nghitruong.council.binder.actions.receiving import take_upload
        from nghitruong.council.binder.extension import expunge, packet_of
        from nghitruong.council.papers.actions import register_receiver
        from nghitruong.council.papers.extension import register_expunger, register_packet

        register_receiver("binder", take_upload)
        register_expunger(expunge)
        register_packet(packet_of)
        tasks.register()

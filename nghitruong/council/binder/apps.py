from django.apps import AppConfig


class BinderConfig(AppConfig):
    name = "nghitruong.council.binder"
    label = "binder"
    verbose_name = "Tập tài liệu"

    def ready(self) -> None:
        """Files sent for an import come here; unpacking and binding run in the background."""
        from nghitruong.council.binder import tasks
        from nghitruong.council.binder.actions.receiving import take_upload
        from nghitruong.council.binder.extension import expunge
        from nghitruong.council.papers.actions import register_receiver
        from nghitruong.council.papers.extension import register_expunger

        register_receiver("binder", take_upload)
        register_expunger(expunge)
        tasks.register()

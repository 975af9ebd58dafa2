from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class StorageConfig(AppConfig):
    """Takes the append-only guards away before tables change and puts them back after."""

    name = "nghitruong.platform.storage"
    label = "storage"
    verbose_name = "Lưu trữ"

    def ready(self) -> None:
        """Listen to ``migrate``, whose signals come once for every app: once is enough."""
        from nghitruong.platform.storage.guards import install_guards, remove_guards

        def before_migrate(*, plan: list[Any], using: str = "default", **kwargs: Any) -> None:
            if plan:
                remove_guards(using)

        def after_migrate(*, using: str = "default", **kwargs: Any) -> None:
            install_guards(using)

        pre_migrate.connect(before_migrate, self, weak=False, dispatch_uid="storage.no_guards")
        post_migrate.connect(after_migrate, self, weak=False, dispatch_uid="storage.guards")

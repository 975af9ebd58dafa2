from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "nghitruong.platform.audit"
    label = "audit"
    verbose_name = "Nhật ký"

    def ready(self) -> None:
        """Nothing of an entry changes but an erased payload; of a seal, nothing."""
        from nghitruong.platform.audit.models import Entry, Seal
        from nghitruong.platform.storage.guards import append_only

        append_only(Entry, allow_update_of={"payload", "salt", "erased_at"})
        append_only(Seal)

import uuid

from django.apps import AppConfig
from django.db.models import Q


class LiveConfig(AppConfig):
    name = "nghitruong.platform.live"
    label = "live"
    verbose_name = "Kênh trực tiếp"

    def ready(self) -> None:
        """Which events and answers are looked through when words must leave a council."""
        from nghitruong.platform.live.models import Event, Receipt, Stream
        from nghitruong.platform.storage import words

        def of_streams(council_id: uuid.UUID) -> Q:
            return Q(stream__in=Stream.objects.filter(council_id=council_id).values("key"))

        words.belongs(Event, of_streams)
        words.belongs(Receipt, lambda _council_id: Q())

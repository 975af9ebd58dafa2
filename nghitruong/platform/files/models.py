"""Files that must be written over and removed: the order is a row before the first byte goes."""

from __future__ import annotations

from django.db import models

from nghitruong.platform.storage.models import TimeOrdered


class Place(models.TextChoices):
    """Which folder the name is under."""

    STORE = "store", "kho tệp"
    UPLOADS = "uploads", "tệp đang nhận"
    SCANNER = "scanner", "thư mục máy quét"


class Shredding(TimeOrdered):
    """One file to be written over. Its name is a key or a digest, never what a person called it."""

    place = models.CharField("nơi", max_length=10, choices=Place)
    name = models.CharField("tên trong kho", max_length=160)
    # The file's own time when it was ordered: another one since means that it was stored again.
    stamp = models.BigIntegerField("dấu thời gian của tệp", default=0)
    # Then its rows are looked for before it is written over.
    stored_again = models.BooleanField("có người gửi lại", default=False)
    ordered_at = models.DateTimeField("yêu cầu lúc", auto_now_add=True)

    class Meta:
        verbose_name = "tệp phải ghi đè"
        verbose_name_plural = "tệp phải ghi đè"
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="shredding_once")]

    def __str__(self) -> str:
        return f"{self.place} {self.name}"

"""Live rows: streams with a gapless sequence, their events, receipts of commands, the epoch."""

from __future__ import annotations

from django.db import models

from nghitruong.platform.storage.ids import new_id


class Epoch(models.Model):
    """Changes when history is not what screens remember (restore): they must start afresh."""

    id = models.UUIDField("mã", primary_key=True, default=new_id)
    started_at = models.DateTimeField("bắt đầu lúc", auto_now_add=True)

    class Meta:
        verbose_name = "kỷ nguyên"
        verbose_name_plural = "kỷ nguyên"

    def __str__(self) -> str:
        return str(self.id)


class Stream(models.Model):
    """One audience: ``sitting:<id>:hall`` (``:chair``, ``:named``), ``person:<id>``.

    ``seq`` is the last event's number, taken under this row's lock, so it never has a gap.
    """

    key = models.CharField("khóa", max_length=96, primary_key=True)
    council_id = models.UUIDField("hội đồng", db_index=True)
    seq = models.PositiveBigIntegerField("số cuối", default=0)

    class Meta:
        verbose_name = "luồng"
        verbose_name_plural = "luồng"

    def __str__(self) -> str:
        return f"{self.key}@{self.seq}"


class Event(models.Model):
    """Something that happened, as every screen of the stream is told. Rows are the truth."""

    id = models.BigAutoField(primary_key=True)
    stream = models.CharField("luồng", max_length=96)
    seq = models.PositiveBigIntegerField("số")
    type = models.CharField("loại", max_length=40)
    data = models.JSONField("nội dung")
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = "sự kiện"
        verbose_name_plural = "sự kiện"
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="live_event_stream_seq")
        ]

    def __str__(self) -> str:
        return f"{self.stream}@{self.seq} {self.type}"


class Receipt(models.Model):
    """The answer given to a nonce, stored with the change itself: a retry gets the same answer."""

    id = models.BigAutoField(primary_key=True)
    actor_id = models.UUIDField("người")
    nonce = models.CharField("số dùng một lần", max_length=64)
    command = models.CharField("lệnh", max_length=40)
    outcome = models.JSONField("kết quả")
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = "biên nhận lệnh"
        verbose_name_plural = "biên nhận lệnh"
        constraints = [
            models.UniqueConstraint(fields=["actor_id", "nonce"], name="live_receipt_actor_nonce")
        ]

    def __str__(self) -> str:
        return f"{self.command} {self.nonce}"


class TicketEnd(models.Model):
    """Tickets this person was given until ``at`` are worth nothing any more. Read once a second by
    each live process, never in a batch."""

    person_id = models.UUIDField("người", primary_key=True)
    at = models.DateTimeField("lúc", db_index=True)

    class Meta:
        verbose_name = "vé đã hủy"
        verbose_name_plural = "vé đã hủy"

    def __str__(self) -> str:
        return f"{self.person_id} {self.at}"


class DeviceEnd(models.Model):
    """A sign-in that was ended by its owner: the tickets given to it are worth nothing any more.
    The person's other devices go on."""

    device = models.CharField("máy", primary_key=True, max_length=16)
    at = models.DateTimeField("lúc", db_index=True)

    class Meta:
        verbose_name = "máy đã đăng xuất"
        verbose_name_plural = "máy đã đăng xuất"

    def __str__(self) -> str:
        return f"{self.device} {self.at}"

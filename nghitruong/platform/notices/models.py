"""Messages, their recipients, and one row for each way a message goes to a person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nghitruong.platform.storage.models import CouncilOwned


class Channel(models.TextChoices):
    """The ways to a person; the first one always exists."""

    APP = "app", "Trong ứng dụng"
    EMAIL = "email", "Thư điện tử"
    PUSH = "push", "Báo trên máy"
    SMS = "sms", "Tin nhắn SMS"
    ZALO = "zalo", "Zalo"


class DeliveryState(models.TextChoices):
    """How far one message got on one way; see flows.py."""

    QUEUED = "queued", "chờ gửi"
    SENDING = "sending", "đang gửi"
    SENT = "sent", "đã gửi"
    DELIVERED = "delivered", "đã tới máy"
    OPENED = "opened", "đã mở"
    FAILED = "failed", "không gửi được"


class Message(CouncilOwned):
    """What is told, once, to one or many. ``outside`` is the only line that leaves the system."""

    kind = models.CharField("loại", max_length=40)
    key = models.CharField("mã chống trùng", max_length=120)
    subject = models.CharField("tiêu đề", max_length=300)
    text = models.TextField("nội dung", blank=True)
    url = models.CharField("trang để mở", max_length=500)
    outside = models.CharField("dòng gửi ra ngoài", max_length=200, blank=True)
    created_at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "thông báo gửi đi"
        verbose_name_plural = "thông báo gửi đi"
        constraints = [
            models.UniqueConstraint(fields=["council_id", "kind", "key"], name="message_once")
        ]

    def __str__(self) -> str:
        return self.subject


class Recipient(CouncilOwned):
    """One person told. Reached: a screen of theirs had it; opened: they opened it, or what it is
    about."""

    message = models.ForeignKey(
        Message, models.PROTECT, related_name="recipients", verbose_name="thông báo"
    )
    person_id = models.UUIDField("người nhận")
    created_at = models.DateTimeField("lúc", auto_now_add=True)
    rounds = models.PositiveSmallIntegerField("số lần gửi", default=1)
    last_round_at = models.DateTimeField("gửi lần cuối lúc")
    reached_at = models.DateTimeField("tới lúc", null=True, blank=True)
    opened_at = models.DateTimeField("mở lúc", null=True, blank=True)

    class Meta:
        verbose_name = "người nhận thông báo"
        verbose_name_plural = "người nhận thông báo"
        constraints = [
            models.UniqueConstraint(fields=["message", "person_id"], name="recipient_once")
        ]
        indexes = [
            models.Index(fields=["person_id", "last_round_at"], name="recipient_person"),
            models.Index(
                fields=["person_id"], condition=Q(opened_at__isnull=True), name="recipient_unopened"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message}"


class Delivery(CouncilOwned):
    """One message on one way to one person, in one round. ``taken``: keys of the person's addresses
    that have it already, while another is tried again. ``uncertain``: an earlier try may have
    gone out though nothing recorded it, so the same message may arrive twice."""

    recipient = models.ForeignKey(
        Recipient, models.CASCADE, related_name="deliveries", verbose_name="người nhận"
    )
    channel = models.CharField("cách gửi", max_length=8, choices=Channel)
    round = models.PositiveSmallIntegerField("lần gửi", default=1)
    state = models.CharField(
        "trạng thái", max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED
    )
    tries = models.PositiveSmallIntegerField("số lần thử", default=0)
    due_at = models.DateTimeField("gửi từ lúc", null=True, blank=True)
    reason = models.CharField("lý do", max_length=300, blank=True)
    reference = models.CharField("mã của nơi chuyển", max_length=200, blank=True)
    taken = models.JSONField("nơi nhận đã gửi được", default=list, blank=True)
    uncertain = models.BooleanField("có thể đã tới hai lần", default=False)
    sent_at = models.DateTimeField("đã gửi lúc", null=True, blank=True)
    delivered_at = models.DateTimeField("tới máy lúc", null=True, blank=True)
    opened_at = models.DateTimeField("mở lúc", null=True, blank=True)
    failed_at = models.DateTimeField("thôi gửi lúc", null=True, blank=True)

    class Meta:
        verbose_name = "lượt gửi thông báo"
        verbose_name_plural = "lượt gửi thông báo"
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "channel", "round"], name="delivery_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.FAILED) | ~Q(reason=""),
                name="delivery_failed_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["queued", "sending"]),
                name="delivery_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.get_state_display()}"


class Address(CouncilOwned):
    """Where a person agreed to be told outside the application. Used only when verified."""

    person_id = models.UUIDField("người", db_index=True)
    channel = models.CharField("cách gửi", max_length=8, choices=Channel)
    value = models.CharField("địa chỉ", max_length=1000)
    keys = models.JSONField("khóa của máy", default=dict, blank=True)  # web push: p256dh, auth
    label = models.CharField("tên máy", max_length=120, blank=True)
    consented_at = models.DateTimeField("đồng ý lúc")
    verified_at = models.DateTimeField("xác nhận lúc", null=True, blank=True)
    code_hash = models.CharField("mã xác nhận", max_length=128, blank=True)
    code_sent_at = models.DateTimeField("gửi mã lúc", null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField("số lần gõ sai", default=0)
    codes = models.PositiveSmallIntegerField("số mã đã gửi trong ngày", default=0)
    codes_on = models.DateField("ngày gửi mã", null=True, blank=True)
    ended_at = models.DateTimeField("thôi dùng lúc", null=True, blank=True)
    end_reason = models.CharField("lý do thôi", max_length=200, blank=True)

    class Meta:
        verbose_name = "địa chỉ nhận thông báo"
        verbose_name_plural = "địa chỉ nhận thông báo"
        constraints = [
            models.UniqueConstraint(
                fields=["council_id", "person_id", "channel", "value"],
                condition=Q(ended_at__isnull=True),
                name="address_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.value}"

"""What went between councils, and what was taken in from lists."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from nghitruong.council.councils.models.councils import Council, CouncilRow
from nghitruong.platform.storage.models import TimeOrdered


class Transfer(TimeOrdered):
    """Something one council explicitly sent to another, up or down. Both sides keep the line."""

    sender = models.ForeignKey(Council, models.PROTECT, related_name="sent", verbose_name="nơi gửi")
    receiver = models.ForeignKey(
        Council, models.PROTECT, related_name="received", verbose_name="nơi nhận"
    )
    kind = models.CharField("loại", max_length=40)
    subject = models.CharField("trích yếu", max_length=300)
    payload = models.JSONField("nội dung")
    sent_at = models.DateTimeField("gửi lúc", auto_now_add=True)
    sent_by_name = models.CharField("người gửi", max_length=200)
    received_at = models.DateTimeField("nhận lúc", null=True, blank=True)
    received_by_name = models.CharField("người nhận", max_length=200, blank=True)

    class Meta:
        verbose_name = "gửi lên, gửi xuống"
        verbose_name_plural = "gửi lên, gửi xuống"
        constraints = [
            models.CheckConstraint(condition=~Q(sender=F("receiver")), name="transfer_two_councils")
        ]

    def __str__(self) -> str:
        return self.subject


class ImportBatch(CouncilRow):
    """People taken in from one spreadsheet, so that the whole of it can be undone."""

    file_name = models.CharField("tên tệp", max_length=255)
    created_at = models.DateTimeField("nhập lúc", auto_now_add=True)
    created_by_name = models.CharField("người nhập", max_length=200)
    made = models.JSONField("đã tạo")  # {"person": [ids], "membership": [ids], "seat": …}
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)

    class Meta:
        verbose_name = "lượt nhập danh sách"
        verbose_name_plural = "lượt nhập danh sách"

    def __str__(self) -> str:
        return self.file_name

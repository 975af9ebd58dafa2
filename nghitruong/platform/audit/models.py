"""The audit log: what was done, by whom, sealed into a chain per council.

Entries are inserted unchained in the transaction of the action; one sealer per council chains
them after the commit (within a second), so the chain is never a bottleneck. The chain covers
``H(salt ‖ canonical payload)``: a payload can be erased (personal-data law) without breaking it,
and who did what, when, stays covered after the erasure.
"""

from __future__ import annotations

from django.db import models

from nghitruong.platform.storage.models import CouncilOwned


class Entry(CouncilOwned):
    """One act. Never changed or deleted, but for a payload erased by law (``erased_at``)."""

    at = models.DateTimeField("lúc")
    actor_id = models.UUIDField("người thực hiện", null=True)
    actor_name = models.CharField("tên lúc đó", max_length=200, blank=True)
    on_behalf = models.CharField("thay mặt", max_length=200, blank=True)
    action = models.CharField("hành động", max_length=80)
    target_type = models.CharField("loại đối tượng", max_length=80, blank=True)
    target_id = models.UUIDField("đối tượng", null=True)
    payload = models.JSONField("nội dung", null=True)
    salt = models.CharField("muối", max_length=32, blank=True)
    payload_digest = models.CharField("mã băm nội dung", max_length=64)
    digest = models.CharField("mã băm", max_length=64)
    erased_at = models.DateTimeField("xóa nội dung lúc", null=True)

    class Meta:
        verbose_name = "dòng nhật ký"
        verbose_name_plural = "nhật ký"
        indexes = [
            models.Index(fields=["council_id", "at"], name="audit_council_at"),
            models.Index(fields=["target_id"], name="audit_target"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S %d/%m/%Y} {self.action}"


class Seal(CouncilOwned):
    """A link of the chain: ``hash = sha256(previous_hash ‖ entry digest ‖ position)``."""

    position = models.PositiveBigIntegerField("vị trí")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="seal", verbose_name="dòng")
    hash = models.CharField("mã băm chuỗi", max_length=64)
    sealed_at = models.DateTimeField("niêm phong lúc")

    class Meta:
        verbose_name = "niêm phong"
        verbose_name_plural = "niêm phong"
        constraints = [
            models.UniqueConstraint(fields=["council_id", "position"], name="audit_seal_position")
        ]

    def __str__(self) -> str:
        return f"#{self.position} {self.hash[:12]}"

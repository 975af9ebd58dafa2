"""A person's own notes on papers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nghitruong.council.councils.models import CouncilRow, Organization, Person
from nghitruong.council.papers.models import PaperVersion


class AnnotationKind(models.TextChoices):
    """What a note is."""

    HIGHLIGHT = "highlight", "đánh dấu"
    INK = "ink", "nét bút"
    NOTE = "note", "ghi chú"
    BOOKMARK = "bookmark", "dấu trang"


class Notebook(CouncilRow):
    """All notes of a person: the row their changes are ordered by.

    ``seq`` counts changes, without a gap; a device that has seen 41 asks for what came after it.
    """

    person = models.OneToOneField(Person, models.CASCADE, verbose_name="người ghi")
    seq = models.PositiveBigIntegerField("số thay đổi", default=0)

    class Meta:
        verbose_name = "sổ ghi chú"
        verbose_name_plural = "sổ ghi chú"

    def __str__(self) -> str:
        return f"{self.person}: {self.seq}"


class Annotation(CouncilRow):
    """One note on one page. Of two changes the one with the later clock stays, on every device.

    ``key`` is made on the device. ``clock`` is a logical clock (Lamport): one more than the
    greatest the device has seen; ``device`` decides between equal ones. A removed note keeps its
    key and clock, and nothing else. ``data`` holds places as fractions of the page from its top.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="người ghi")
    key = models.UUIDField("mã trên máy")
    version = models.ForeignKey(
        PaperVersion, models.CASCADE, related_name="annotations", verbose_name="bản tài liệu"
    )
    kind = models.CharField("loại", max_length=10, choices=AnnotationKind)
    page = models.PositiveIntegerField("trang")
    data = models.JSONField("chỗ trên trang", default=dict)
    text = models.TextField("nội dung", blank=True)
    clock = models.PositiveBigIntegerField("đồng hồ")
    device = models.CharField("máy", max_length=36)
    removed = models.BooleanField("đã xóa", default=False)
    seq = models.PositiveBigIntegerField("số thay đổi")
    made_at = models.DateTimeField("ghi lúc", auto_now_add=True)
    changed_at = models.DateTimeField("sửa lúc", auto_now=True)
    shared_with = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="chia sẻ với",
    )
    shared_at = models.DateTimeField("chia sẻ lúc", null=True, blank=True)

    class Meta:
        verbose_name = "ghi chú trên tài liệu"
        verbose_name_plural = "ghi chú trên tài liệu"
        indexes = [
            models.Index(fields=["person", "version", "seq"], name="annotation_changes"),
            models.Index(fields=["version", "shared_with"], name="annotation_shared"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="annotation_key_once"),
            models.CheckConstraint(condition=Q(page__gte=1), name="annotation_page_from_one"),
            models.CheckConstraint(
                condition=Q(removed=False) | Q(text="", shared_with__isnull=True),
                name="annotation_removed_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} tr. {self.page}"  # never the text: this may reach a log

"""The library of laws and other councils' resolutions, and what state the index is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models

from nghitruong.platform.storage.models import TimeOrdered


class Corpus(models.TextChoices):
    """Where a text of the library comes from; what it may be used for follows from it."""

    RULES = "rules", "Văn bản về Hội đồng nhân dân (vbpl.vn)"
    WHOLE = "vbpl", "Văn bản 2025–2026 (vbpl.vn)"
    CODE = "codification", "Bộ pháp điển (trích điều)"
    RESOLUTIONS = "resolutions", "Nghị quyết Hội đồng nhân dân các tỉnh, 2017"


class Law(TimeOrdered):
    """A text of the reference library: a law, a decree, a circular, another council's resolution.

    Shared by every council of the installation; readable by everybody signed in. Never a source of
    rules for the product itself, and never the authentic text.
    """

    corpus = models.CharField("nguồn", max_length=16, choices=Corpus)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True, db_index=True)
    kind = models.CharField("loại văn bản", max_length=60, blank=True)
    title = models.CharField("tên văn bản", max_length=1000)
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    issued = models.DateField("ngày ban hành", null=True, blank=True)
    effective = models.DateField("ngày có hiệu lực", null=True, blank=True)
    status = models.CharField("hiệu lực theo nguồn", max_length=60, blank=True)
    url = models.CharField("địa chỉ nguồn", max_length=600, blank=True)
    digest = models.CharField("mã băm nội dung", max_length=64)
    loaded_at = models.DateTimeField("nạp lúc", auto_now=True)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager[Self]]

    class Meta:
        verbose_name = "văn bản trong thư viện"
        verbose_name_plural = "văn bản trong thư viện"
        indexes = [models.Index(fields=["corpus", "number"], name="law_corpus_number")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})" if self.number else self.title


class LawArticle(TimeOrdered):
    """A Điều of a text, or what stands before the first one (``number`` empty)."""

    law = models.ForeignKey(
        Law, models.CASCADE, related_name="articles", verbose_name="văn bản trong thư viện"
    )
    order = models.PositiveIntegerField("thứ tự")
    number = models.CharField("điều", max_length=20, blank=True)
    heading = models.CharField("tên điều", max_length=1000, blank=True)
    text = models.TextField("nội dung")

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager[Self]]

    class Meta:
        verbose_name = "điều của văn bản"
        verbose_name_plural = "điều của văn bản"
        constraints = [
            models.UniqueConstraint(fields=["law", "order"], name="law_article_order_once")
        ]

    def __str__(self) -> str:
        return f"Điều {self.number} {self.law}" if self.number else str(self.law)


class SearchIndex(TimeOrdered):
    """One engine's index: which layout it has, when it was made whole, how many passages."""

    engine = models.CharField("bộ máy tìm kiếm", max_length=20, unique=True)
    layout = models.PositiveSmallIntegerField("kiểu chỉ mục")
    built_at = models.DateTimeField("dựng lúc")
    passages = models.PositiveIntegerField("số đoạn", default=0)
    seconds = models.FloatField("dựng trong (giây)", default=0)

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager[Self]]

    class Meta:
        verbose_name = "chỉ mục tìm kiếm"
        verbose_name_plural = "chỉ mục tìm kiếm"

    def __str__(self) -> str:
        return self.engine

"""Acts of the office that people were told of, with the papers as they were then; print runs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nghitruong.council.councils.models import CouncilRow
from nghitruong.council.papers.models import Paper
from nghitruong.platform.notices.models import Message
from nghitruong.session.meetings.models import Session


class ReleaseKind(models.TextChoices):
    """What the office did."""

    RELEASED = "released", "Gửi tài liệu"
    VERSION = "version", "Thay bản mới"
    WITHDRAWN = "withdrawn", "Rút tài liệu"


class Release(CouncilRow):
    """One act: papers sent, replaced or withdrawn, and the messages that told of it.

    ``message`` went to the delegates; ``others`` to agencies and guests, who may read only some of
    the papers and are told no titles.
    """

    session = models.ForeignKey(
        Session,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="releases",
        verbose_name="kỳ họp",
    )
    kind = models.CharField("việc", max_length=10, choices=ReleaseKind)
    at = models.DateTimeField("lúc")
    by_name = models.CharField("người gửi", max_length=200)
    delegates = models.PositiveIntegerField("số đại biểu được gửi", default=0)
    message = models.OneToOneField(
        Message, models.PROTECT, null=True, related_name="+", verbose_name="thông báo"
    )
    others = models.OneToOneField(
        Message,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="thông báo cho cơ quan, khách",
    )

    class Meta:
        verbose_name = "lần gửi tài liệu"
        verbose_name_plural = "lần gửi tài liệu"
        indexes = [models.Index(fields=["session", "at"], name="release_session_at")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%d/%m/%Y}"


class ReleasePaper(CouncilRow):
    """A paper of that act, with the text it had then."""

    release = models.ForeignKey(
        Release, models.CASCADE, related_name="papers", verbose_name="lần gửi"
    )
    paper = models.ForeignKey(
        Paper, models.PROTECT, related_name="releases", verbose_name="tài liệu"
    )
    version = models.PositiveSmallIntegerField("bản")
    pages = models.PositiveIntegerField("số trang", default=0)
    came_at = models.DateTimeField("tệp về lúc", null=True)

    class Meta:
        verbose_name = "tài liệu của lần gửi"
        verbose_name_plural = "tài liệu của lần gửi"
        constraints = [
            models.UniqueConstraint(fields=["release", "paper"], name="release_paper_once")
        ]

    def __str__(self) -> str:
        return f"{self.paper} (bản {self.version})"


class PrintRun(CouncilRow):
    """Sets the office printed after all: what is taken off the saving."""

    session = models.ForeignKey(
        Session, models.PROTECT, related_name="print_runs", verbose_name="kỳ họp"
    )
    sets = models.PositiveIntegerField("số bộ")
    pages = models.PositiveIntegerField("số trang mỗi bộ")
    note = models.CharField("in cho ai", max_length=200, blank=True)
    at = models.DateTimeField("ghi lúc", auto_now_add=True)
    by_name = models.CharField("người ghi", max_length=200)

    class Meta:
        verbose_name = "lượt in giấy"
        verbose_name_plural = "lượt in giấy"
        constraints = [
            models.CheckConstraint(
                condition=Q(sets__gte=1) & Q(pages__gte=1), name="print_run_not_empty"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sets} × {self.pages}"

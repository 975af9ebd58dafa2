"""An opinion about a place of a draft, and the steps it went through."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nghitruong.council.councils.models import CouncilRow, Organization, Person
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.lib.articles import place_label


class OpinionState(models.TextChoices):
    """Where an opinion stands."""

    SENT = "sent", "chờ cơ quan trình trả lời"
    ANSWERED = "answered", "đã trả lời, chờ Ban xác nhận"
    RETURNED = "returned", "Ban đề nghị trả lời lại"
    CONFIRMED = "confirmed", "Ban đã xác nhận"
    WITHDRAWN = "withdrawn", "đại biểu đã rút"


class Decision(models.TextChoices):
    """What the drafting agency does with an opinion."""

    ACCEPTED = "accepted", "Tiếp thu"
    PARTLY = "partly", "Tiếp thu một phần"
    EXPLAINED = "explained", "Giải trình, giữ như dự thảo"


class Opinion(CouncilRow):
    """What one delegate says about one place of one version; its words never change.

    ``article`` is the key of `lib.articles` («5», «1:5»), empty for the paper as a whole; ``quote``
    the words of the place in that version. ``nonce`` is made where it was written, so that sending
    again after a lost answer gives the same opinion.
    """

    paper = models.ForeignKey(
        Paper, models.PROTECT, related_name="opinions", verbose_name="tài liệu"
    )
    version = models.ForeignKey(
        PaperVersion, models.PROTECT, related_name="opinions", verbose_name="bản tài liệu"
    )
    article = models.CharField("điều", max_length=12, blank=True)
    clause = models.CharField("khoản", max_length=8, blank=True)
    point = models.CharField("điểm", max_length=8, blank=True)
    heading = models.CharField("tên điều", max_length=300, blank=True)
    quote = models.TextField("nội dung dự thảo", blank=True)
    text = models.TextField("ý kiến")
    author = models.ForeignKey(
        Person, models.PROTECT, related_name="opinions", verbose_name="đại biểu"
    )
    author_name = models.CharField("họ và tên đại biểu", max_length=120)
    author_group = models.CharField("Tổ đại biểu", max_length=200, blank=True)
    state = models.CharField(
        "trạng thái", max_length=12, choices=OpinionState, default=OpinionState.SENT
    )
    decision = models.CharField("kết quả", max_length=12, choices=Decision, blank=True)
    answer = models.TextField("nội dung trả lời", blank=True)
    answered_by = models.CharField("cơ quan trả lời", max_length=300, blank=True)
    nonce = models.UUIDField("mã lượt gửi")
    sent_at = models.DateTimeField("gửi lúc", auto_now_add=True)

    class Meta:
        verbose_name = "ý kiến về dự thảo"
        verbose_name_plural = "ý kiến về dự thảo"
        indexes = [models.Index(fields=["paper", "state"], name="opinion_paper_state")]
        constraints = [
            models.UniqueConstraint(fields=["author", "nonce"], name="opinion_sent_once"),
            models.CheckConstraint(
                condition=Q(state__in=OpinionState.values), name="opinion_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "withdrawn"]) | ~Q(decision=""),
                name="opinion_answered_has_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.place}"

    @property
    def place(self) -> str:
        """«Khoản 2 Điều 5», or that it speaks of the whole."""
        return place_label(self.article, self.clause, self.point) if self.article else "Toàn văn"


class StepKind(models.TextChoices):
    """What was done to an opinion."""

    ANSWER = "answer", "trả lời"
    CONFIRM = "confirm", "xác nhận"
    RETURN = "return", "đề nghị trả lời lại"
    WITHDRAW = "withdraw", "rút"


class OpinionStep(CouncilRow):
    """One step, kept for good: an answer given anew does not hide the one before."""

    opinion = models.ForeignKey(
        Opinion, models.CASCADE, related_name="steps", verbose_name="ý kiến"
    )
    kind = models.CharField("việc", max_length=10, choices=StepKind)
    decision = models.CharField("kết quả", max_length=12, choices=Decision, blank=True)
    text = models.TextField("nội dung", blank=True)
    body = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="tổ chức",
    )  # fmt: skip
    body_name = models.CharField("tên tổ chức", max_length=200, blank=True)
    # The text in which the Ban looked whether what was promised is there.
    version = models.ForeignKey(
        PaperVersion, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="bản được xem",
    )  # fmt: skip
    by_name = models.CharField("người làm", max_length=200)
    at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "bước xử lý ý kiến"
        verbose_name_plural = "bước xử lý ý kiến"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.by_name}"

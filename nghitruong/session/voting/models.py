"""Polls and votes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nghitruong.council.councils.models import Council, CouncilRow, Membership, Person
from nghitruong.council.papers.models import PaperVersion
from nghitruong.session.meetings.models import AgendaItem, Presence, Sitting
from nghitruong.session.voting.majority import Rule


class Choice(models.TextChoices):
    """The three choices of a named vote. No tap at all is counted apart (walkthrough no. 18)."""

    YES = "yes", "Tán thành"
    NO = "no", "Không tán thành"
    ABSTAIN = "abstain", "Không biểu quyết"


class PollState(models.TextChoices):
    """A poll's life; moves are in flows.py."""

    PREPARED = "prepared", "đã chuẩn bị"
    OPEN = "open", "đang biểu quyết"
    CLOSED = "closed", "đã kết thúc, chưa công bố"
    PUBLISHED = "published", "đã công bố"
    ANNULLED = "annulled", "đã hủy"


class Poll(CouncilRow):
    """Biểu quyết: an event with one question, one text, one rule."""

    sitting = models.ForeignKey(
        Sitting, models.PROTECT, related_name="polls", verbose_name="phiên họp"
    )
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, related_name="polls", verbose_name="nội dung"
    )
    number = models.PositiveSmallIntegerField("lần biểu quyết")  # in the sitting
    question = models.CharField("nội dung biểu quyết", max_length=500)
    version = models.ForeignKey(
        PaperVersion,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="bản tài liệu",
    )
    text_sha256 = models.CharField("mã băm văn bản", max_length=64, blank=True)
    rule = models.JSONField(
        "quy tắc"
    )  # voting.majority.Rule.as_dict(): ratio, strict, base, article
    # What lets the council vote by name where the law says secret ballot (rules.SECRET).
    open_basis = models.CharField(
        "căn cứ biểu quyết có ghi danh", max_length=300, blank=True, default=""
    )
    present_only = models.BooleanField("chỉ người có mặt", default=True)
    allow_change = models.BooleanField("được đổi đến khi kết thúc", default=True)
    state = models.CharField(
        "trạng thái", max_length=10, choices=PollState, default=PollState.PREPARED
    )
    repeats = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="biểu quyết lại",
    )
    prepared_at = models.DateTimeField("chuẩn bị lúc", auto_now_add=True)
    opened_at = models.DateTimeField("bắt đầu lúc", null=True, blank=True)
    closed_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    published_at = models.DateTimeField("công bố lúc", null=True, blank=True)
    annulled_at = models.DateTimeField("hủy lúc", null=True, blank=True)
    annul_reason = models.CharField("lý do hủy", max_length=300, blank=True)
    # The legal record, frozen at the close (law.md 3.8: all three bases).
    seats_by_law = models.PositiveSmallIntegerField("số đại biểu theo luật", null=True)
    in_office = models.PositiveSmallIntegerField("số đại biểu đương nhiệm", null=True)
    present = models.PositiveSmallIntegerField("số đại biểu có mặt", null=True)
    yes = models.PositiveSmallIntegerField("tán thành", null=True)
    no = models.PositiveSmallIntegerField("không tán thành", null=True)
    abstain = models.PositiveSmallIntegerField("không biểu quyết", null=True)
    not_voting = models.PositiveSmallIntegerField("không tham gia biểu quyết", null=True)
    needed = models.PositiveSmallIntegerField("số phiếu cần", null=True)
    passed = models.BooleanField("được thông qua", null=True)
    record = models.JSONField("hồ sơ kiểm lại", null=True)  # voting.record: recomputable by anybody
    record_sha256 = models.CharField("mã băm hồ sơ", max_length=64, blank=True)

    class Meta:
        verbose_name = "biểu quyết"
        verbose_name_plural = "biểu quyết"
        constraints = [
            models.UniqueConstraint(fields=["sitting", "number"], name="poll_number_once"),
            models.UniqueConstraint(
                fields=["sitting"], condition=Q(state="open"), name="poll_one_open_per_sitting"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["prepared", "open", "closed", "published", "annulled"]),
                name="poll_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "published"]) | Q(record__isnull=False),
                name="poll_closed_has_record",
            ),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def total(self) -> int | None:
        """What the percentages of the result are of; None before the count."""
        total: int | None = getattr(self, Rule.from_dict(self.rule).total)
        return total


class Vote(CouncilRow):
    """One member's choice in one poll; replaced until the close, frozen after it.

    The poll and the membership hold the row: PostgreSQL locks and looks up both for every vote
    before it commits. Council and person follow from those two and are written here only to be
    read quickly, so no constraint looks them up again (docs/decisions/0006).
    """

    council = models.ForeignKey(
        Council,
        models.PROTECT,
        related_name="+",
        verbose_name="Hội đồng nhân dân",
        db_constraint=False,
        db_index=False,  # never asked for alone
    )
    poll = models.ForeignKey(
        Poll,
        models.PROTECT,
        related_name="votes",
        verbose_name="biểu quyết",
        db_index=False,  # vote_once_per_member begins with it
    )
    membership = models.ForeignKey(Membership, models.PROTECT, verbose_name="tư cách đại biểu")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="người", db_constraint=False)
    choice = models.CharField("lựa chọn", max_length=8, choices=Choice)
    cast_at = models.DateTimeField("lúc")
    changes = models.PositiveSmallIntegerField("số lần đổi", default=0)
    receipt = models.CharField("mã biên nhận", max_length=16)
    # What the roll said then: the clerk may enter something else before the close.
    presence = models.CharField(
        "có mặt lúc biểu quyết", max_length=8, choices=Presence, blank=True, default=""
    )
    assisted_by = models.CharField("người ghi hộ", max_length=200, blank=True)
    assisted_reason = models.CharField("lý do ghi hộ", max_length=300, blank=True)

    class Meta:
        verbose_name = "phiếu biểu quyết"
        verbose_name_plural = "phiếu biểu quyết"
        constraints = [
            models.UniqueConstraint(fields=["poll", "membership"], name="vote_once_per_member"),
            models.CheckConstraint(
                condition=Q(choice__in=["yes", "no", "abstain"]), name="vote_choice_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id} {self.membership_id}"

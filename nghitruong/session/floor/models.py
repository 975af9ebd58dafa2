"""Requests to speak, speeches, the journal of a sitting."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nghitruong.council.councils.models import CouncilRow, Membership, Person
from nghitruong.session.meetings.models import AgendaItem, Sitting


class RequestKind(models.TextChoices):
    """Why a delegate asks for the floor."""

    SPEECH = "speech", "Phát biểu"
    QUESTION = "question", "Chất vấn"
    REBUTTAL = "rebuttal", "Tranh luận"
    ORDER = "point_of_order", "Ý kiến về điều hành"


class SpeechKind(models.TextChoices):
    """What is being said; members ask for the first four, the chair gives the others."""

    SPEECH = "speech", "Phát biểu"
    QUESTION = "question", "Chất vấn"
    REBUTTAL = "rebuttal", "Tranh luận"
    ORDER = "point_of_order", "Ý kiến về điều hành"
    ANSWER = "answer", "Trả lời chất vấn"
    PRESENTATION = "presentation", "Trình bày"


class RequestState(models.TextChoices):
    """A request waits, is called, or leaves the queue."""

    WAITING = "waiting", "đang chờ"
    CALLED = "called", "đã mời"
    DONE = "done", "đã phát biểu"
    WITHDRAWN = "withdrawn", "đã rút"
    DROPPED = "dropped", "chủ tọa bỏ lượt"  # not there when the turn came
    LAPSED = "lapsed", "chưa đến lượt"  # the item ended first; waits again if it is resumed


class SpeakerRequest(CouncilRow):
    """A delegate asked to speak; ``position`` keeps the order of registration."""

    sitting = models.ForeignKey(
        Sitting, models.CASCADE, related_name="requests", verbose_name="phiên họp"
    )
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, verbose_name="nội dung"
    )
    membership = models.ForeignKey(Membership, models.PROTECT, verbose_name="tư cách đại biểu")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="người")
    name = models.CharField("họ và tên", max_length=120)
    group = models.CharField("tổ đại biểu", max_length=120, blank=True)
    kind = models.CharField("loại", max_length=16, choices=RequestKind, default=RequestKind.SPEECH)
    state = models.CharField(
        "trạng thái", max_length=10, choices=RequestState, default=RequestState.WAITING
    )
    position = models.PositiveIntegerField("thứ tự đăng ký")
    requested_at = models.DateTimeField("đăng ký lúc")
    withdrawn_at = models.DateTimeField("rút lúc", null=True, blank=True)

    class Meta:
        verbose_name = "đăng ký phát biểu"
        verbose_name_plural = "đăng ký phát biểu"
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "membership"],
                condition=Q(state__in=["waiting", "called"]),
                name="request_one_active",
            ),
            models.UniqueConstraint(fields=["sitting", "position"], name="request_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"


class Speech(CouncilRow):
    """Somebody speaks; times are the server's. A speech without a member is a guest's."""

    sitting = models.ForeignKey(
        Sitting, models.CASCADE, related_name="speeches", verbose_name="phiên họp"
    )
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, verbose_name="nội dung"
    )
    request = models.OneToOneField(
        SpeakerRequest,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="speech",
        verbose_name="đăng ký",
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, verbose_name="người phát biểu"
    )
    name = models.CharField("họ và tên", max_length=120)
    title = models.CharField("chức vụ", max_length=200, blank=True)
    kind = models.CharField("loại", max_length=16, choices=SpeechKind, default=SpeechKind.SPEECH)
    limit_seconds = models.PositiveSmallIntegerField("thời gian cho phép (giây)")
    started_at = models.DateTimeField("bắt đầu lúc")
    ended_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    paused_at = models.DateTimeField("dừng đồng hồ lúc", null=True, blank=True)
    paused_seconds = models.PositiveIntegerField("đã dừng (giây)", default=0)
    warned_at = models.DateTimeField("nhắc thời gian lúc", null=True, blank=True)

    class Meta:
        verbose_name = "lượt phát biểu"
        verbose_name_plural = "lượt phát biểu"
        constraints = [
            models.UniqueConstraint(
                fields=["sitting"], condition=Q(ended_at__isnull=True), name="speech_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.started_at:%H:%M}"


class NoteToChair(CouncilRow):
    """A delegate's private words to whoever presides. Nobody else reads them."""

    sitting = models.ForeignKey(
        Sitting, models.CASCADE, related_name="notes", verbose_name="phiên họp"
    )
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="người gửi")
    name = models.CharField("họ và tên", max_length=120)
    text = models.CharField("lời nhắn", max_length=1000)
    at = models.DateTimeField("gửi lúc")
    read_at = models.DateTimeField("đọc lúc", null=True, blank=True)
    read_by_name = models.CharField("người đọc", max_length=200, blank=True)

    class Meta:
        verbose_name = "lời nhắn Chủ tọa"
        verbose_name_plural = "lời nhắn Chủ tọa"
        indexes = [models.Index(fields=["sitting", "at"], name="note_sitting_at")]

    def __str__(self) -> str:
        return f"{self.at:%H:%M} {self.name}"


class JournalEntry(CouncilRow):
    """A line of the sitting's journal: what the minutes are made from. Never changed."""

    sitting = models.ForeignKey(
        Sitting, models.PROTECT, related_name="journal", verbose_name="phiên họp"
    )
    at = models.DateTimeField("lúc")
    kind = models.CharField("loại", max_length=40)
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, verbose_name="nội dung"
    )
    text = models.CharField("nội dung ghi", max_length=1000)
    data = models.JSONField("chi tiết", default=dict)
    by_name = models.CharField("người ghi", max_length=200)

    class Meta:
        verbose_name = "dòng diễn biến"
        verbose_name_plural = "diễn biến phiên họp"
        indexes = [models.Index(fields=["sitting", "at"], name="journal_sitting_at")]

    def __str__(self) -> str:
        return f"{self.at:%H:%M} {self.text}"

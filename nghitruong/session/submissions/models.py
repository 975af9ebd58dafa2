"""What was asked of whom, what became of it, decisions about papers, reminders, rooms."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nghitruong.council.councils.models import CouncilRow, Organization, Person
from nghitruong.council.papers.models import Paper, PaperKind
from nghitruong.session.meetings.models import AgendaItem, Session


class AskState(models.TextChoices):
    """Whose turn it is. «Sent to delegates» is the paper's own state, not kept twice."""

    PREPARING = "preparing", "cơ quan đang chuẩn bị"
    FORWARDING = "forwarding", "chờ Văn phòng UBND chuyển"
    CHECKING = "checking", "chờ Văn phòng kiểm tra"
    CLEARED = "cleared", "chờ cho lưu hành"
    CANCELLED = "cancelled", "thôi đề nghị"


class Ask(CouncilRow):
    """A paper that the office asks a body for."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="asks", verbose_name="kỳ họp")
    item = models.ForeignKey(
        AgendaItem,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="asks",
        verbose_name="nội dung chương trình",
    )
    body = models.ForeignKey(
        Organization, models.PROTECT, related_name="asks", verbose_name="cơ quan"
    )
    kind = models.CharField("loại tài liệu", max_length=24, choices=PaperKind)
    title = models.CharField("tên dự kiến", max_length=500)
    fold = models.CharField("chữ không dấu", max_length=500, db_index=True)
    note = models.CharField("yêu cầu thêm", max_length=500, blank=True)
    # The rule gives the day; the office may want it earlier, or give one where no rule does.
    due_override = models.DateField("hạn riêng", null=True, blank=True)
    # Frozen when asked: whether it passes the Office of the People's Committee.
    forwarded = models.BooleanField("qua Văn phòng UBND", default=False)
    state = models.CharField(
        "trạng thái", max_length=12, choices=AskState, default=AskState.PREPARING
    )
    paper = models.OneToOneField(
        Paper, models.SET_NULL, null=True, blank=True, related_name="ask", verbose_name="tài liệu"
    )
    asked_at = models.DateTimeField("đề nghị lúc", auto_now_add=True)
    asked_by_name = models.CharField("người đề nghị", max_length=200)

    class Meta:
        verbose_name = "tài liệu được yêu cầu"
        verbose_name_plural = "tài liệu được yêu cầu"
        indexes = [models.Index(fields=["session", "state"], name="ask_session_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AskState.values), name="ask_state_known"),
            models.UniqueConstraint(
                fields=["session", "body", "kind", "title"],
                condition=~Q(state="cancelled"),
                name="ask_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class StepKind(models.TextChoices):
    """What was done."""

    ASK = "ask", "đề nghị gửi tài liệu"
    UPLOAD = "upload", "tải tệp lên"
    SEND = "send", "gửi đi"
    FORWARD = "forward", "chuyển sang Văn phòng của Hội đồng"
    CHECK = "check", "kiểm tra, đủ điều kiện"
    TAKE_IN = "take_in", "nhận trực tiếp tại Văn phòng"
    RETURN = "return", "trả lại"
    CIRCULATE = "circulate", "cho lưu hành"
    CANCEL = "cancel", "thôi đề nghị"


class AskStep(CouncilRow):
    """One step on the way of a paper, kept for good."""

    ask = models.ForeignKey(Ask, models.CASCADE, related_name="steps", verbose_name="yêu cầu")
    kind = models.CharField("việc", max_length=10, choices=StepKind)
    state = models.CharField("trạng thái sau đó", max_length=12, choices=AskState)
    version = models.PositiveSmallIntegerField("bản", null=True, blank=True)
    reason = models.CharField("lý do", max_length=300, blank=True)
    by_name = models.CharField("người làm", max_length=200)
    at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "bước chuyển tài liệu"
        verbose_name_plural = "bước chuyển tài liệu"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.by_name}"


class LateCirculation(CouncilRow):
    """«Cho phép lưu hành chậm»: who let a paper past its day circulate, when, why, by which
    article. Whether a paper is late is computed; only the decision is kept."""

    paper = models.OneToOneField(
        Paper, models.CASCADE, related_name="late_circulation", verbose_name="tài liệu"
    )
    approved_by = models.CharField("người cho phép", max_length=200)
    reason = models.CharField("lý do", max_length=300)
    article = models.CharField("căn cứ", max_length=300)
    recorded_by_name = models.CharField("người ghi", max_length=200)
    at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "cho phép lưu hành chậm"
        verbose_name_plural = "cho phép lưu hành chậm"
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(approved_by=""), name="late_circulation_complete"
            )
        ]

    def __str__(self) -> str:
        return f"{self.approved_by}: {self.reason}"


class Publicity(CouncilRow):
    """Whether a paper is public: decided by Thường trực (Điều 12(3), (4)); the newest row holds."""

    paper = models.ForeignKey(
        Paper, models.CASCADE, related_name="publicity", verbose_name="tài liệu"
    )
    public = models.BooleanField("công khai")
    reason = models.CharField("lý do", max_length=300, blank=True)
    decided_by_name = models.CharField("người quyết định", max_length=200)
    at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "quyết định công khai tài liệu"
        verbose_name_plural = "quyết định công khai tài liệu"
        indexes = [models.Index(fields=["paper", "at"], name="publicity_paper_at")]

    def __str__(self) -> str:
        return "công khai" if self.public else "không công khai"


class ReminderStep(models.TextChoices):
    """When a body is reminded."""

    BEFORE = "before", "sắp đến hạn"
    DAY = "day", "đến hạn hôm nay"
    OVERDUE = "overdue", "quá hạn"


class Reminder(CouncilRow):
    """One person was reminded of one paper, once for each step of a day it is due on."""

    ask = models.ForeignKey(Ask, models.CASCADE, related_name="reminders", verbose_name="yêu cầu")
    person = models.ForeignKey(Person, models.CASCADE, verbose_name="người được nhắc")
    step = models.CharField("lần nhắc", max_length=8, choices=ReminderStep)
    due = models.DateField("hạn")
    at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "lời nhắc gửi tài liệu"
        verbose_name_plural = "lời nhắc gửi tài liệu"
        constraints = [
            models.UniqueConstraint(
                fields=["ask", "person", "step", "due"], name="reminder_sent_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_step_display()}"


class Room(CouncilRow):
    """A named set of papers for named readers, between sessions."""

    name = models.CharField("tên phòng", max_length=200)
    fold = models.CharField("chữ không dấu", max_length=200, db_index=True)
    purpose = models.CharField("mục đích", max_length=500, blank=True)
    opened_at = models.DateTimeField("mở lúc", auto_now_add=True)
    opened_by_name = models.CharField("người mở", max_length=200)
    closed_at = models.DateTimeField("đóng lúc", null=True, blank=True)

    class Meta:
        verbose_name = "phòng tài liệu"
        verbose_name_plural = "phòng tài liệu"

    def __str__(self) -> str:
        return self.name


class RoomPaper(CouncilRow):
    """A paper of a room."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="papers", verbose_name="phòng")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="rooms", verbose_name="tài liệu")
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "tài liệu của phòng"
        verbose_name_plural = "tài liệu của phòng"
        constraints = [models.UniqueConstraint(fields=["room", "paper"], name="room_paper_once")]

    def __str__(self) -> str:
        return f"{self.room}: {self.paper}"


class RoomReader(CouncilRow):
    """Who may read in a room: everybody of a body, or one person."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="readers", verbose_name="phòng")
    body = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, verbose_name="tổ chức"
    )
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, verbose_name="người")

    class Meta:
        verbose_name = "người đọc của phòng"
        verbose_name_plural = "người đọc của phòng"
        constraints = [
            models.CheckConstraint(
                condition=Q(body__isnull=True) ^ Q(person__isnull=True),
                name="room_reader_is_one",
            ),
            models.UniqueConstraint(
                fields=["room", "body"],
                condition=Q(body__isnull=False),
                name="room_body_once",
            ),
            models.UniqueConstraint(
                fields=["room", "person"],
                condition=Q(person__isnull=False),
                name="room_person_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.body or self.person)

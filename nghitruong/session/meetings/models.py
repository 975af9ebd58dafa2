"""Sessions, plan tasks, sittings, agenda items, summons, roll entries."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from nghitruong.council.councils.models import (
    CouncilRow,
    LegislativeTerm,
    Membership,
    Organization,
    Person,
)
from nghitruong.council.papers.models import Paper


class SessionKind(models.TextChoices):
    """Kinds of session (L72/2025 Đ34; walkthrough no. 18 for the words)."""

    FIRST = "first", "Kỳ họp thứ nhất"
    REGULAR = "regular", "Kỳ họp thường lệ"
    THEMATIC = "thematic", "Kỳ họp chuyên đề"
    URGENT = "urgent", "Kỳ họp giải quyết công việc phát sinh đột xuất"


class SessionState(models.TextChoices):
    """From plan to archive; moves are in flows.py."""

    PREPARING = "preparing", "đang chuẩn bị"
    CONVENED = "convened", "đã triệu tập"
    IN_SESSION = "in_session", "đang họp"
    CLOSED = "closed", "đã bế mạc"
    POSTPONED = "postponed", "hoãn"
    CANCELLED = "cancelled", "không tổ chức"


class Session(CouncilRow):
    """Kỳ họp of the council.

    Every term counts its sessions from one; addresses of pages never change what they mean. So the
    first session of a number has it as its ``address``, those of other terms the term's number
    before it: ``/ky-hop/1801/`` is the first session of khóa XVIII.
    """

    term = models.ForeignKey(LegislativeTerm, models.PROTECT, verbose_name="khóa")
    number = models.PositiveSmallIntegerField("kỳ họp thứ")
    address = models.PositiveIntegerField("số trong địa chỉ trang", editable=False)
    kind = models.CharField("loại kỳ họp", max_length=12, choices=SessionKind)
    title = models.CharField("tên kỳ họp", max_length=200)
    required_by = models.CharField("người yêu cầu", max_length=200, blank=True)
    expected_opening = models.DateField("ngày dự kiến khai mạc")
    place = models.CharField("địa điểm", max_length=200, blank=True)
    state = models.CharField(
        "trạng thái", max_length=12, choices=SessionState, default=SessionState.PREPARING
    )
    profile_code = models.CharField("bộ quy tắc", max_length=40)
    profile = models.JSONField("bộ quy tắc đã chốt")  # procedure.freeze(): resolved rules + hash
    convened_on = models.DateField("ngày triệu tập", null=True, blank=True)
    created_at = models.DateTimeField("tạo lúc", auto_now_add=True)

    class Meta:
        verbose_name = "kỳ họp"
        verbose_name_plural = "kỳ họp"
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="session_number_once"),
            models.UniqueConstraint(fields=["council", "address"], name="session_address_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, **options: Any) -> None:
        """Give a new session its address, for good."""
        if not self.address:
            same = Session.objects.filter(council_id=self.council_id, address=self.number)
            taken = same.exclude(pk=self.pk).exists()
            self.address = self.term.number * 100 + self.number if taken else self.number
        super().save(**options)


class PlanTask(CouncilRow):
    """A task of the preparation plan; its date follows the expected opening by its rule."""

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="tasks", verbose_name="kỳ họp"
    )
    key = models.CharField("mã việc", max_length=60)
    title = models.CharField("việc", max_length=300)
    owner = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, verbose_name="nơi chủ trì"
    )
    rule_key = models.CharField("quy tắc", max_length=80, blank=True)
    due_override = models.DateField("hạn riêng", null=True, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    done_at = models.DateTimeField("xong lúc", null=True, blank=True)
    done_by_name = models.CharField("người xác nhận", max_length=200, blank=True)

    class Meta:
        verbose_name = "việc chuẩn bị"
        verbose_name_plural = "việc chuẩn bị"
        constraints = [models.UniqueConstraint(fields=["session", "key"], name="plan_task_once")]

    def __str__(self) -> str:
        return self.title


class SessionNotice(CouncilRow):
    """News of a session for everybody who follows it: a moved date, a changed sitting. Guests and
    the press read it too: no title of a paper, nothing of what is behind closed doors."""

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="notices", verbose_name="kỳ họp"
    )
    text = models.CharField("nội dung", max_length=500)
    at = models.DateTimeField("lúc", auto_now_add=True)
    by_name = models.CharField("người báo", max_length=200, blank=True)

    class Meta:
        verbose_name = "thông báo về kỳ họp"
        verbose_name_plural = "thông báo về kỳ họp"

    def __str__(self) -> str:
        return self.text


class SittingState(models.TextChoices):
    """A sitting's life; words from walkthrough no. 18."""

    PLANNED = "planned", "chưa bắt đầu"
    OPEN = "open", "đang họp"
    SUSPENDED = "suspended", "tạm nghỉ"
    CLOSED = "closed", "đã kết thúc"


class SittingKind(models.TextChoices):
    """What a sitting is for."""

    PREPARATORY = "preparatory", "Phiên trù bị"
    OPENING = "opening", "Phiên khai mạc"
    PLENARY = "plenary", "Phiên toàn thể"
    QUESTIONING = "questioning", "Phiên chất vấn"
    CLOSING = "closing", "Phiên bế mạc"


class Sitting(CouncilRow):
    """Phiên họp: people in a hall (or online), one item at a time."""

    session = models.ForeignKey(
        Session, models.PROTECT, related_name="sittings", verbose_name="kỳ họp"
    )
    number = models.PositiveSmallIntegerField("phiên")
    kind = models.CharField("loại phiên", max_length=12, choices=SittingKind)
    title = models.CharField("tên phiên", max_length=200)
    starts_at = models.DateTimeField("bắt đầu dự kiến")
    ends_at = models.DateTimeField("kết thúc dự kiến", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=200, blank=True)
    closed_doors = models.BooleanField("họp kín", default=False)
    state = models.CharField(
        "trạng thái", max_length=12, choices=SittingState, default=SittingState.PLANNED
    )
    roll_open = models.BooleanField("đang điểm danh", default=False)
    current_item = models.ForeignKey(
        "AgendaItem",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="nội dung hiện tại",
    )
    presiding = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người chủ tọa",
    )
    opened_at = models.DateTimeField("bắt đầu lúc", null=True, blank=True)
    suspended_at = models.DateTimeField("tạm nghỉ gần nhất lúc", null=True, blank=True)
    closed_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)

    class Meta:
        verbose_name = "phiên họp"
        verbose_name_plural = "phiên họp"
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="sitting_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "open", "suspended", "closed"]),
                name="sitting_state_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ItemKind(models.TextChoices):
    """What is done with an agenda item."""

    CEREMONY = "ceremony", "Nghi thức"
    REPORT = "report", "Trình bày báo cáo"
    SUBMISSION = "submission", "Trình bày tờ trình"
    DEBATE = "debate", "Thảo luận"
    QUESTIONING = "questioning", "Chất vấn"
    DECISION = "decision", "Biểu quyết"
    ELECTION = "election", "Bầu cử"
    OTHER = "other", "Nội dung khác"


class AgendaItem(CouncilRow):
    """A line of the agenda."""

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="items", verbose_name="kỳ họp"
    )
    sitting = models.ForeignKey(
        Sitting,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="items",
        verbose_name="phiên họp",
    )
    order = models.PositiveSmallIntegerField("thứ tự")
    kind = models.CharField("loại nội dung", max_length=12, choices=ItemKind)
    title = models.CharField("nội dung", max_length=500)
    presenter = models.CharField("người trình bày", max_length=200, blank=True)
    presenting_body = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, verbose_name="cơ quan trình"
    )
    minutes = models.PositiveSmallIntegerField("thời lượng (phút)", default=10)
    speech_minutes = models.PositiveSmallIntegerField(
        "thời gian mỗi lượt phát biểu (phút)", null=True, blank=True
    )
    closed_doors = models.BooleanField("họp kín", default=False)
    papers = models.ManyToManyField(Paper, through="AgendaPaper", related_name="agenda_items")

    class Meta:
        verbose_name = "nội dung chương trình"
        verbose_name_plural = "nội dung chương trình"
        indexes = [models.Index(fields=["session", "order"], name="item_session_order")]

    def __str__(self) -> str:
        return self.title


class AgendaPaper(CouncilRow):
    """A paper under an agenda item."""

    item = models.ForeignKey(
        AgendaItem, models.CASCADE, related_name="item_papers", verbose_name="nội dung"
    )
    paper = models.ForeignKey(
        Paper, models.PROTECT, related_name="item_papers", verbose_name="tài liệu"
    )
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "tài liệu của nội dung"
        verbose_name_plural = "tài liệu của nội dung"
        constraints = [models.UniqueConstraint(fields=["item", "paper"], name="item_paper_once")]

    def __str__(self) -> str:
        return f"{self.item}: {self.paper}"


class SummonsKind(models.TextChoices):
    """Delegates are summoned, others invited."""

    SUMMONS = "summons", "Giấy triệu tập"
    INVITATION = "invitation", "Giấy mời"


class Reply(models.TextChoices):
    """RSVP."""

    NONE = "none", "chưa trả lời"
    COMING = "coming", "sẽ dự"
    ABSENT = "absent", "xin vắng"


class Summons(CouncilRow):
    """A numbered summons or invitation; name and title are those of the moment of issue."""

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="summons", verbose_name="kỳ họp"
    )
    kind = models.CharField("loại giấy", max_length=12, choices=SummonsKind)
    number = models.PositiveIntegerField("số")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="người nhận")
    name = models.CharField("họ và tên", max_length=120)
    title = models.CharField("chức danh", max_length=300, blank=True)
    issued_at = models.DateTimeField("phát hành lúc")
    reply = models.CharField("trả lời", max_length=8, choices=Reply, default=Reply.NONE)
    reason = models.CharField("lý do vắng", max_length=300, blank=True)
    replied_at = models.DateTimeField("trả lời lúc", null=True, blank=True)

    class Meta:
        verbose_name = "giấy triệu tập, giấy mời"
        verbose_name_plural = "giấy triệu tập, giấy mời"
        constraints = [
            models.UniqueConstraint(
                fields=["session", "kind", "number"], name="summons_number_once"
            ),
            models.UniqueConstraint(fields=["session", "person"], name="summons_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} số {self.number}: {self.name}"


class Presence(models.TextChoices):
    """Where a member is during a sitting."""

    UNKNOWN = "unknown", "chưa điểm danh"
    PRESENT = "present", "có mặt"
    EXCUSED = "excused", "vắng có lý do"
    ABSENT = "absent", "vắng"
    LEFT = "left", "đã rời phòng họp"


class RollEntry(CouncilRow):
    """A member in office on the roll of a sitting: who they are now, and whether present.

    Names are snapshots of the moment the roll was opened. ``entitled`` is false for a member
    temporarily suspended (L72/2025 Đ38): shown, not counted present, may not act.
    """

    sitting = models.ForeignKey(
        Sitting, models.CASCADE, related_name="roll", verbose_name="phiên họp"
    )
    membership = models.ForeignKey(Membership, models.PROTECT, verbose_name="tư cách đại biểu")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="người")
    name = models.CharField("họ và tên", max_length=120)
    sort_key = models.CharField("khóa sắp xếp", max_length=400)
    title = models.CharField("chức vụ", max_length=200, blank=True)
    group = models.CharField("tổ đại biểu", max_length=120, blank=True)
    seat_number = models.PositiveSmallIntegerField("số ghế", null=True)
    seat_label = models.CharField("vị trí ngồi", max_length=20, blank=True)
    entitled = models.BooleanField("được biểu quyết", default=True)
    presence = models.CharField("có mặt", max_length=8, choices=Presence, default=Presence.UNKNOWN)
    reason = models.CharField("lý do vắng", max_length=300, blank=True)
    checked_in_at = models.DateTimeField("điểm danh lúc", null=True, blank=True)
    checked_in_by = models.CharField("người điểm danh", max_length=200, blank=True)

    class Meta:
        verbose_name = "dòng điểm danh"
        verbose_name_plural = "danh sách điểm danh"
        constraints = [
            models.UniqueConstraint(fields=["sitting", "membership"], name="roll_member_once"),
            models.UniqueConstraint(fields=["sitting", "person"], name="roll_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_presence_display()}"

"""An import of many files, the place of each paper in a session's binder, printed packets."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nghitruong.council.councils.models import CouncilRow, Organization, Person
from nghitruong.council.papers.models import Paper, PaperKind


class ImportState(models.TextChoices):
    """From the first file to the papers made of them; undone, it is open again."""

    OPEN = "open", "đang nhập"
    CONFIRMED = "confirmed", "đã ghi vào kỳ họp"
    DROPPED = "dropped", "đã bỏ"


class PaperImport(CouncilRow):
    """Many files taken in at once for a session, previewed, confirmed, undone as a whole."""

    session_id = models.UUIDField("kỳ họp", db_index=True)
    state = models.CharField(
        "trạng thái", max_length=10, choices=ImportState, default=ImportState.OPEN
    )
    owner = models.ForeignKey(Person, models.PROTECT, verbose_name="người nhập")
    created_at = models.DateTimeField("bắt đầu lúc", auto_now_add=True)
    confirmed_at = models.DateTimeField("ghi lúc", null=True, blank=True)
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)

    class Meta:
        verbose_name = "lượt nhập tài liệu"
        verbose_name_plural = "lượt nhập tài liệu"

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.created_at:%d/%m/%Y}"


class ArrivalState(models.TextChoices):
    """``waiting`` is what the sweeper looks for."""

    WAITING = "waiting", "đang xem"
    DONE = "done", "đã xem"
    FAILED = "failed", "không mở được"


class Arrival(CouncilRow):
    """One thing sent in: a file or a zip, kept beside the uploads until it has been looked at.

    Holds no name: nothing of a paper may reach the database before its secrecy is known.
    """

    batch = models.ForeignKey(
        PaperImport, models.CASCADE, related_name="arrivals", verbose_name="lượt nhập"
    )
    state = models.CharField(
        "trạng thái", max_length=8, choices=ArrivalState, default=ArrivalState.WAITING
    )
    done = models.PositiveIntegerField("đã xem", default=0)
    total = models.PositiveIntegerField("số tệp", default=1)
    problem = models.CharField("lý do không mở được", max_length=300, blank=True)
    created_at = models.DateTimeField("nhận lúc", auto_now_add=True)

    class Meta:
        verbose_name = "tệp gửi vào lượt nhập"
        verbose_name_plural = "tệp gửi vào lượt nhập"

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"


class ImportFile(CouncilRow):
    """A file of an import with what it is proposed to be; ``paper`` once it has become one."""

    batch = models.ForeignKey(
        PaperImport, models.CASCADE, related_name="files", verbose_name="lượt nhập"
    )
    arrival = models.ForeignKey(Arrival, models.CASCADE, verbose_name="tệp gửi vào")
    place = models.PositiveIntegerField("thứ tự trong tệp gửi")
    folder = models.CharField("thư mục", max_length=500, blank=True)
    file_name = models.CharField("tên tệp", max_length=255, blank=True)
    order_key = models.CharField("khóa sắp xếp", max_length=800, blank=True)
    sha256 = models.CharField("mã băm tệp", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("dung lượng", default=0)
    media_type = models.CharField("kiểu tệp", max_length=120, blank=True)
    pages = models.PositiveIntegerField("số trang", null=True, blank=True)
    refused = models.CharField("mã lý do không nhận", max_length=40, blank=True)
    # [{"code", "text", "grave"}] of the file itself; those of the whole set are computed.
    problems = models.JSONField("điều cần xem", default=list, blank=True)
    include = models.BooleanField("nhận", default=True)
    kind = models.CharField("loại tài liệu", max_length=24, choices=PaperKind, blank=True)
    title = models.CharField("tên tài liệu", max_length=500, blank=True)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    body = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="cơ quan trình",
    )  # fmt: skip
    dated = models.DateField("ngày văn bản", null=True, blank=True)
    ask_id = models.UUIDField("tài liệu được yêu cầu", null=True, blank=True)
    item_id = models.UUIDField("nội dung chương trình", null=True, blank=True)
    sources = models.JSONField("nguồn đề xuất", default=dict, blank=True)
    edited = models.BooleanField("đã có người sửa", default=False)
    paper = models.OneToOneField(
        Paper,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="import_file",
        verbose_name="tài liệu",
    )

    class Meta:
        verbose_name = "tệp trong lượt nhập"
        verbose_name_plural = "tệp trong lượt nhập"
        constraints = [
            models.UniqueConstraint(fields=["arrival", "place"], name="import_file_once"),
            models.CheckConstraint(
                condition=Q(refused="") | Q(include=False), name="refused_file_not_taken"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.file_name


class BinderPlace(CouncilRow):
    """Where a paper stands in the binder of a session; tab numbers follow from the order. A paper
    on the agendas of two sessions has a place in each."""

    session_id = models.UUIDField("kỳ họp", db_index=True)
    paper = models.ForeignKey(
        Paper, models.CASCADE, related_name="binder_places", verbose_name="tài liệu"
    )
    section = models.CharField("mục", max_length=20)  # papers.queries.MENU
    order = models.PositiveIntegerField("thứ tự")

    class Meta:
        verbose_name = "chỗ trong tập tài liệu"
        verbose_name_plural = "chỗ trong tập tài liệu"
        indexes = [models.Index(fields=["session_id", "order"], name="binder_session_order")]
        constraints = [
            models.UniqueConstraint(fields=["session_id", "paper"], name="binder_place_once")
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.order}"


class PacketState(models.TextChoices):
    """``waiting`` is what the sweeper looks for."""

    WAITING = "waiting", "đang đóng tập"
    DONE = "done", "đã xong"
    FAILED = "failed", "không đóng được"


class Packet(CouncilRow):
    """A printed set: cover, contents, tabs and papers with page numbers in one PDF."""

    session_id = models.UUIDField("kỳ họp", db_index=True)
    state = models.CharField(
        "trạng thái", max_length=8, choices=PacketState, default=PacketState.WAITING
    )
    papers = models.JSONField("tài liệu được chọn", default=list, blank=True)  # keys; empty: all
    heading = models.JSONField("bìa", default=dict)
    dividers = models.BooleanField("có tờ ngăn", default=True)
    drafts = models.BooleanField("kể cả tài liệu chưa gửi", default=True)
    sha256 = models.CharField("mã băm tệp", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("dung lượng", default=0)
    pages = models.PositiveIntegerField("số trang", null=True, blank=True)
    # [[paper, version, first page, pages]] as printed: the binder goes on being counted as it is.
    numbers = models.JSONField("số trang đã in", default=list, blank=True)
    problem = models.CharField("lý do", max_length=300, blank=True)
    created_at = models.DateTimeField("yêu cầu lúc", auto_now_add=True)
    created_by_name = models.CharField("người yêu cầu", max_length=200)
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)

    class Meta:
        verbose_name = "bản in cả tập"
        verbose_name_plural = "bản in cả tập"

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.created_at:%d/%m/%Y}"

"""What became of a version's file, and its text page by page."""

from __future__ import annotations

from django.db import models

from nghitruong.council.councils.models import CouncilRow, Person
from nghitruong.council.papers.models import Paper, PaperKind, PaperVersion, Secrecy


class IntakeState(models.TextChoices):
    """``waiting`` is what the sweeper looks for; ``held`` waits for a person's decision."""

    WAITING = "waiting", "đang xử lý"
    DONE = "done", "đã xử lý"
    HELD = "held", "chờ văn phòng xem"
    FAILED = "failed", "chưa xử lý được"


class TextSource(models.TextChoices):
    """Where a page's text comes from."""

    LAYER = "layer", "chữ có sẵn trong tệp"
    OCR = "ocr", "đọc bằng OCR"
    CONVERTED = "converted", "chuyển từ tệp văn phòng"


class Intake(CouncilRow):
    """What was found out about one version's file."""

    version = models.OneToOneField(
        PaperVersion, models.CASCADE, related_name="intake", verbose_name="bản tài liệu"
    )
    state = models.CharField(
        "trạng thái", max_length=10, choices=IntakeState, default=IntakeState.WAITING
    )
    kind = models.CharField("loại tệp", max_length=10, blank=True)  # pipeline.sniff.Kind
    media_type = models.CharField("kiểu tệp thật", max_length=120, blank=True)
    verdict = models.CharField("kết luận", max_length=10, blank=True)  # accepted, degraded, refused
    problems = models.JSONField("điều cần biết", default=list, blank=True)  # codes
    missing = models.JSONField("chương trình còn thiếu", default=list, blank=True)
    text_from = models.CharField("nguồn chữ", max_length=10, choices=TextSource, blank=True)
    encoding = models.CharField("bảng mã cũ", max_length=10, blank=True)  # tcvn3, vni, viscii
    pages = models.PositiveIntegerField("số trang", null=True, blank=True)
    chars = models.PositiveIntegerField("số chữ", default=0)
    signatures = models.JSONField("chữ ký điện tử", default=list, blank=True)
    # The PDF to read when the file itself is not one (or has no text): stored beside it.
    reading_sha256 = models.CharField("mã băm bản để đọc", max_length=64, blank=True)
    reading_size = models.PositiveBigIntegerField("dung lượng bản để đọc", default=0)
    thumbnails_sha256 = models.CharField("mã băm ảnh thu nhỏ", max_length=64, blank=True)
    degree = models.CharField("dấu mật đọc được", max_length=20, choices=Secrecy, blank=True)
    cleared_by_name = models.CharField("người xác nhận không mật", max_length=200, blank=True)
    seconds = models.FloatField("xử lý trong (giây)", null=True, blank=True)
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)

    class Meta:
        verbose_name = "kết quả tiếp nhận tệp"
        verbose_name_plural = "kết quả tiếp nhận tệp"
        indexes = [models.Index(fields=["state"], name="intake_state")]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_state_display()}"


class PageText(CouncilRow):
    """The text of one page, NFC, lines as printed; empty for a page without words."""

    version = models.ForeignKey(
        PaperVersion, models.CASCADE, related_name="page_texts", verbose_name="bản tài liệu"
    )
    number = models.PositiveIntegerField("trang")
    text = models.TextField("nội dung", blank=True)
    source = models.CharField("nguồn chữ", max_length=10, choices=TextSource)
    # 0–100: how sure the OCR engine is of its words; NULL for text that was in the file.
    confidence = models.PositiveSmallIntegerField("độ tin OCR", null=True, blank=True)
    # The page's small picture: a piece of the file ``Intake.thumbnails_sha256``.
    thumbnail_at = models.PositiveBigIntegerField("chỗ của ảnh thu nhỏ", default=0)
    thumbnail_size = models.PositiveIntegerField("cỡ ảnh thu nhỏ", default=0)

    class Meta:
        verbose_name = "nội dung trang"
        verbose_name_plural = "nội dung trang"
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="page_text_once")]

    def __str__(self) -> str:
        return f"{self.version} tr. {self.number}"


class ScannerFolder(CouncilRow):
    """The folder where this council's scanner puts files; on while a clerk answers for it."""

    clerk = models.ForeignKey(Person, models.PROTECT, verbose_name="thư ký chịu trách nhiệm")
    session_id = models.UUIDField("kỳ họp nhận tài liệu", null=True, blank=True)
    kind = models.CharField(
        "loại tài liệu", max_length=24, choices=PaperKind, default=PaperKind.REFERENCE
    )
    enabled = models.BooleanField("đang bật", default=True)
    looked_at = models.DateTimeField("xem thư mục lúc", null=True, blank=True)
    trouble = models.CharField("trục trặc", max_length=300, blank=True)

    class Meta:
        verbose_name = "thư mục máy quét"
        verbose_name_plural = "thư mục máy quét"
        constraints = [models.UniqueConstraint(fields=["council"], name="scanner_folder_once")]

    def __str__(self) -> str:
        return f"{self.council}: {'bật' if self.enabled else 'tắt'}"


class ScannedFile(CouncilRow):
    """One file found in the scanner's folder, and what became of it."""

    file_name = models.CharField("tên tệp", max_length=255)
    found_at = models.DateTimeField("nhận lúc", auto_now_add=True)
    paper = models.ForeignKey(
        Paper, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="tài liệu"
    )
    refusal = models.CharField("lý do không nhận", max_length=500, blank=True)

    class Meta:
        verbose_name = "tệp từ máy quét"
        verbose_name_plural = "tệp từ máy quét"

    def __str__(self) -> str:
        return self.file_name


class IntegrityCheck(CouncilRow):
    """A walk over every stored file of this council: is each still what its SHA-256 says?"""

    started_at = models.DateTimeField("bắt đầu lúc")
    finished_at = models.DateTimeField("xong lúc")
    files = models.PositiveIntegerField("số tệp")
    size = models.PositiveBigIntegerField("tổng dung lượng", default=0)
    # [{"version": id, "title": …, "file": …, "what": "missing" | "damaged", "part": …}]
    faults = models.JSONField("tệp có lỗi", default=list, blank=True)

    class Meta:
        verbose_name = "lượt kiểm tra kho tệp"
        verbose_name_plural = "lượt kiểm tra kho tệp"

    def __str__(self) -> str:
        return f"{self.started_at:%d/%m/%Y}: {self.files} tệp, {len(self.faults)} lỗi"

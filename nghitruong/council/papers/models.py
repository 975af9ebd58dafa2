"""Papers, their versions, uploads in progress, stubs of secret papers, reading positions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nghitruong.council.councils.models import CouncilRow, Organization, Person

ERASED_TITLE = "Tài liệu thuộc bí mật nhà nước, đã xóa khỏi hệ thống"


class PaperKind(models.TextChoices):
    """What a session paper is (glossary: law.md §13)."""

    PROGRAMME = "programme", "Chương trình"
    REPORT = "report", "Báo cáo"
    SUBMISSION = "submission", "Tờ trình"
    PROPOSAL = "project_proposal", "Đề án"
    DRAFT = "draft_resolution", "Dự thảo nghị quyết"
    VERIFICATION = "verification_report", "Báo cáo thẩm tra"
    RESPONSE = "response_report", "Báo cáo giải trình, tiếp thu"
    VOTERS = "voter_petitions", "Ý kiến cử tri"
    NAMES = "list", "Danh sách"
    NOTICE = "notice", "Thông báo"
    REFERENCE = "reference", "Tài liệu tra cứu"


class Secrecy(models.TextChoices):
    """Degrees of a state secret (L117/2025); none of them may enter this system."""

    CONFIDENTIAL = "confidential", "Mật"
    SECRET = "secret", "Tối mật"
    TOP_SECRET = "top_secret", "Tuyệt mật"


class PaperState(models.TextChoices):
    """Draft papers are the office's; released ones the delegates'; withdrawn stay readable."""

    DRAFT = "draft", "đang chuẩn bị"
    RELEASED = "released", "đã phát hành"
    WITHDRAWN = "withdrawn", "đã rút"


class Paper(CouncilRow):
    """A paper of the council, independent of the meeting that discusses it."""

    kind = models.CharField("loại tài liệu", max_length=24, choices=PaperKind)
    title = models.CharField("tên tài liệu", max_length=500)
    fold = models.CharField("chữ không dấu", max_length=500, db_index=True)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    issuing_body = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, verbose_name="tổ chức trình"
    )
    dated = models.DateField("ngày văn bản", null=True, blank=True)
    state = models.CharField(
        "trạng thái", max_length=12, choices=PaperState, default=PaperState.DRAFT
    )
    released_at = models.DateTimeField("phát hành lúc", null=True, blank=True)
    # The session it was sent for; sessions are a layer above, so a plain key.
    session_id = models.UUIDField("kỳ họp", null=True, blank=True, db_index=True)
    late_approved_by = models.CharField("người cho lưu hành chậm", max_length=200, blank=True)
    withdrawn_reason = models.CharField("lý do rút", max_length=300, blank=True)
    # A Ban's report names the very text it is about: when the draft moves on, it shows.
    verifies = models.ForeignKey(
        "PaperVersion",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="verifications",
        verbose_name="bản dự thảo được thẩm tra",
    )
    created_at = models.DateTimeField("tạo lúc", auto_now_add=True)

    class Meta:
        verbose_name = "tài liệu"
        verbose_name_plural = "tài liệu"

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class PaperVersion(CouncilRow):
    """One text of the paper: the file known by its SHA-256. A vote is tied to exactly one."""

    paper = models.ForeignKey(
        Paper, models.PROTECT, related_name="versions", verbose_name="tài liệu"
    )
    number = models.PositiveSmallIntegerField("bản")
    sha256 = models.CharField("mã băm tệp", max_length=64)
    size = models.PositiveBigIntegerField("dung lượng")
    media_type = models.CharField("kiểu tệp", max_length=120)
    file_name = models.CharField("tên tệp", max_length=255)
    pages = models.PositiveIntegerField("số trang", null=True, blank=True)
    uploaded_at = models.DateTimeField("tải lên lúc", auto_now_add=True)
    uploaded_by_name = models.CharField("người tải lên", max_length=200)
    reason = models.CharField("lý do thay", max_length=300, blank=True)
    # The office's alone until its first pages were read for a mark of secrecy (L117/2025 Đ5).
    unread = models.BooleanField("chưa đọc được chữ", default=False)

    class Meta:
        verbose_name = "bản tài liệu"
        verbose_name_plural = "bản tài liệu"
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="paper_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.paper} (bản {self.number})"


class Upload(CouncilRow):
    """A file on its way in, resumable at ``offset`` (tus 1.0 core protocol).

    Holds keys only. The file's name and title stay beside its bytes (platform.files.partial) until
    it has been looked at: nothing of a secret paper may reach the database.
    """

    length = models.PositiveBigIntegerField("dung lượng")
    offset = models.PositiveBigIntegerField("đã nhận", default=0)
    owner = models.ForeignKey(Person, models.CASCADE, verbose_name="người tải")
    session_id = models.UUIDField("kỳ họp", null=True, blank=True)
    paper = models.ForeignKey(
        Paper, models.CASCADE, null=True, blank=True, verbose_name="tài liệu được thay"
    )
    created_at = models.DateTimeField("bắt đầu lúc", auto_now_add=True)
    touched_at = models.DateTimeField("nhận lần cuối lúc", auto_now=True)
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)
    outcome = models.JSONField("kết quả", null=True, blank=True)

    class Meta:
        verbose_name = "lượt tải lên"
        verbose_name_plural = "lượt tải lên"
        constraints = [
            models.CheckConstraint(
                condition=Q(offset__lte=models.F("length")), name="upload_offset_within"
            )
        ]

    def __str__(self) -> str:
        return f"{self.offset}/{self.length}"


class SecretStub(CouncilRow):
    """A paper that must not enter: number, degree and where the paper copy is; no subject."""

    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    degree = models.CharField("độ mật", max_length=20, choices=Secrecy)
    found_in = models.CharField("nhận ra ở", max_length=10, blank=True)  # choice, name, text
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    session_id = models.UUIDField("kỳ họp", null=True, blank=True)
    registered_at = models.DateTimeField("vào sổ lúc", auto_now_add=True)
    registered_by_name = models.CharField("người vào sổ", max_length=200)
    voided_at = models.DateTimeField("hủy dòng lúc", null=True, blank=True)
    voided_by_name = models.CharField("người hủy dòng", max_length=200, blank=True)
    void_reason = models.CharField("lý do hủy dòng", max_length=300, blank=True)

    class Meta:
        verbose_name = "tài liệu mật nhận bản giấy"
        verbose_name_plural = "tài liệu mật nhận bản giấy"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(voided_at__isnull=True) | ~models.Q(void_reason=""),
                name="stub_void_has_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.degree} {self.number}".strip()


class ReadingPosition(CouncilRow):
    """Where a person stopped reading a version."""

    person = models.ForeignKey(Person, models.CASCADE, verbose_name="người đọc")
    version = models.ForeignKey(
        PaperVersion, models.CASCADE, related_name="positions", verbose_name="bản tài liệu"
    )
    page = models.PositiveIntegerField("trang", default=1)
    zoom = models.FloatField("độ phóng", default=0)  # 1 is the paper's own size; 0: page width
    layout = models.CharField("cách xem", max_length=10, blank=True)  # "", two, text
    opened_at = models.DateTimeField("mở lúc", auto_now=True)

    class Meta:
        verbose_name = "chỗ đang đọc"
        verbose_name_plural = "chỗ đang đọc"
        constraints = [models.UniqueConstraint(fields=["person", "version"], name="position_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.version} tr. {self.page}"

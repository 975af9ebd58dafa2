"""A council, what it uses, its terms and bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from nghitruong.council.councils.models.units import AdministrativeUnit, UnitLevel
from nghitruong.platform.storage.models import TimeOrdered


class Council(TimeOrdered):
    """Hội đồng nhân dân of one unit: the wall everything else stands behind."""

    unit = models.ForeignKey(AdministrativeUnit, models.PROTECT, verbose_name="đơn vị hành chính")
    name = models.CharField("tên", max_length=160)  # "Hội đồng nhân dân tỉnh Lào Cai"
    short_name = models.CharField("tên ngắn", max_length=80)  # "HĐND tỉnh Lào Cai"
    slug = models.SlugField("đường dẫn", max_length=80, unique=True)
    level = models.CharField("cấp", max_length=10, choices=UnitLevel)
    place = models.CharField("địa danh", max_length=80)  # "Lào Cai", before the date of a document
    office_name = models.CharField("tên Văn phòng", max_length=160)
    is_demo = models.BooleanField("dữ liệu minh họa", default=False)
    created_at = models.DateTimeField("lập lúc", auto_now_add=True)

    class Meta:
        verbose_name = "Hội đồng nhân dân"
        verbose_name_plural = "Hội đồng nhân dân"
        constraints = [
            models.CheckConstraint(condition=~Q(level="district"), name="council_level_current")
        ]

    def __str__(self) -> str:
        return self.short_name


class CouncilRow(TimeOrdered):
    """A row of one council; unreachable outside ``django_scopes.scope(council=…)``."""

    council = models.ForeignKey(
        Council, models.PROTECT, related_name="+", verbose_name="Hội đồng nhân dân"
    )

    if TYPE_CHECKING:  # to the type checker it is an ordinary manager
        objects: ClassVar[models.Manager[Self]]
    else:
        objects = ScopedManager(council="council")

    class Meta:
        abstract = True


class Function(models.TextChoices):
    """What a council may switch on, in the order most councils do."""

    PAPERS = "papers", "Tài liệu"
    ROLL_CALL = "roll_call", "Điểm danh"
    SPEAKING = "speaking", "Đăng ký phát biểu"
    VOTING = "voting", "Biểu quyết"
    MINUTES = "minutes", "Biên bản"
    PETITIONS = "petitions", "Kiến nghị cử tri"


class CouncilFunction(CouncilRow):
    """A function switched on (or off again) for this council."""

    function = models.CharField("chức năng", max_length=20, choices=Function)
    enabled = models.BooleanField("bật", default=True)

    class Meta:
        verbose_name = "chức năng của Hội đồng"
        verbose_name_plural = "chức năng của Hội đồng"
        constraints = [
            models.UniqueConstraint(fields=["council", "function"], name="function_once")
        ]

    def __str__(self) -> str:
        return self.get_function_display()


class LegislativeTerm(CouncilRow):
    """Khóa: five years, from first session to next council's first session (L72 Đ5, Đ49)."""

    number = models.PositiveSmallIntegerField("khóa")
    starts_on = models.DateField("bắt đầu")
    ends_on = models.DateField("kết thúc", null=True, blank=True)
    statutory_seats = models.PositiveSmallIntegerField("số đại biểu được bầu theo luật")
    seats_basis = models.CharField("căn cứ số đại biểu", max_length=300, blank=True)

    class Meta:
        verbose_name = "khóa"
        verbose_name_plural = "khóa"
        constraints = [
            models.UniqueConstraint(fields=["council", "number"], name="term_number_once"),
            models.CheckConstraint(condition=Q(statutory_seats__gt=0), name="term_seats_positive"),
        ]

    def __str__(self) -> str:
        return f"Khóa {self.number}"


class OrganizationKind(models.TextChoices):
    """Bodies of and around a council."""

    PLENARY = "plenary", "Hội đồng"
    STANDING = "standing_committee", "Thường trực HĐND"
    COMMITTEE = "committee", "Ban"
    GROUP = "delegate_group", "Tổ đại biểu"
    OFFICE = "secretariat", "Văn phòng"
    EXECUTIVE = "peoples_committee", "Ủy ban nhân dân"
    AGENCY = "agency", "cơ quan"
    FRONT = "fatherland_front", "Mặt trận Tổ quốc"


class Organization(CouncilRow):
    """A body: the plenary itself, Thường trực, a Ban, a Tổ, the office, an agency."""

    kind = models.CharField("loại", max_length=20, choices=OrganizationKind)
    code = models.CharField("mã", max_length=40)
    name = models.CharField("tên", max_length=200)
    sort_order = models.PositiveSmallIntegerField("thứ tự", default=0)
    fold = models.CharField("chữ không dấu", max_length=200, db_index=True)
    starts_on = models.DateField("từ ngày", null=True, blank=True)
    ends_on = models.DateField("đến hết ngày", null=True, blank=True)

    class Meta:
        verbose_name = "tổ chức"
        verbose_name_plural = "tổ chức"
        constraints = [
            models.UniqueConstraint(fields=["council", "code"], name="organization_code_once")
        ]

    def __str__(self) -> str:
        return self.name

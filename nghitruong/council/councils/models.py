"""Units, councils, terms, bodies, people, memberships, duties."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_scopes import ScopedManager

from nghitruong.platform.storage.models import TimeOrdered


class UnitLevel(models.TextChoices):
    """Tiers are data: the district lives on in history (L72/2025 Đ1, Đ51)."""

    PROVINCE = "province", "cấp tỉnh"
    DISTRICT = "district", "cấp huyện (cũ)"
    COMMUNE = "commune", "cấp xã"


class AdministrativeUnit(TimeOrdered):
    """A province, old district or commune within its dates. Reference data, shared by all."""

    code = models.CharField("mã đơn vị", max_length=10)
    level = models.CharField("cấp", max_length=10, choices=UnitLevel)
    unit_type = models.CharField("loại", max_length=40)
    name = models.CharField("tên", max_length=120)
    full_name = models.CharField("tên đầy đủ", max_length=160)
    sort_key = models.CharField("khóa sắp xếp", max_length=400, db_index=True)
    fold = models.CharField("chữ không dấu", max_length=160, db_index=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="thuộc",
    )
    valid_from = models.DateField("từ ngày", null=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    class Meta:
        verbose_name = "đơn vị hành chính"
        verbose_name_plural = "đơn vị hành chính"
        constraints = [
            models.UniqueConstraint(
                fields=["level", "code", "valid_from"], name="unit_level_code_from"
            )
        ]

    def __str__(self) -> str:
        return self.full_name


class UnitSuccession(TimeOrdered):
    """An old unit became (part of) a new one."""

    predecessor = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="successions", verbose_name="đơn vị cũ"
    )
    successor = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, related_name="precessions", verbose_name="đơn vị mới"
    )
    relation = models.CharField("quan hệ", max_length=20)  # whole, part, renamed
    is_default = models.BooleanField("mặc định", default=True)
    on = models.DateField("ngày")

    class Meta:
        verbose_name = "kế thừa đơn vị"
        verbose_name_plural = "kế thừa đơn vị"
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "on"], name="succession_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


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


class Person(CouncilRow):
    """A human being as this council knows them."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        verbose_name="tài khoản",
    )
    full_name = models.CharField("họ và tên", max_length=120)
    sort_key = models.CharField("khóa sắp xếp", max_length=400, db_index=True)
    fold = models.CharField("chữ không dấu", max_length=120, db_index=True)
    gender = models.CharField("giới tính", max_length=1, blank=True)  # M, F or unknown
    birth_date = models.DateField("ngày sinh", null=True, blank=True)
    title = models.CharField("chức danh, nơi công tác", max_length=300, blank=True)
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    email = models.EmailField("thư điện tử", blank=True)

    class Meta:
        verbose_name = "người"
        verbose_name_plural = "người"
        constraints = [
            models.UniqueConstraint(
                fields=["council", "account"],
                condition=Q(account__isnull=False),
                name="person_account_once_per_council",
            )
        ]

    def __str__(self) -> str:
        return self.full_name


class Seat(CouncilRow):
    """A seat of the council in a term; vacant when no membership in office holds it."""

    term = models.ForeignKey(
        LegislativeTerm, models.PROTECT, related_name="seats", verbose_name="khóa"
    )
    number = models.PositiveSmallIntegerField("số ghế")
    label = models.CharField("vị trí ngồi", max_length=20, blank=True)  # "B12"
    constituency = models.CharField("đơn vị bầu cử", max_length=200, blank=True)

    class Meta:
        verbose_name = "ghế đại biểu"
        verbose_name_plural = "ghế đại biểu"
        constraints = [models.UniqueConstraint(fields=["term", "number"], name="seat_number_once")]

    def __str__(self) -> str:
        return self.label or str(self.number)


class MembershipStatus(models.TextChoices):
    """A delegate's standing (L72 Đ38). Suspended members hold office but may not act."""

    ACTIVE = "active", "đang hoạt động"
    SUSPENDED = "suspended", "tạm đình chỉ"


class Membership(CouncilRow):
    """A person holds a post in a body from one day to another. Never deleted: ended."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="memberships", verbose_name="người"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="memberships", verbose_name="tổ chức"
    )
    term = models.ForeignKey(
        LegislativeTerm, models.PROTECT, null=True, blank=True, verbose_name="khóa"
    )
    seat = models.ForeignKey(
        Seat,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="ghế đại biểu",
    )
    post = models.CharField(
        "chức vụ mã", max_length=40
    )  # delegate, council_chair, committee_chair…
    post_label = models.CharField("chức vụ", max_length=120)  # "Chủ tịch HĐND"
    full_time = models.BooleanField("chuyên trách", default=False)
    status = models.CharField(
        "tình trạng", max_length=12, choices=MembershipStatus, default=MembershipStatus.ACTIVE
    )
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến hết ngày", null=True, blank=True)
    end_reason = models.CharField("lý do kết thúc", max_length=300, blank=True)

    class Meta:
        verbose_name = "tư cách thành viên"
        verbose_name_plural = "tư cách thành viên"
        indexes = [models.Index(fields=["organization", "starts_on"], name="membership_org_from")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["organization", "person", "post"],
                condition=Q(ends_on__isnull=True),
                name="membership_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.post_label}"


class Suspension(CouncilRow):
    """A delegate may not act from one moment to another (tạm đình chỉ, L72/2025 Đ38(1)).

    ``Membership.status`` is what holds now; these rows tell what held at any moment.
    """

    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="suspensions", verbose_name="tư cách đại biểu"
    )
    starts_at = models.DateTimeField("từ lúc")
    ends_at = models.DateTimeField("đến lúc", null=True, blank=True)
    reason = models.CharField("lý do", max_length=300)
    restored_reason = models.CharField("lý do thôi đình chỉ", max_length=300, blank=True)

    class Meta:
        verbose_name = "tạm đình chỉ"
        verbose_name_plural = "tạm đình chỉ"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="suspension_has_reason"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="suspension_times_in_order",
            ),
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(ends_at__isnull=True),
                name="suspension_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership}: {self.reason}"


class DutyKind(models.TextChoices):
    """What a person is asked to do; the secretariat's work is split (walkthrough, D-1 20:00)."""

    CHAIR = "chair", "Chủ tọa"
    CLERK_ROLL = "clerk_roll", "Thư ký: điểm danh"
    CLERK_MINUTES = "clerk_minutes", "Thư ký: biên bản"
    CLERK_PAPERS = "clerk_papers", "Thư ký: tài liệu"
    CLERK_SCREEN = "clerk_screen", "Thư ký: màn hình"
    CLERK_VOTING = "clerk_voting", "Thư ký: biểu quyết"
    GUEST = "guest", "Khách mời"
    AGENCY = "agency", "Cơ quan trình"
    PRESS = "press", "Báo chí"
    SUPPORT = "support", "Tổ hỗ trợ"
    ADMIN = "admin", "Quản trị viên"


class Duty(CouncilRow):
    """A duty given to a person for a time."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="duties", verbose_name="người")
    kind = models.CharField("nhiệm vụ", max_length=20, choices=DutyKind)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến hết ngày", null=True, blank=True)

    class Meta:
        verbose_name = "nhiệm vụ"
        verbose_name_plural = "nhiệm vụ"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(ends_on__isnull=True),
                name="duty_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}"


class Transfer(TimeOrdered):
    """Something one council explicitly sent to another, up or down. Both sides keep the line."""

    sender = models.ForeignKey(Council, models.PROTECT, related_name="sent", verbose_name="nơi gửi")
    receiver = models.ForeignKey(
        Council, models.PROTECT, related_name="received", verbose_name="nơi nhận"
    )
    kind = models.CharField("loại", max_length=40)
    subject = models.CharField("trích yếu", max_length=300)
    payload = models.JSONField("nội dung")
    sent_at = models.DateTimeField("gửi lúc", auto_now_add=True)
    sent_by_name = models.CharField("người gửi", max_length=200)
    received_at = models.DateTimeField("nhận lúc", null=True, blank=True)
    received_by_name = models.CharField("người nhận", max_length=200, blank=True)

    class Meta:
        verbose_name = "gửi lên, gửi xuống"
        verbose_name_plural = "gửi lên, gửi xuống"
        constraints = [
            models.CheckConstraint(condition=~Q(sender=F("receiver")), name="transfer_two_councils")
        ]

    def __str__(self) -> str:
        return self.subject


class ImportBatch(CouncilRow):
    """People taken in from one spreadsheet, so that the whole of it can be undone."""

    file_name = models.CharField("tên tệp", max_length=255)
    created_at = models.DateTimeField("nhập lúc", auto_now_add=True)
    created_by_name = models.CharField("người nhập", max_length=200)
    made = models.JSONField("đã tạo")  # {"person": [ids], "membership": [ids], "seat": …}
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)

    class Meta:
        verbose_name = "lượt nhập danh sách"
        verbose_name_plural = "lượt nhập danh sách"

    def __str__(self) -> str:
        return self.file_name

"""People, seats, memberships, duties."""

from __future__ import annotations

import re
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from nghitruong.council.councils.models.councils import CouncilRow, LegislativeTerm, Organization


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


# What `end_membership` adds to the reason, in the language of who acted, and nothing else of the
# reason: that is for the office and the person.
_AT_ONCE = re.compile(r"\(((?:từ|from) \d\d giờ \d\d (?:ngày|on) \d\d/\d\d/\d{4})\)$")


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

    @property
    def ended_at_once(self) -> str:
        """«từ 14 giờ 05 ngày 22/11/2026»: the moment written into the reason of a removal that did
        not wait for the end of the day. The last whole day, the one before, says less."""
        found = _AT_ONCE.search(self.end_reason)
        return found[1] if found else ""

    @property
    def why_ended(self) -> str:
        """The reason without that moment: for the office and the person."""
        return _AT_ONCE.sub("", self.end_reason).strip()

    @property
    def may_end_earlier(self) -> bool:
        """Whether there is a day before its last one on which it can still be ended."""
        yesterday = timezone.localdate() - timedelta(days=1)
        return self.ends_on is None or max(self.starts_on, yesterday) < self.ends_on


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
    OFFICE_HEAD = "office_head", "Chánh Văn phòng"
    FORWARDER = "forwarder", "Văn phòng UBND: chuyển tài liệu"
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

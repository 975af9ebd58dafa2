"""First set-up, and one more council later: unit, term, administrator, then a list of steps.

On an installation without any account the pages ask for a code that lies in a file on the server,
so that nobody who merely finds the address can make themselves administrator. Afterwards they are
the installation's administrators' only; for everybody else they do not exist.
"""

from __future__ import annotations

import os
import secrets
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, password_validation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scope

from nghitruong.council.councils import actions as councils
from nghitruong.council.councils import queries, rules
from nghitruong.council.councils.importers.units import import_units
from nghitruong.council.councils.middleware import CouncilRequest
from nghitruong.council.councils.models import (
    AdministrativeUnit,
    Council,
    Duty,
    DutyKind,
    Person,
    UnitLevel,
)
from nghitruong.council.councils.periods import in_force, unit_valid
from nghitruong.council.councils.roles import CLERK_DUTIES, Actor
from nghitruong.platform.accounts import actions as accounts
from nghitruong.platform.accounts.models import Account
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.session.meetings.models import Session

CODE_OK = "setup_code_ok"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def code_path() -> Path:
    """Where the set-up code lies; readable by whoever runs the installation."""
    return Path(settings.VAR_DIR) / "setup.code"


def setup_code() -> str:
    """The code, made at the first question."""
    path = code_path()
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(fd, "w") as file:
        file.write(secrets.token_hex(6))
    return path.read_text().strip()


def first_run() -> bool:
    """Nobody can sign in yet."""
    return not Account.objects.exists()


def _may(request: HttpRequest) -> bool:
    if first_run():
        return request.session.get(CODE_OK) is True
    return bool(request.user.is_authenticated and request.user.is_superuser)


class CodeForm(forms.Form):
    """The code from the server."""

    code = forms.CharField(
        label=gettext_lazy("Mã thiết lập"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        """Compared without telling how much of it is right."""
        code: str = self.cleaned_data["code"].strip().lower()
        # As bytes: a Vietnamese keyboard makes «đ» of «dd», and only ASCII text is compared.
        if not secrets.compare_digest(code.encode(), setup_code().encode()):
            raise forms.ValidationError(
                _("Mã chưa đúng. Hãy tắt bộ gõ tiếng Việt, mở tệp trên máy chủ và gõ lại.")
            )
        return code


class CouncilForm(forms.Form):
    """The council's running term and its address."""

    number = forms.IntegerField(label=gettext_lazy("Khóa"), min_value=1, max_value=99)
    starts_on = forms.DateField(
        label=gettext_lazy("Ngày khai mạc kỳ họp thứ nhất của khóa"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    statutory_seats = forms.IntegerField(
        label=gettext_lazy("Số đại biểu được bầu theo luật"),
        min_value=1,
        max_value=200,
        help_text=gettext_lazy(
            "Luật 72/2025/QH15, Điều 30: cấp tỉnh từ 50 đến 85 (Hà Nội, TP. Hồ Chí Minh 125), "
            "cấp xã từ 15 đến 30."
        ),
    )
    seats_basis = forms.CharField(
        label=gettext_lazy("Căn cứ số đại biểu"), max_length=300, required=False
    )
    slug = forms.SlugField(
        label=gettext_lazy("Tên trong địa chỉ trang"),
        max_length=80,
        required=False,
        help_text=gettext_lazy(
            "Chữ thường không dấu, ví dụ xa-mau-a; để trống thì đặt theo tên đơn vị."
        ),
    )

    def clean_starts_on(self) -> Any:
        """A term that runs, not one to come: its session has opened."""
        day = self.cleaned_data["starts_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Khóa chưa bắt đầu thì chưa lập Hội đồng ở đây được."))
        return day


class FirstCouncilForm(CouncilForm):
    """With the first administrator."""

    full_name = forms.CharField(label=gettext_lazy("Họ và tên quản trị viên"), max_length=120)
    username = forms.SlugField(
        label=gettext_lazy("Tên đăng nhập"),
        max_length=60,
        help_text=gettext_lazy("Chữ thường không dấu, chữ số; ví dụ khai."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "username"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Mật khẩu"),
        strip=False,
        help_text=gettext_lazy("Ít nhất 8 ký tự."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("Gõ lại mật khẩu"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """Long enough and not a common one."""
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        """Twice the same."""
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("Hai lần gõ chưa giống nhau."))
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """The code on an empty installation; then the search for the unit."""
    if not _may(request):
        if not first_run():
            raise Http404
        return _ask_code(request)
    if request.method == "POST":
        report = import_units()
        messages.success(
            request, _("Đã nạp %(units)s đơn vị hành chính.") % {"units": report.units}
        )
        return redirect("setup")
    text = request.GET.get("q", "")
    today = timezone.localdate()
    found = [
        unit
        for unit in queries.search_units(text, on=today, limit=30)
        if unit.level != UnitLevel.DISTRICT
    ]
    taken = dict(
        Council.objects.filter(unit__in=[unit.pk for unit in found]).values_list("unit", "slug")
    )
    context = {
        "empty": not AdministrativeUnit.objects.exists(),
        "q": text,
        "found": [(unit, taken.get(unit.pk, "")) for unit in found],
    }
    return render(request, "config/setup.html", context)


def _ask_code(request: HttpRequest) -> HttpResponse:
    setup_code()
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session[CODE_OK] = True
        return redirect("setup")
    return render(request, "config/setup_code.html", {"form": form, "path": code_path()})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def council(request: HttpRequest, unit: uuid.UUID) -> HttpResponse:
    """The council of a unit: term, address, and on an empty installation its administrator."""
    if not _may(request):
        raise Http404
    today = timezone.localdate()
    found = get_object_or_404(AdministrativeUnit.objects.filter(unit_valid(today)), pk=unit)
    first = first_run()
    kind = FirstCouncilForm if first else CouncilForm
    form = kind(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, account = set_up(found, form.cleaned_data, by=None if first else request.user)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            if account is not None:
                request.session.pop(CODE_OK, None)
                login(request, account, backend=BACKEND)
            messages.success(request, _("Đã lập %(name)s.") % {"name": made.name})
            return redirect("ready", made.slug)
    return render(request, "config/setup_council.html", {"form": form, "unit": found})


def set_up(
    unit: AdministrativeUnit, data: dict[str, Any], *, by: Any
) -> tuple[Council, Account | None]:
    """Council, term and, when nobody can sign in yet (`by` None), the first administrator.

    One transaction: a refusal half way leaves nothing behind.
    """
    secret = accounts.make_secret(data["password"]) if by is None else None
    with transaction.atomic():
        name = data["full_name"] if by is None else str(by)
        made = councils.create_council(unit, by_name=name, slug=data.get("slug", ""))
        system = Actor.system(made, name)
        with scope(council=made.pk):
            councils.start_term(
                number=data["number"],
                starts_on=data["starts_on"],
                statutory_seats=data["statutory_seats"],
                seats_basis=data.get("seats_basis", ""),
                by=system,
            )
            if secret is None:
                return made, None
            if not first_run():
                raise Refused("already_set_up", _("Hệ thống vừa được người khác thiết lập."))
            account, _password = accounts.create_account(
                data["username"], name, by=system, secret=secret
            )
            account.is_superuser, account.must_change_password = True, False
            account.save(update_fields=["is_superuser", "must_change_password"])
            person = councils.add_person(full_name=name, by=system, account=account)
            councils.give_duty(person, DutyKind.ADMIN, by=system)
            audit.record("accounts.first_administrator", **system.audit(), target=account)
    return made, account


# What is still to do -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A step towards the first session: whether it is done, how far, where to do it."""

    title: str
    text: str
    done: bool
    url: str
    button: str


def steps_for(actor: Actor) -> list[Step]:
    """Everything a new council needs before its first paperless session, in order."""
    slug, today = actor.council.slug, timezone.localdate()
    counts = queries.counts_at(actor.council, timezone.now())
    people = Person.objects.filter(council=actor.council)
    without = people.filter(account__isnull=True).count()
    kinds = set(
        Duty.objects.filter(in_force(today), kind__in=CLERK_DUTIES).values_list("kind", flat=True)
    )
    functions = queries.enabled_functions(actor.council)
    sessions = Session.objects.filter(council=actor.council).count()

    def at(name: str) -> str:
        return reverse(name, args=[slug])

    return [
        Step(
            _("Nhập danh sách đại biểu"),
            _("%(n)s trên %(seats)s đại biểu theo luật.")
            % {"n": counts.in_office, "seats": counts.statutory},
            counts.in_office > 0,
            at("councils:import"),
            _("Nhập từ bảng tính"),
        ),
        Step(
            _("Thêm thư ký và người giúp việc"),
            _("Ít nhất một người làm thư ký."),
            people.exclude(memberships__organization__code="plenary").count() > 0,
            at("councils:person_add"),
            _("Thêm người"),
        ),
        Step(
            _("Giao nhiệm vụ thư ký"),
            _(
                "%(n)s trên %(all)s nhiệm vụ đã có người: điểm danh, biên bản, tài liệu, màn hình, "
                "biểu quyết. Một người nhận nhiều việc được."
            )
            % {"n": len(kinds), "all": len(CLERK_DUTIES)},
            len(kinds) == len(CLERK_DUTIES),
            at("access:accounts"),
            _("Giao nhiệm vụ"),
        ),
        Step(
            _("Mở tài khoản, in phong bì"),
            _("Mọi người đều đăng nhập được.")
            if not without
            else _("%(n)s người chưa có tài khoản.") % {"n": without},
            not without,
            at("access:open_many"),
            _("Mở tài khoản"),
        ),
        Step(
            _("Chọn chức năng sẽ dùng"),
            _("%(n)s chức năng đang bật.") % {"n": len(functions)},
            bool(functions),
            at("councils:functions"),
            _("Xem chức năng"),
        ),
        Step(
            _("Xem quy tắc của Hội đồng"),
            _("Giá trị mặc định theo luật; sửa theo Quy chế làm việc của Hội đồng."),
            True,
            at("procedure:rules"),
            _("Xem quy tắc"),
        ),
        Step(
            _("Lập kỳ họp"),
            _("%(n)s kỳ họp.") % {"n": sessions},
            sessions > 0,
            at("meetings:sessions"),
            _("Đến kỳ họp"),
        ),
    ]


@require_safe
def ready(request: CouncilRequest) -> HttpResponse:
    """The steps, those done and the next one."""
    rules.require_office(request.actor)
    steps = steps_for(request.actor)
    current = next((at for at, step in enumerate(steps) if not step.done), None)
    context = {"steps": steps, "current": current, "left": sum(not step.done for step in steps)}
    return render(request, "config/ready.html", context)


def administers(request: HttpRequest) -> bool:
    """Whether the entry of the side bar is shown."""
    actor = cast(Actor | None, getattr(request, "actor", None))
    return actor is not None and actor.has("admin")

"""Lists: delegates, bodies and Tổ, people, what was sent."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nghitruong.council.councils import actions, queries, rules
from nghitruong.council.councils.forms import BodyForm, ReasonForm
from nghitruong.council.councils.middleware import CouncilRequest
from nghitruong.council.councils.models import (
    Function,
    Membership,
    Organization,
    OrganizationKind,
    Person,
)
from nghitruong.council.councils.roles import Role
from nghitruong.lib.text import slugify_vn
from nghitruong.platform.errors import Refused
from nghitruong.ui.lists import Column, ListPage


def _person_url(slug: str, pk: object) -> str:
    return reverse("councils:person", args=[slug, pk])


@require_safe
def delegates(request: CouncilRequest) -> HttpResponseBase:
    """Delegates in office, by given name."""
    slug, today = request.council.slug, timezone.localdate()
    counts = queries.counts_at(request.council, timezone.now())
    groups = queries.group_names(request.council, today)

    def posts(row: Membership) -> str:
        held = [m for m in row.person.posts if m.post != "group_member"]  # type: ignore[attr-defined]  # delegates_for
        return queries.post_summary(held)

    return ListPage[Membership](
        title=_("Đại biểu"),
        noun=_("đại biểu"),
        queryset=queries.delegates_for(request.actor),
        columns=[
            Column("ghe", _("Số ghế"), "seat.number", order=("seat__number",), number=True),
            Column(
                "ten",
                _("Họ và tên"),
                "person.full_name",
                order=("person__sort_key",),
                short=True,
                link=lambda row: _person_url(slug, row.person_id),
            ),
            Column("chuc-vu", _("Chức vụ"), posts),
            Column("to", _("Tổ đại biểu"), lambda row: groups.get(row.person_id, ""), short=True),
            Column("noi-cong-tac", _("Chức danh, nơi công tác"), "person.title"),
            Column("tinh-trang", _("Tình trạng"), "get_status_display", order=("status",)),
        ],
        search=("person__fold",),
        default_sort="ten",
        empty_title=_("Chưa có đại biểu nào"),
        empty_text=_("Văn phòng nhập danh sách từ bảng tính, hoặc thêm từng người."),
        empty_icon="users",
        template="councils/delegates.html",
        context={"counts": counts, "office": request.actor.is_office},
    ).respond(request)


@require_safe
def people(request: CouncilRequest) -> HttpResponseBase:
    """Everybody the office keeps: delegates, clerks, agencies, guests."""
    if not request.actor.is_office:
        return redirect("councils:delegates", request.council.slug)
    slug = request.council.slug
    return ListPage[Person](
        title=_("Người trong danh bạ"),
        noun=_("người"),
        queryset=queries.people_for(request.actor).select_related("account"),
        columns=[
            Column(
                "ten",
                _("Họ và tên"),
                "full_name",
                order=("sort_key",),
                short=True,
                link=lambda row: _person_url(slug, row.pk),
            ),
            Column("chuc-danh", _("Chức danh, nơi công tác"), "title"),
            Column("dien-thoai", _("Điện thoại"), "phone"),
            Column("tai-khoan", _("Tên đăng nhập"), "account.username"),
        ],
        search=("fold",),
        default_sort="ten",
        template="councils/people.html",
    ).respond(request)


@require_safe
def organizations(request: CouncilRequest) -> HttpResponse:
    """Bodies of the council by kind, with how many members each has."""
    today = timezone.localdate()
    sizes = queries.body_sizes(request.council, today)
    kinds: dict[str, list[tuple[Organization, int]]] = {}
    for body in queries.organizations_for(request.actor, on=today):
        kind = OrganizationKind(body.kind)
        kinds.setdefault(str(kind.label), []).append((body, sizes.get(body.pk, 0)))
    return render(
        request,
        "councils/organizations.html",
        {"kinds": kinds, "form": BodyForm() if request.actor.is_office else None},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def establish(request: CouncilRequest) -> HttpResponse:
    """Add a Ban, a Tổ or an agency."""
    rules.require_office(request.actor)
    form = BodyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        body = actions.establish_organization(
            kind=OrganizationKind(data["kind"]),
            code=_free_code(request, data["name"]),
            name=data["name"],
            starts_on=timezone.localdate(),
            by=request.actor,
        )
        messages.success(request, _("Đã lập %(name)s.") % {"name": body.name})
        return redirect("councils:organization", request.council.slug, body.code)
    title = _("Lập tổ chức")
    return render(request, "councils/form.html", {"form": form, "title": title})


def _free_code(request: CouncilRequest, name: str) -> str:
    base = slugify_vn(name).replace("-", "_")[:32] or "to_chuc"
    codes = set(queries.organizations_for(request.actor).values_list("code", flat=True))
    return next(
        code for n in range(1, 1000) if (code := base if n == 1 else f"{base}_{n}") not in codes
    )


@require_safe
def organization(request: CouncilRequest, code: str) -> HttpResponseBase:
    """A body and who is in it."""
    body = queries.organization_for(request.actor, code)
    slug = request.council.slug
    return ListPage[Membership](
        title=body.name,
        noun=_("thành viên"),
        queryset=queries.members_for(request.actor, body, on=timezone.localdate()),
        columns=[
            Column(
                "ten",
                _("Họ và tên"),
                "person.full_name",
                order=("person__sort_key",),
                short=True,
                link=lambda row: _person_url(slug, row.person_id),
            ),
            Column("chuc-vu", _("Chức vụ"), "post_label", order=("post",)),
            Column("tu-ngay", _("Từ ngày"), lambda row: f"{row.starts_on:%d/%m/%Y}"),
        ],
        search=("person__fold",),
        template="councils/organization.html",
        context={
            "body": body,
            "office": request.actor.is_office,
            "dissolve_form": ReasonForm(prefix="d"),
        },
    ).respond(request)


@require_POST
def dissolve(request: CouncilRequest, code: str) -> HttpResponse:
    """A body's last day."""
    rules.require_office(request.actor)
    body = queries.organization_for(request.actor, code)
    reason = request.POST.get("d-reason", "")
    try:
        actions.dissolve_organization(body, reason=reason, by=request.actor)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("councils:organization", request.council.slug, code)
    messages.success(request, _("%(name)s đã thôi hoạt động.") % {"name": body.name})
    return redirect("councils:organizations", request.council.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def functions(request: CouncilRequest) -> HttpResponse:
    """Which functions the council uses."""
    if request.method == "POST":
        rules.require_admin(request.actor)
        try:
            function = Function(request.POST.get("function", ""))
        except ValueError:
            raise Refused(
                "function_unknown", _("Không có chức năng này. Hãy tải lại trang."), status=422
            ) from None
        enabled = request.POST.get("enabled") == "1"
        actions.set_function(function, enabled, by=request.actor)
        words = _("Đã bật «%(name)s».") if enabled else _("Đã tắt «%(name)s».")
        messages.success(request, words % {"name": function.label})
        return redirect("councils:functions", request.council.slug)
    on = queries.enabled_functions(request.council)
    # A switch of something that is not built yet would be a dead button.
    built = [function for function in Function if function != Function.PETITIONS]
    rows = [(function, function in on) for function in built]
    return render(
        request,
        "councils/functions.html",
        {"rows": rows, "may_switch": request.actor.has(Role.ADMIN)},
    )

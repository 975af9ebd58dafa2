"""Accounts and duties: one list, one page per person."""

from __future__ import annotations

import uuid

import segno
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nghitruong.council.access import actions, queries, rules
from nghitruong.council.access.forms import AccountFilter, DutyForm, UsernameForm
from nghitruong.council.councils.actions import end_duty, give_duty
from nghitruong.council.councils.middleware import CouncilRequest
from nghitruong.council.councils.models import DutyKind, Person
from nghitruong.council.councils.queries import search_people
from nghitruong.council.councils.roles import Role, actor_of_person
from nghitruong.council.councils.rules import is_oneself, may_give
from nghitruong.ui.lists import Column, ListPage

MANY = 40  # accounts a request: hashing one takes a while, on purpose
SHOWN = 80  # people to choose from at once; a council knows thousands, who searches finds


def _state(person: Person) -> str:
    if person.account is None:
        return _("chưa có tài khoản")
    if not person.account.is_active:
        return _("đang khóa")
    if person.account.must_change_password:
        return _("chưa đổi mật khẩu lần đầu")
    return _("đang dùng")


def _duties(person: Person) -> str:
    return ", ".join(duty.get_kind_display() for duty in person.today_duties)  # type: ignore[attr-defined]  # queries.accounts_for


@require_safe
def accounts(request: CouncilRequest) -> HttpResponseBase:
    """Everybody of the council, whether they can sign in, and their duties."""
    slug = request.council.slug
    return ListPage[Person](
        title=_("Tài khoản và nhiệm vụ"),
        noun=_("người"),
        intro=_("Ai đăng nhập được, ai được giao việc gì trong phiên họp."),
        queryset=queries.accounts_for(request.actor),
        columns=[
            Column(
                "ten",
                _("Họ và tên"),
                "full_name",
                order=("sort_key",),
                short=True,
                link=lambda person: reverse("access:account", args=[slug, person.pk]),
            ),
            Column("chuc-danh", _("Chức danh"), "title"),
            Column("dang-nhap", _("Tên đăng nhập"), "account.username", ("account__username",)),
            Column("tinh-trang", _("Tình trạng"), _state, short=True),
            Column("nhiem-vu", _("Nhiệm vụ"), _duties),
        ],
        search=("fold",),
        filterset=AccountFilter,
        default_sort="ten",
        template="access/accounts.html",
        context={"may_open": request.actor.has(Role.ADMIN)},
    ).respond(request)


@require_safe
def account(request: CouncilRequest, person: uuid.UUID) -> HttpResponse:
    """One person's account and duties."""
    return _page(request, queries.account_for(request.actor, person))


def _list_url(request: CouncilRequest) -> str:
    return reverse("access:accounts", args=[request.council.slug])


def _page(
    request: CouncilRequest,
    person: Person,
    *,
    username: UsernameForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    reason = rules.why_not_reset(actor, person)
    locked = person.account is not None and not person.account.is_active
    locking = rules.why_not_lock(actor, person, active=locked)
    return render(
        request,
        "access/account.html",
        {
            "person": person,
            "state": _state(person),
            "duties": [
                (duty, actor.is_office and may_give(actor, DutyKind(duty.kind)))
                for duty in person.today_duties  # type: ignore[attr-defined]  # queries.accounts_for
            ],
            "delegate": actor_of_person(person).is_delegate,
            "office": actor.is_office,
            "duty_form": None
            if not actor.is_office or is_oneself(actor, person)
            else DutyForm(actor=actor),
            "username_form": username
            or UsernameForm(initial={"username": actions.proposed_username(person.full_name)}),
            "may_open": actor.has(Role.ADMIN),
            "may_reset": reason is None,
            "why_not_reset": reason.sentence if reason else "",
            "why_not_lock": locking.sentence if locking else "",
            "crumbs": [
                (
                    _("Tài khoản và nhiệm vụ"),
                    reverse("access:accounts", args=[request.council.slug]),
                ),
                (person.full_name, ""),
            ],
        },
        status=status,
    )


def _back(request: CouncilRequest, person: Person) -> HttpResponse:
    return redirect("access:account", request.council.slug, person.pk)


def _site(request: CouncilRequest) -> dict[str, str]:
    """The address to type, and as a square to photograph with a tablet."""
    site = request.build_absolute_uri("/")
    return {"site": site, "qr": segno.make(site, micro=False).svg_data_uri(scale=3, border=2)}


def _envelope(request: CouncilRequest, person: Person, password: str) -> HttpResponse:
    """The one page that shows a one-time password; reloading it asks for another."""
    assert person.account is not None  # noqa: S101  # just opened or reset
    return render(
        request,
        "access/envelope.html",
        {
            "person": person,
            "username": person.account.username,
            "password": password,
            **_site(request),
        },
    )


@require_POST
@never_cache
def open_account(request: CouncilRequest, person: uuid.UUID) -> HttpResponse:
    """Make an account and show its one-time password once."""
    row = queries.account_for(request.actor, person)
    form = UsernameForm(request.POST)
    if not form.is_valid():
        return _page(request, row, username=form, status=422)
    password = actions.open_account(row, form.cleaned_data["username"], by=request.actor)
    return _envelope(request, row, password)


@require_POST
@never_cache
def reset_access(request: CouncilRequest, person: uuid.UUID) -> HttpResponse:
    """A new one-time password, shown once."""
    row = queries.account_for(request.actor, person)
    return _envelope(request, row, actions.reset_access(row, by=request.actor))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def open_many(request: CouncilRequest) -> HttpResponse:
    """Accounts for everybody chosen; the answer is one printed sheet per person, shown once."""
    rules.require_admin(request.actor)
    waiting = queries.accounts_for(request.actor).filter(account__isnull=True)
    if request.method != "POST":
        wanted_name = request.GET.get("q", "").strip()
        found = search_people(waiting, wanted_name)
        context = {
            "people": list(found[:SHOWN]),
            "q": wanted_name,
            "count": waiting.count(),
            "shown": SHOWN,
            "limit": MANY,
        }
        return render(request, "access/open_many.html", context)
    wanted = [uuid.UUID(pk) for pk in request.POST.getlist("person")[:MANY]]
    opened = actions.open_accounts(waiting.filter(pk__in=wanted), by=request.actor)
    if not opened:
        messages.error(request, _("Hãy chọn ít nhất một người chưa có tài khoản."))
        return redirect("access:open_many", request.council.slug)
    return render(request, "access/envelopes.html", {"opened": opened, **_site(request)})


@require_POST
def set_active(request: CouncilRequest, person: uuid.UUID) -> HttpResponse:
    """Lock (``active=0``) or unlock (``active=1``)."""
    row = queries.account_for(request.actor, person)
    active = request.POST.get("active") == "1"
    actions.set_active(row, active, by=request.actor)
    messages.success(request, _("Đã mở khóa tài khoản.") if active else _("Đã khóa tài khoản."))
    return _back(request, row)


@require_POST
def grant(request: CouncilRequest, person: uuid.UUID) -> HttpResponse:
    """Give a duty, from today."""
    row = queries.account_for(request.actor, person)
    form = DutyForm(request.POST, actor=request.actor)
    if form.is_valid():
        has = {duty.kind for duty in row.today_duties}  # type: ignore[attr-defined]  # queries
        wanted = form.kinds()
        given = [kind for kind in wanted if len(wanted) == 1 or kind not in has]
        with transaction.atomic():
            for kind in given:
                give_duty(row, kind, by=request.actor)
        words = ", ".join(str(kind.label) for kind in wanted)
        messages.success(request, _("Đã giao nhiệm vụ «%(duty)s».") % {"duty": words})
    else:
        messages.error(request, _("Hãy chọn một nhiệm vụ trong danh sách."))
    return _back(request, row)


@require_POST
def revoke(request: CouncilRequest, duty: uuid.UUID) -> HttpResponse:
    """End a duty at once."""
    row = queries.duty_for(request.actor, duty)
    end_duty(row, by=request.actor)
    messages.success(request, _("Đã thôi nhiệm vụ «%(duty)s».") % {"duty": row.get_kind_display()})
    return _back(request, row.person)

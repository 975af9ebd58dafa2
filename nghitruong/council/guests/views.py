"""The office's pages of guests, and the door they come in by."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_scopes import scope

from nghitruong.council.councils import actions as councils
from nghitruong.council.councils.middleware import BADGE_KEY, CouncilRequest
from nghitruong.council.councils.models import Person
from nghitruong.council.councils.queries import council_at
from nghitruong.council.guests import actions, forms, queries, rules
from nghitruong.council.guests.models import GuestPass
from nghitruong.platform.accounts import lockout
from nghitruong.platform.errors import Refused
from nghitruong.ui.lists import Column, ListPage

SHOWN = 300  # the newest papers to choose from, besides all that were given


def _newest(person: Person) -> GuestPass | None:
    passes: list[GuestPass] = person.passes  # type: ignore[attr-defined]  # queries.guests_for
    return passes[0] if passes else None


@require_safe
def guests(request: CouncilRequest) -> HttpResponseBase:
    """Everybody who may get a pass, and how theirs stands."""
    slug = request.council.slug
    return ListPage[Person](
        title=_("Khách mời"),
        noun=_("khách"),
        intro=_(
            "Thẻ khách có mã vuông và mã PIN dùng một lần; khách chỉ đọc tài liệu được cho, đến "
            "hết ngày ghi trên thẻ."
        ),
        queryset=queries.guests_for(request.actor),
        columns=[
            Column(
                "ten",
                _("Họ và tên"),
                "full_name",
                ("sort_key",),
                link=lambda person: reverse("guests:guest", args=[slug, person.pk]),
                short=True,
            ),
            Column("chuc-danh", _("Chức danh, nơi công tác"), "title"),
            Column("the", _("Thẻ"), lambda person: queries.state_words(_newest(person))),
            Column(
                "den",
                _("Đến hết ngày"),
                lambda person: one.ends_on if (one := _newest(person)) else None,
                template="papers/cells/date.html",
            ),
            Column("doc", _("Tài liệu"), "given", ("given",), number=True),
        ],
        search=("fold",),
        default_sort="ten",
        empty_title=_("Chưa có khách nào"),
        empty_text=_("Thêm khách ở dưới, hoặc phát giấy mời ở trang kỳ họp."),
        empty_icon="id",
        template="guests/list.html",
        context={"form": forms.GuestForm()},
    ).respond(request)


@require_POST
def add(request: CouncilRequest) -> HttpResponse:
    """A new guest."""
    rules.may_invite(request.actor)
    form = forms.GuestForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Hãy ghi họ và tên khách."))
        return redirect("guests:guests", request.council.slug)
    person = councils.add_person(by=request.actor, **form.cleaned_data)
    return redirect("guests:guest", request.council.slug, person.pk)


@require_safe
def guest(request: CouncilRequest, person: uuid.UUID) -> HttpResponse:
    """One guest: the pass, and the papers they may read."""
    row = queries.guest_for(request.actor, person)
    return _page(request, row, forms.PassForm(), 200)


def _page(
    request: CouncilRequest, person: Person, form: forms.PassForm, status: int
) -> HttpResponse:
    newest = _newest(person)
    given = queries.papers_given(person)
    offered = queries.givable_for(request.actor)
    # What was given however long ago can be taken back here, and nowhere else.
    papers = [*offered.filter(pk__in=given), *offered.exclude(pk__in=given)[:SHOWN]]
    context = {
        "person": person,
        "pass": newest,
        "state": queries.state_words(newest),
        "revocable": newest is not None and newest.revoked_at is None,
        "form": form,
        "papers": [(paper, paper.pk in given) for paper in papers],
        "crumbs": [
            (_("Khách mời"), reverse("guests:guests", args=[request.council.slug])),
            (person.full_name, ""),
        ],
    }
    return render(request, "guests/guest.html", context, status=status)


@require_POST
@never_cache
def issue(request: CouncilRequest, person: uuid.UUID) -> HttpResponse:
    """Give a pass; the answer is the one page that shows it."""
    row = queries.guest_for(request.actor, person)
    form = forms.PassForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, 422)
    issued = actions.issue(row, ends_on=form.cleaned_data["ends_on"], by=request.actor)
    slug = request.council.slug
    square = request.build_absolute_uri(reverse("guest_token", args=[slug, issued.token]))
    context = {
        "person": row,
        "pass": issued.row,
        "pin": f"{issued.pin[:4]} {issued.pin[4:]}",
        "qr": segno.make(square, micro=False).svg_data_uri(scale=5, border=2),
        "site": request.build_absolute_uri(reverse("guest_entry", args=[slug])),
    }
    return render(request, "guests/pass.html", context)


@require_POST
def revoke(request: CouncilRequest, guest_pass: uuid.UUID) -> HttpResponse:
    """Take it back."""
    row = queries.pass_for(request.actor, guest_pass)
    actions.revoke(row, by=request.actor)
    messages.success(request, _("Đã thu hồi thẻ; máy đang mở bằng thẻ này không xem được nữa."))
    return redirect("guests:guest", request.council.slug, row.person_id)


@require_POST
def give_papers(request: CouncilRequest, person: uuid.UUID) -> HttpResponse:
    """The papers this guest may read, as marked on the page; others not shown there stay."""
    row = queries.guest_for(request.actor, person)
    shown, marked = request.POST.getlist("shown"), set(request.POST.getlist("paper"))
    kept = queries.papers_given(row) - {key for key in map(_uuid, shown) if key}
    wanted = kept | {key for key in map(_uuid, marked) if key}
    papers = list(queries.givable_for(request.actor).filter(pk__in=wanted))
    actions.give_papers(row, papers, by=request.actor)
    messages.success(request, _("Khách đọc được %(n)d tài liệu.") % {"n": len(papers)})
    return redirect("guests:guest", request.council.slug, row.pk)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


# The door, outside any council's pages: nobody is signed in yet ------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("pin")
def entry(request: HttpRequest, where: str) -> HttpResponse:
    """Number and PIN. The page looks the same for a council that does not exist."""
    form = forms.EntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number, pin = form.cleaned_data["number"], form.cleaned_data["pin"]
        return _typed(request, where, form, number, pin)
    return _door(request, where, form, 422 if form.errors else 200)


def _typed(
    request: HttpRequest, where: str, form: forms.EntryForm, number: int, pin: str
) -> HttpResponse:
    """Counted as sign-in is: by a name and the address, never by the address alone. The name is a
    part of all numbers, so that trying one number after the other is slow as well, and a guest who
    mistypes holds up hardly anybody else."""
    name = f"khach:{number // 10_000}:{where}"
    if lockout.is_shut(request, name):
        return _door(request, where, form, 429, rules.too_many_tries().sentence)
    answer = _come_in(request, where, form, lambda: actions.enter_by_pin(number, pin))
    if answer.status_code == 403:
        lockout.count_wrong(request, name)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def by_token(request: HttpRequest, where: str, token: str) -> HttpResponse:
    """The photographed square: one tap more, so that a preview of the link uses up no pass."""
    if request.method == "POST":
        form = forms.EntryForm()
        return _come_in(request, where, form, lambda: actions.enter_by_token(token))
    return render(request, "guests/token.html", {"where": where})


def _come_in(
    request: HttpRequest, where: str, form: forms.EntryForm, enter: Callable[[], GuestPass]
) -> HttpResponse:
    """Sign the guest in on this device until the pass ends."""
    found = council_at(where)
    try:
        if found is None:
            raise rules.wrong_pass()
        with scope(council=found[0].pk):
            row = enter()
            account, until = row.person.account, actions.end_of(row)
    except Refused as refused:
        return _door(request, where, form, refused.status, refused.sentence)
    assert account is not None  # noqa: S101  # issue made it
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[-1])
    request.session[BADGE_KEY] = str(row.pk)
    request.session.set_expiry(until)
    return redirect("papers:papers", where)


def _door(
    request: HttpRequest, where: str, form: forms.EntryForm, status: int, sentence: str = ""
) -> HttpResponse:
    context = {"where": where, "form": form, "sentence": sentence}
    return render(request, "guests/entry.html", context, status=status)

"""One person: what is known, posts, duties; the office changes them, each change with its form."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nghitruong.council.councils import actions, queries, rules
from nghitruong.council.councils.forms import (
    AppointForm,
    EndForm,
    PersonForm,
    ReasonForm,
    SeatForm,
)
from nghitruong.council.councils.middleware import CouncilRequest
from nghitruong.council.councils.models import OrganizationKind
from nghitruong.platform.errors import Refused


@require_safe
def person(request: CouncilRequest, pk: uuid.UUID) -> HttpResponse:
    """A person's page."""
    found = queries.person_for(request.actor, pk)
    today = timezone.localdate()
    posts = queries.memberships_of(request.actor, found)
    current = [m for m in posts if m.ends_on is None or m.ends_on >= today]
    return render(
        request,
        "councils/person.html",
        {
            "person": found,
            "current": current,
            "past": [m for m in posts if m not in current],
            "duties": queries.duties_of(request.actor, found, on=today),
            # Whom one may suspend: a delegate today, not one elected from a later day on.
            "delegate": next(
                (
                    m
                    for m in current
                    if m.organization.kind == OrganizationKind.PLENARY and m.starts_on <= today
                ),
                None,
            ),
            "office": request.actor.is_office,
            "private": request.actor.is_office or request.actor.person_id == found.pk,
        },
    )


def _form_page(
    request: CouncilRequest,
    form: forms.Form,
    title: str,
    save: Callable[[dict[str, Any]], Any],
    done: str | Callable[[dict[str, Any]], str],
    back: uuid.UUID | None,
    text: str = "",
    confirm: tuple[str, str] = ("", ""),
) -> HttpResponse:
    """Show the form, or save it and go back to the person; a refusal stands above the form.
    ``done``: what is said then; ``confirm``: the question asked before, and its detail."""
    rules.require_office(request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = save(form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, done if isinstance(done, str) else done(form.cleaned_data))
            pk = back or made.pk
            return redirect("councils:person", request.council.slug, pk)
    question, detail = confirm
    context = {"form": form, "title": title, "text": text, "back": back}
    context |= {"confirm": question, "confirm_detail": detail}
    return render(request, "councils/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: CouncilRequest) -> HttpResponse:
    """A new person."""
    return _form_page(
        request,
        PersonForm(request.POST or None),
        _("Thêm người"),
        lambda data: actions.add_person(by=request.actor, **data),
        _("Đã thêm vào danh bạ."),
        None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: CouncilRequest, pk: uuid.UUID) -> HttpResponse:
    """Correct what is known."""
    rules.require_office(request.actor)
    found = queries.person_for(request.actor, pk)
    initial = {name: getattr(found, name) for name in PersonForm.base_fields}
    return _form_page(
        request,
        PersonForm(request.POST or None, initial=initial),
        _("Sửa thông tin: %(name)s") % {"name": found.full_name},
        lambda data: actions.update_person(found, by=request.actor, **data),
        _("Đã ghi thay đổi."),
        found.pk,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: CouncilRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a post."""
    found = queries.person_for(request.actor, pk)

    def save(data: dict[str, Any]) -> Any:
        term = queries.term_at(request.council, data["starts_on"])
        return actions.appoint(found, by=request.actor, term=term, **data)

    return _form_page(
        request,
        AppointForm(request.POST or None, by=request.actor),
        _("Giao chức vụ: %(name)s") % {"name": found.full_name},
        save,
        _("Đã ghi chức vụ."),
        found.pk,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: CouncilRequest, pk: uuid.UUID) -> HttpResponse:
    """End a post with a reason."""
    held = queries.membership_for(request.actor, pk)
    text = ""
    if held.organization.kind == OrganizationKind.PLENARY:
        text = _("Khi thôi làm đại biểu, mọi chức vụ trong Thường trực, Ban, Tổ cũng kết thúc.")
    if held.ends_on is not None:
        known = _("Đã ghi ngày cuối cùng là %(day)s (%(reason)s); chỉ ghi được ngày sớm hơn.") % {
            "day": f"{held.ends_on:%d/%m/%Y}",
            "reason": held.end_reason,
        }
        text = f"{known} {text}".strip()
    who = {"post": held.post_label, "name": held.person.full_name}

    def said(data: dict[str, Any]) -> str:
        if data["at_once"]:
            return _("Đã ghi: %(name)s thôi giữ chức vụ «%(post)s» ngay từ lúc này.") % who
        day = {"day": f"{data['ends_on']:%d/%m/%Y}"}
        return _("Đã ghi: %(name)s giữ chức vụ «%(post)s» đến hết ngày %(day)s.") % (who | day)

    return _form_page(
        request,
        EndForm(request.POST or None, initial={"ends_on": timezone.localdate()}),
        _("Kết thúc: %(post)s, %(name)s") % who,
        lambda data: actions.end_membership(held, by=request.actor, **data),
        said,
        held.person_id,
        text,
        confirm=(
            _("Kết thúc «%(post)s» của %(name)s?") % who,
            _("Ngày đã ghi chỉ đưa sớm lên được. Ghi nhầm thì phải giao lại chức vụ từ hôm nay."),
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: CouncilRequest, pk: uuid.UUID) -> HttpResponse:
    """Tạm đình chỉ, from now."""
    held = queries.membership_for(request.actor, pk)
    return _form_page(
        request,
        ReasonForm(request.POST or None),
        _("Tạm đình chỉ: %(name)s") % {"name": held.person.full_name},
        lambda data: actions.suspend_delegate(held, by=request.actor, **data),
        _("Đã ghi tạm đình chỉ, có hiệu lực ngay."),
        held.person_id,
        _(
            "Thường trực HĐND quyết định (Luật 72/2025/QH15, Điều 38(1)). Đại biểu không điểm "
            "danh, phát biểu, biểu quyết được cho đến khi thôi tạm đình chỉ."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: CouncilRequest, pk: uuid.UUID) -> HttpResponse:
    """The suspension ends now."""
    held = queries.membership_for(request.actor, pk)
    return _form_page(
        request,
        ReasonForm(request.POST or None),
        _("Thôi tạm đình chỉ: %(name)s") % {"name": held.person.full_name},
        lambda data: actions.restore_delegate(held, by=request.actor, **data),
        _("Đại biểu được tiếp tục thực hiện nhiệm vụ, quyền hạn."),
        held.person_id,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def seat(request: CouncilRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a seat."""
    held = queries.membership_for(request.actor, pk)
    initial = (
        {
            "number": held.seat.number,
            "label": held.seat.label,
            "constituency": held.seat.constituency,
        }
        if held.seat
        else None
    )
    return _form_page(
        request,
        SeatForm(request.POST or None, initial=initial),
        _("Ghế của %(name)s") % {"name": held.person.full_name},
        lambda data: actions.set_seat(held, by=request.actor, **data),
        _("Đã xếp ghế."),
        held.person_id,
    )

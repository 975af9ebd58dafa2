"""The log as a list, and one line of it."""

from __future__ import annotations

import uuid
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from nghitruong.platform.audit import labels, queries
from nghitruong.platform.audit.actions import erase_payload
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.audit.sealer import head
from nghitruong.ui.lists import Column, ListPage


class EntryFilter(django_filters.FilterSet):
    """By person, by act, by day."""

    nguoi = django_filters.CharFilter("actor_name", "icontains", label=_lazy("Người thực hiện"))
    viec = django_filters.ChoiceFilter(
        field_name="action",
        label=_lazy("Việc"),
        choices=labels.choices,
        empty_label=_lazy("Tất cả"),
    )
    tu = django_filters.DateFilter(
        "at",
        "date__gte",
        label=_lazy("Từ ngày"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    den = django_filters.DateFilter(
        "at",
        "date__lte",
        label=_lazy("Đến ngày"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Entry
        fields: list[str] = []


def _position(entry: Entry) -> int | None:
    seal = getattr(entry, "seal", None)
    return seal.position if seal else None


def _facts(entry: Entry) -> str:
    if entry.erased_at is not None:
        return _("(nội dung đã xóa theo luật)")
    return "; ".join(value for _key, value in queries.shown_facts(entry))[:300]


def _name(entry: Entry) -> str:
    if entry.on_behalf:
        return _("%(name)s, thay mặt %(other)s") % {
            "name": entry.actor_name,
            "other": entry.on_behalf,
        }
    return entry.actor_name or _("Hệ thống")


@require_safe
def entries(request: Any) -> HttpResponseBase:
    """The council's log: newest first, narrowed by person, act and day, exported and printed."""
    slug = request.council.slug
    rows: QuerySet[Entry] = queries.entries_for(request.actor)
    return ListPage[Entry](
        title=_("Nhật ký"),
        noun=_("dòng"),
        queryset=rows,
        columns=[
            Column("so", _("Số"), _position, ("seal__position",), number=True),
            Column(
                "luc",
                _("Lúc"),
                "at",
                ("at",),
                link=lambda entry: reverse("audit:entry", args=[slug, entry.pk]),
                template="audit/at.html",
            ),
            Column("nguoi", _("Người thực hiện"), _name, ("actor_name",)),
            Column("viec", _("Việc"), lambda entry: labels.label(entry.action), ("action",)),
            Column("noi-dung", _("Nội dung"), _facts),
        ],
        filterset=EntryFilter,
        default_sort="-luc",
        template="audit/entries.html",
        context={"head": head(request.council.pk)},
    ).respond(request)


@require_safe
def entry(request: Any, entry: uuid.UUID) -> HttpResponse:
    """One line with everything the chain covers."""
    row = queries.entry_for(request.actor, entry)
    return render(
        request,
        "audit/entry.html",
        {
            "entry": row,
            "name": _name(row),
            "action": labels.label(row.action),
            "facts": queries.shown_facts(row),
            "seal": getattr(row, "seal", None),
            "may_erase": request.actor.has("admin") and row.erased_at is None,
            "crumbs": [
                (_("Nhật ký"), reverse("audit:entries", args=[request.council.slug])),
                (labels.label(row.action), ""),
            ],
        },
    )


@require_POST
def erase(request: Any, entry: uuid.UUID) -> HttpResponse:
    """Erase what the line says, with a reason."""
    row = queries.entry_for(request.actor, entry)
    erase_payload(row, by=request.actor, reason=request.POST.get("reason", ""))
    messages.success(request, _("Đã xóa nội dung của dòng nhật ký; chuỗi vẫn nguyên vẹn."))
    return redirect("audit:entry", request.council.slug, row.pk)

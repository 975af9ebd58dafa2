"""A person's notices, and the number on the bell."""

from __future__ import annotations

import uuid
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from nghitruong.platform.live import tickets
from nghitruong.platform.notices import actions, queries
from nghitruong.platform.notices.models import Recipient
from nghitruong.ui.lists import Column, ListPage


class NoticeFilter(django_filters.FilterSet):
    """Those not opened yet."""

    tt = django_filters.ChoiceFilter(
        label=_lazy("Trạng thái"),
        choices=[("chua-mo", _lazy("chưa mở")), ("da-mo", _lazy("đã mở"))],
        method="by_state",
        empty_label=_lazy("Tất cả"),
    )

    def by_state(self, rows: QuerySet[Recipient], name: str, value: str) -> QuerySet[Recipient]:
        """One of the choices."""
        return rows.filter(opened_at__isnull=value == "chua-mo")


def _state(row: Recipient) -> str:
    return _("đã mở") if row.opened_at else _("chưa mở")


@require_safe
@never_cache
def notices(request: Any) -> HttpResponseBase:
    """Everything this person was told, newest first; what is not opened stands out."""
    slug = request.council.slug
    return ListPage[Recipient](
        title=_("Thông báo"),
        noun=_("thông báo"),
        queryset=queries.notices_for(request.actor),
        columns=[
            Column(
                "viec",
                _("Nội dung"),
                "message.subject",
                link=lambda row: reverse("notices:open", args=[slug, row.pk]),
                template="notices/cells/subject.html",
            ),
            Column(
                "luc",
                _("Lúc"),
                "last_round_at",
                ("last_round_at",),
                template="notices/cells/at.html",
            ),
            Column(
                "tt",
                _("Trạng thái"),
                _state,
                ("opened_at",),
                short=True,
                template="notices/cells/state.html",
            ),
        ],
        filterset=NoticeFilter,
        empty_title=_("Chưa có thông báo nào"),
        empty_text=_("Khi văn phòng gửi tài liệu hay có việc mới, thông báo hiện ở đây."),
        empty_icon="bell",
        template="notices/list.html",
        context={"is_admin": request.actor.has("admin")},
    ).respond(request)


@require_safe
@never_cache
def open_notice(request: Any, notice: uuid.UUID) -> HttpResponse:
    """To what the notice is about; it counts as opened."""
    row = queries.notice_for(request.actor, notice)
    actions.open_notice(row, by=request.actor, channel=request.GET.get("qua", "app"))
    return redirect(row.message.url)


@require_POST
@never_cache
def arrived(request: Any) -> HttpResponse:
    """The screen asks how many wait, and shows them: they are delivered. Gives the page the right
    to hear its person's doorbell."""
    actor = request.actor
    fresh = actions.take_delivery(by=actor)
    waiting = queries.unopened_for(actor)
    first = waiting.first() if fresh else None
    response = JsonResponse(
        {"count": waiting.order_by().count(), "subject": first.message.subject if first else ""}
    )
    if actor.person is not None:
        tickets.issue_personal(
            response,
            council_id=actor.council.pk,
            slug=actor.council.slug,
            person_id=actor.person.pk,
            name=actor.name,
            device=tickets.device_here(request),
        )
    return response

"""A person's own ways of being told, and the administrator's look at what is set up."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from nghitruong.platform.errors import NotAllowed
from nghitruong.platform.notices import actions, addresses, queries, sending
from nghitruong.platform.notices.models import Channel
from nghitruong.platform.notices.ways import all_ways, push


@require_safe
@never_cache
def ways(request: Any) -> HttpResponse:
    """Where this person is told, and how to add a place."""
    usable = sending.usable()
    context = {
        "addresses": list(addresses.addresses_for(request.actor)),
        "typed": [channel for channel in addresses.TYPED if channel in usable],
        "push": {
            "key": push.public_key(),
            "worker": reverse("push_worker"),
            "add": reverse("notices:add_device", args=[request.council.slug]),
        }
        if Channel.PUSH in usable
        else None,
        "known": queries.known_addresses(request.actor),
        "crumbs": _crumbs(request, _("Cách nhận thông báo")),
    }
    return render(request, "notices/ways.html", context)


def _crumbs(request: Any, here: str) -> list[tuple[str, str]]:
    return [
        (_("Thông báo"), reverse("notices:notices", args=[request.council.slug])),
        (here, ""),
    ]


def _back(request: Any) -> HttpResponse:
    return redirect("notices:ways", request.council.slug)


@require_POST
def add_address(request: Any) -> HttpResponse:
    """Agree to be told at an address."""
    addresses.add_address(
        request.POST.get("channel", ""), request.POST.get("value", ""), by=request.actor
    )
    messages.success(request, _("Mã xác nhận đang được gửi tới nơi đó. Hãy gõ mã vào ô bên cạnh."))
    return _back(request)


@require_POST
def add_device(request: Any) -> JsonResponse:
    """This browser's subscription."""
    keys = {name: request.POST.get(name, "") for name in ("p256dh", "auth")}
    addresses.add_device(
        request.POST.get("endpoint", ""), keys, request.POST.get("label", ""), by=request.actor
    )
    return JsonResponse({"ok": True})


@require_POST
def verify(request: Any, address: uuid.UUID) -> HttpResponse:
    """The code that came there."""
    row = addresses.address_for(request.actor, address)
    if addresses.verify(row, request.POST.get("code", ""), by=request.actor):
        messages.success(request, _("Đã xác nhận. Thông báo sẽ gửi tới đó."))
    else:
        messages.error(request, _("Mã chưa đúng. Hãy xem lại 6 chữ số vừa nhận."))
    return _back(request)


@require_POST
def send_code(request: Any, address: uuid.UUID) -> HttpResponse:
    """Another code."""
    addresses.send_code_again(addresses.address_for(request.actor, address), by=request.actor)
    messages.success(request, _("Mã khác đang được gửi."))
    return _back(request)


@require_POST
def remove(request: Any, address: uuid.UUID) -> HttpResponse:
    """Not there any more."""
    addresses.remove(addresses.address_for(request.actor, address), by=request.actor)
    messages.success(request, _("Đã thôi gửi tới nơi đó."))
    return _back(request)


# The administrator -------------------------------------------------------------------------------


def _require_admin(request: Any) -> None:
    if not request.actor.has("admin"):
        raise NotAllowed(
            "admin_only", _("Việc này do quản trị viên làm. Hãy nhờ quản trị viên của Hội đồng.")
        )


@require_safe
@never_cache
def settings_page(request: Any) -> HttpResponse:
    """Which ways are set up, what is missing, how many agreed, how the last days went."""
    _require_admin(request)
    agreed, lately = addresses.counts(), queries.lately()
    context = {
        "ways": [
            {
                "label": channel.label,
                "problem": way.problem(),
                "people": agreed.get(channel, 0),
                "sent": lately.get(channel, (0, 0))[0],
                "failed": lately.get(channel, (0, 0))[1],
            }
            for channel, way in all_ways().items()
        ],
        "test": queries.last_test_for(request.actor),
        "crumbs": _crumbs(request, _("Cấu hình gửi thông báo")),
    }
    return render(request, "notices/settings.html", context)


@require_POST
def send_test(request: Any) -> HttpResponse:
    """A message to the administrator, by every way they agreed to themselves."""
    _require_admin(request)
    actions.send_test(by=request.actor)
    messages.success(request, _("Đang gửi thử tới chính quý vị; kết quả hiện ở dưới."))
    return redirect("notices:settings", request.council.slug)


WORKER = """// Shows what the push service brought, and opens it; it never controls a page.
self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : {};
  event.waitUntil(self.registration.showNotification("Nghị Trường", {
    body: told.title || "", tag: told.tag || "", data: { url: told.url || "/" }, lang: "vi",
  }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, self.location.origin);
  if (url.origin === self.location.origin) event.waitUntil(self.clients.openWindow(url.href));
});
"""


@require_safe
def push_worker(request: HttpRequest) -> HttpResponse:
    """The script that waits for pushes, at an address that stays the same."""
    return HttpResponse(
        WORKER, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )

"""The part of the product that lives on the device: its service worker, its page without network.

Neither knows a person: the page is the same bytes for everybody, and what it shows it takes from
the device's own store, where each person's papers lie apart. The worker names the exact files of
this build, so a new build is a new worker, and a page of one build never runs files of another.
"""

from __future__ import annotations

import hashlib
import json
import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scopes_disabled

from nghitruong.council.briefcase import actions, queries
from nghitruong.ui import assets

ENTRIES = ("app.js", "style.css", "offline.js", "nt-reader.js")
DECODERS = ("wasm/[joq][bpc]*.wasm", "wasm/*_fallback.js", "standard_fonts/*.*", "iccs/*.icc")
WORKER = "sw.js"  # made by the bundler, in one piece


def files() -> list[str]:
    """Addresses of everything the page without network needs."""
    found = dict.fromkeys(assets.font_urls())
    for entry in ENTRIES:
        found[assets.asset_url(entry)] = None
        if entry.endswith(".js"):
            found |= dict.fromkeys(assets.preload_urls(entry))
            found |= dict.fromkeys(assets.style_urls(entry))
    # What pdf.js asks for as it reads: decoders of scanned pictures, fonts not embedded.
    return [*found, *assets.urls_of("pdf.worker*.mjs", *(f"pdfjs/{name}" for name in DECODERS))]


def version() -> str:
    """The build, as a device and the server compare it."""
    return hashlib.sha256("\n".join(files()).encode()).hexdigest()[:12]


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, in front of it what this build is made of."""
    about = {
        "version": version(),
        "page": reverse("offline"),
        "files": files(),
        "logout": reverse("account_logout"),
        "login": reverse("account_login"),
        "device": reverse("device", args=[uuid.UUID(int=0)]),
    }
    code = f"self.NT={json.dumps(about)};\n{(assets.DIST / WORKER).read_text()}"
    return HttpResponse(
        code,
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"},
    )


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page that opens when there is no network. Rendered without the request: nothing of
    whoever asks may be in it."""
    content = render_to_string(
        "briefcase/shell.html", {"version": version(), "language": get_language()}
    )
    return HttpResponse(content, headers={"Cache-Control": "no-cache"})


@csrf_exempt
@require_http_methods(["GET", "POST"])
@never_cache
def device(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A device asks whether it was reported lost (GET), and says that it is empty (POST).

    Open to whoever has the key, signed in or not; it answers nothing but yes or no.
    """
    with scopes_disabled():
        orders = queries.ordered(key)
        if request.method == "POST":
            for found in orders:
                actions.confirm_wiped(found)
    return JsonResponse({"wipe": bool(orders)})

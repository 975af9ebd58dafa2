"""Every URL. Council pages begin with the council's slug: ``/lao-cai/ky-hop/6/phien/2/``."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("tai-khoan/", include("allauth.account.urls")),
]

handler400 = "nghitruong.ui.errors.bad_request"
handler403 = "nghitruong.ui.errors.forbidden"
handler404 = "nghitruong.ui.errors.not_found"
handler500 = "nghitruong.ui.errors.server_error"

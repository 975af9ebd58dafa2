"""Every URL. Council pages begin with the council's slug: ``/lao-cai/ky-hop/6/phien/2/``."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("tai-khoan/", include("allauth.account.urls")),
]

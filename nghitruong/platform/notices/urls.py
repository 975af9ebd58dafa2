"""``/<council>/thong-bao/``"""

from __future__ import annotations

from django.urls import path

from nghitruong.platform.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("da-toi/", views.arrived, name="arrived"),
    path("<uuid:notice>/", views.open_notice, name="open"),
]

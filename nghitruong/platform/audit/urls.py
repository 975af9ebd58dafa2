"""``/<council>/nhat-ky/``"""

from __future__ import annotations

from django.urls import path

from nghitruong.platform.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.entries, name="entries"),
    path("<uuid:entry>/", views.entry, name="entry"),
    path("<uuid:entry>/xoa-noi-dung/", views.erase, name="erase"),
]

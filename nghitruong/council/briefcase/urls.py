"""The briefcase of a session, a person's devices, the installed application."""

from __future__ import annotations

from django.urls import path

from nghitruong.council.briefcase import views
from nghitruong.council.councils.functions import part_of
from nghitruong.council.councils.models import Function

app_name = "briefcase"
_papers = [
    path("ky-hop/<int:number>/cap-tai-lieu.json", views.manifest, name="manifest"),
    path("ky-hop/<int:number>/cap-tai-lieu/ghi-chu.json", views.notes, name="notes"),
    path("tai-lieu/<uuid:paper>/ban/<int:version>/chu.json", views.text, name="text"),
]
urlpatterns = [
    *part_of(Function.PAPERS, _papers),
    path("cap-tai-lieu/", views.contact, name="contact"),
    path("cap-tai-lieu/may/cua/<uuid:person>/", views.devices, name="devices"),
    path("cap-tai-lieu/may/<uuid:device>/bao-mat/", views.order_wipe, name="order_wipe"),
    path("ung-dung.webmanifest", views.application, name="application"),
]

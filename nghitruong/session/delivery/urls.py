"""Sending papers: under ``/<council>/ky-hop/<n>/gui-tai-lieu/``; savings over all sessions."""

from __future__ import annotations

from django.urls import path

from nghitruong.council.councils.functions import part_of
from nghitruong.council.councils.models import Function
from nghitruong.session.delivery import views

app_name = "delivery"
_S = "ky-hop/<int:number>/gui-tai-lieu/"
_addresses = [
    path(_S, views.releases, name="releases"),
    path(_S + "da-in/", views.record_print, name="record_print"),
    path(_S + "da-in/<uuid:run>/bo/", views.remove_print, name="remove_print"),
    path("gui-tai-lieu/<uuid:release>/", views.log, name="log"),
    path("gui-tai-lieu/<uuid:release>/gui-lai/", views.resend, name="resend"),
    path("tiet-kiem-giay/", views.savings, name="savings"),
    path("tiet-kiem-giay.xlsx", views.savings_file, name="savings_file"),
]
urlpatterns = part_of(Function.PAPERS, _addresses)

"""Signing in and out. Of allauth only what is used here; the rest does not exist."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import path

from nghitruong.platform.accounts import views

urlpatterns = [
    path("dang-nhap/", allauth.login, name="account_login"),
    path("dang-xuat/", allauth.logout, name="account_logout"),
    path("dang-khoa/", allauth.account_inactive, name="account_inactive"),
    path("mat-khau/", views.change_password, name="account_change_password"),
]

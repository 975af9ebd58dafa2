"""``/<council>/tai-khoan/``"""

from __future__ import annotations

from django.urls import path

from nghitruong.council.access import views

app_name = "access"
urlpatterns = [
    path("", views.accounts, name="accounts"),
    path("hang-loat/", views.open_many, name="open_many"),
    path("<uuid:person>/", views.account, name="account"),
    path("<uuid:person>/mo/", views.open_account, name="open_account"),
    path("<uuid:person>/cap-lai/", views.reset_access, name="reset_access"),
    path("<uuid:person>/khoa/", views.set_active, name="set_active"),
    path("<uuid:person>/giao-viec/", views.grant, name="grant"),
    path("nhiem-vu/<uuid:duty>/thoi/", views.revoke, name="revoke"),
]

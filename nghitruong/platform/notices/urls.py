"""``/<council>/thong-bao/``"""

from __future__ import annotations

from django.urls import path

from nghitruong.platform.notices import address_views, views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("da-toi/", views.arrived, name="arrived"),
    path("<uuid:notice>/", views.open_notice, name="open"),
    path("cach-nhan/", address_views.ways, name="ways"),
    path("cach-nhan/them/", address_views.add_address, name="add_address"),
    path("cach-nhan/may-nay/", address_views.add_device, name="add_device"),
    path("cach-nhan/<uuid:address>/xac-nhan/", address_views.verify, name="verify"),
    path("cach-nhan/<uuid:address>/gui-ma/", address_views.send_code, name="send_code"),
    path("cach-nhan/<uuid:address>/bo/", address_views.remove, name="remove"),
    path("cau-hinh/", address_views.settings_page, name="settings"),
    path("cau-hinh/gui-thu/", address_views.send_test, name="send_test"),
]

"""The binder of a session, under ``/<council>/ky-hop/<n>/tap-tai-lieu/``."""

from __future__ import annotations

from django.urls import path

from nghitruong.council.binder import views
from nghitruong.council.councils.functions import part_of
from nghitruong.council.councils.models import Function

app_name = "binder"
_B = "ky-hop/<int:number>/tap-tai-lieu/"
_addresses = [
    path(_B, views.binder, name="binder"),
    path(_B + "xep/<uuid:paper>/", views.move, name="move"),
    path(_B + "in/", views.order_packet, name="order_packet"),
    path(_B + "in/<uuid:packet>/", views.packet, name="packet"),
    path(_B + "in/<uuid:packet>.pdf", views.packet_file, name="packet_file"),
    path(_B + "nhap/", views.start, name="start"),
    path(_B + "nhap/<uuid:batch>/", views.importing, name="import"),
    path(_B + "nhap/<uuid:batch>/sua/", views.edit, name="edit"),
    path(_B + "nhap/<uuid:batch>/ghi/", views.confirm, name="confirm"),
    path(_B + "nhap/<uuid:batch>/hoan-tac/", views.undo, name="undo"),
    path(_B + "nhap/<uuid:batch>/bo/", views.drop, name="drop"),
    path(_B + "nhap/<uuid:batch>/bang-ke.xlsx", views.sheet, name="sheet"),
    path(_B + "nhap/<uuid:batch>/bang-ke/", views.take_sheet, name="take_sheet"),
]
urlpatterns = part_of(Function.PAPERS, _addresses, readable={"packet_file"})

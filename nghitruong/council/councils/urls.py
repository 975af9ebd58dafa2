"""Pages of one council; included under its slug."""

from __future__ import annotations

from django.urls import path

from nghitruong.council.councils.views import importing, lists, people, transfers

app_name = "councils"
urlpatterns = [
    path("dai-bieu/", lists.delegates, name="delegates"),
    path("dai-bieu/nhap/", importing.choose, name="import"),
    path("dai-bieu/nhap/bang-mau/", importing.model_sheet, name="import_model"),
    path("dai-bieu/nhap/ghi/", importing.apply, name="import_apply"),
    path("dai-bieu/nhap/<uuid:pk>/", importing.done, name="import_done"),
    path("dai-bieu/nhap/<uuid:pk>/hoan-tac/", importing.undo, name="import_undo"),
    path("danh-ba/", lists.people, name="people"),
    path("danh-ba/them/", people.add, name="person_add"),
    path("danh-ba/<uuid:pk>/", people.person, name="person"),
    path("danh-ba/<uuid:pk>/sua/", people.edit, name="person_edit"),
    path("danh-ba/<uuid:pk>/chuc-vu/", people.appoint, name="appoint"),
    path("tu-cach/<uuid:pk>/ket-thuc/", people.end, name="end"),
    path("tu-cach/<uuid:pk>/tam-dinh-chi/", people.suspend, name="suspend"),
    path("tu-cach/<uuid:pk>/khoi-phuc/", people.restore, name="restore"),
    path("tu-cach/<uuid:pk>/ghe/", people.seat, name="seat"),
    path("to-chuc/", lists.organizations, name="organizations"),
    path("to-chuc/lap/", lists.establish, name="establish"),
    path("to-chuc/<slug:code>/", lists.organization, name="organization"),
    path("to-chuc/<slug:code>/giai-the/", lists.dissolve, name="dissolve"),
    path("chuc-nang/", lists.functions, name="functions"),
    path("gui-nhan/", transfers.transfers, name="transfers"),
    path("gui-nhan/gui/", transfers.send, name="send"),
    path("gui-nhan/<uuid:pk>/", transfers.transfer, name="transfer"),
    path("gui-nhan/<uuid:pk>/tep/<int:index>", transfers.transfer_file, name="transfer_file"),
    path("gui-nhan/<uuid:pk>/nhan/", transfers.receive, name="receive"),
]

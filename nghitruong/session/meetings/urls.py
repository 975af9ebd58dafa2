"""Pages of sessions, under ``/<council>/ky-hop/``. Sittings' conduct has its own."""

from __future__ import annotations

from django.urls import path

from nghitruong.council.councils.functions import uses
from nghitruong.council.councils.models import Function
from nghitruong.session.meetings import views

app_name = "meetings"
_S = "ky-hop/<int:number>/"
urlpatterns = [
    path("ky-hop/", views.session_list, name="sessions"),
    path("ky-hop/them/", views.add_session, name="add_session"),
    path(_S, views.session_page, name="session"),
    path(_S + "sua/", views.edit_session, name="edit_session"),
    path(_S + "trang-thai/", views.change_state, name="change_state"),
    path(_S + "ke-hoach/", views.plan, name="plan"),
    path(_S + "ke-hoach/ngay-khai-mac/", views.move_opening, name="move_opening"),
    path(_S + "ke-hoach/lap/", views.fill_plan, name="fill_plan"),
    path(_S + "ke-hoach/them/", views.add_task, name="add_task"),
    path(_S + "ke-hoach/<uuid:task>/", views.change_task, name="task"),
    path(_S + "chuong-trinh/", views.agenda, name="agenda"),
    path(_S + "chuong-trinh/them/", views.add_item, name="add_item"),
    path(_S + "chuong-trinh/<uuid:item>/", views.edit_item, name="item"),
    path(_S + "chuong-trinh/<uuid:item>/chuyen/", views.move_item, name="move_item"),
    path(_S + "chuong-trinh/<uuid:item>/bo/", views.remove_item, name="remove_item"),
    path(_S + "nhap-bang/<slug:what>/", views.choose_list, name="choose_list"),
    path(_S + "nhap-bang/<slug:what>/mau.xlsx", views.model_sheet, name="list_model"),
    path(_S + "nhap-bang/<slug:what>/ghi/", views.write_list, name="write_list"),
    path(_S + "nhap-bang/<slug:what>/<uuid:batch>/", views.list_done, name="list_done"),
    path(_S + "nhap-bang/<slug:what>/<uuid:batch>/hoan-tac/", views.undo_list, name="undo_list"),
    path(_S + "phien/them/", views.add_sitting, name="add_sitting"),
    path(_S + "phien/<int:sitting>/sua/", views.edit_sitting, name="edit_sitting"),
    path(_S + "phien/<int:sitting>/bo/", views.remove_sitting, name="remove_sitting"),
    path(_S + "tai-lieu/", views.papers, name="papers"),
    path(_S + "tai-lieu/dung-han/", views.punctuality, name="punctuality"),
    path(_S + "tai-lieu/them/", views.add_papers, name="add_papers"),
    path(_S + "trieu-tap/", views.summons, name="summons"),
    path(_S + "trieu-tap/phat-hanh/", views.issue, name="issue"),
    path(_S + "trieu-tap/moi/", views.invite, name="invite"),
    path(_S + "trieu-tap/giay.docx", views.summons_file, name="summons_file"),
    path(_S + "trieu-tap/danh-sach.docx", views.list_file, name="list_file"),
    path(_S + "trieu-tap/the.docx", views.badges_file, name="badges_file"),
    path(_S + "trieu-tap/bien-ten.docx", views.plates_file, name="plates_file"),
    path(_S + "trieu-tap/cua-toi/", views.my_summons, name="my_summons"),
    path(_S + "trieu-tap/<uuid:summons>/tra-loi/", views.reply, name="reply"),
    path(_S + "trieu-tap/<uuid:summons>.docx", views.one_file, name="one_file"),
]

for _view in (views.papers, views.add_papers):
    uses(Function.PAPERS, _view)

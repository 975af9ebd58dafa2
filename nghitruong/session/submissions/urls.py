"""Pages of asked-for papers, decisions about papers, rooms."""

from __future__ import annotations

from django.urls import path

from nghitruong.council.councils.functions import part_of
from nghitruong.council.councils.models import Function
from nghitruong.session.submissions import views

app_name = "submissions"
_ASK = "tai-lieu-duoc-yeu-cau/<uuid:ask>/"
_ROOM = "phong-tai-lieu/<uuid:room>/"
_pages = [
    path("tai-lieu-duoc-yeu-cau/", views.asks, name="asks"),
    path(_ASK, views.ask, name="ask"),
    path(f"{_ASK}chuyen/", views.pass_on, name="pass_on"),
    path(f"{_ASK}tra-lai/", views.return_ask, name="return"),
    path(f"{_ASK}nhan-truc-tiep/", views.take_in, name="take_in"),
    path(f"{_ASK}cho-luu-hanh/", views.circulate, name="circulate"),
    path(f"{_ASK}thoi/", views.cancel, name="cancel"),
    path(f"{_ASK}ban-tham-tra/", views.name_version, name="name_version"),
    path("ky-hop/<int:number>/de-nghi-tai-lieu/", views.asking, name="asking"),
    path("ky-hop/<int:number>/de-nghi-tai-lieu/theo-chuong-trinh/", views.propose, name="propose"),
    path("tai-lieu/<uuid:paper>/quyet-dinh/", views.decisions, name="decisions"),
    path("tai-lieu/<uuid:paper>/luu-hanh-cham/", views.allow_late, name="allow_late"),
    path("tai-lieu/<uuid:paper>/cong-khai/", views.set_publicity, name="set_publicity"),
    path("phong-tai-lieu/", views.rooms, name="rooms"),
    path("phong-tai-lieu/mo/", views.open_room, name="open_room"),
    path(_ROOM, views.room, name="room"),
    path(f"{_ROOM}sua/", views.edit_room, name="edit_room"),
    path(f"{_ROOM}tai-lieu/", views.room_papers, name="room_papers"),
    path(f"{_ROOM}dong/", views.close_room, name="close_room"),
]
urlpatterns = part_of(Function.PAPERS, _pages, readable={"rooms", "room"})

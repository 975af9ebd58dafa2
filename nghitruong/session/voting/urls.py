"""Addresses of polls, below a sitting; included under the council's slug."""

from __future__ import annotations

from django.urls import path

from nghitruong.council.councils.functions import part_of
from nghitruong.council.councils.models import Function
from nghitruong.session.voting import views

app_name = "voting"
_POLLS = "ky-hop/<int:number>/phien/<int:sitting>/bieu-quyet/"
_POLL = f"{_POLLS}<int:poll>/"

_voting = [
    path(_POLLS, views.polls_page, name="polls"),
    path(f"{_POLLS}chuan-bi/", views.prepare, name="prepare"),
    path(_POLL, views.poll_page, name="poll"),
    path(f"{_POLL}chuan-bi-lai/", views.prepare_again, name="prepare_again"),
    path(f"{_POLL}bat-dau/", views.open_poll, name="open"),
    path(f"{_POLL}ket-thuc/", views.close_poll, name="close"),
    path(f"{_POLL}cong-bo/", views.publish_poll, name="publish"),
    path(f"{_POLL}huy/", views.annul_poll, name="annul"),
    path(f"{_POLL}ghi-ho/", views.assist_vote, name="assist"),
    path(f"{_POLL}ket-qua.json", views.result_json, name="json"),
    path(f"{_POLL}ket-qua.xlsx", views.result_xlsx, name="xlsx"),
    path(f"{_POLL}in/", views.result_print, name="print"),
    path("phieu-cua-toi/", views.my_votes, name="my_votes"),
]
urlpatterns = part_of(
    Function.VOTING,
    _voting,
    readable={"polls", "poll", "json", "xlsx", "print", "my_votes"},
)

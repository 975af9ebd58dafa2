"""Opinions: under their paper, and one by one."""

from __future__ import annotations

from django.urls import path

from nghitruong.council.councils.functions import part_of
from nghitruong.council.councils.models import Function
from nghitruong.council.opinions import views

app_name = "opinions"
_PAPER = "tai-lieu/<uuid:paper>/"
_ONE = "y-kien/<uuid:opinion>/"
_addresses = [
    path("y-kien/", views.papers, name="papers"),
    path(_PAPER + "gop-y/", views.give, name="give"),
    path(_PAPER + "y-kien/", views.table, name="table"),
    path(_PAPER + "y-kien/tong-hop.docx", views.table_docx, name="table_docx"),
    path(_PAPER + "y-kien/tong-hop.xlsx", views.table_xlsx, name="table_xlsx"),
    path(_PAPER + "y-kien/giai-trinh.docx", views.report_docx, name="report_docx"),
    path(_ONE, views.opinion, name="opinion"),
    path(_ONE + "tra-loi/", views.answer, name="answer"),
    path(_ONE + "xac-nhan/", views.confirm, name="confirm"),
    path(_ONE + "tra-lai/", views.send_back, name="send_back"),
    path(_ONE + "rut/", views.withdraw, name="withdraw"),
]
urlpatterns = part_of(
    Function.PAPERS,
    _addresses,
    readable={"papers", "table", "table_docx", "table_xlsx", "report_docx", "opinion"},
)

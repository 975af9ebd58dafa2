"""Notes on a paper, under ``/<council>/tai-lieu/<paper>/ban/<version>/``."""

from __future__ import annotations

from django.urls import path

from nghitruong.council.councils.functions import part_of
from nghitruong.council.councils.models import Function
from nghitruong.council.reading import views

app_name = "reading"
_AT = "tai-lieu/<uuid:paper>/ban/<int:version>/"
_addresses = [
    path(_AT + "ghi-chu/", views.notes, name="notes"),
    path(_AT + "tim/", views.find_words, name="find"),
    path(_AT + "chu/<int:page>/", views.page_text, name="text"),
    path(_AT + "ghi-chu.pdf", views.export, name="export"),
    path(_AT + "ghi-chu/<uuid:note>/chia-se/", views.share, name="share"),
]
urlpatterns = part_of(Function.PAPERS, _addresses, readable={"notes", "export"})

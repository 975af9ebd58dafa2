"""Notes on a paper, under ``/<council>/tai-lieu/<paper>/ban/<version>/``."""

from __future__ import annotations

from django.urls import path

from nghitruong.council.reading import views

app_name = "reading"
_AT = "tai-lieu/<uuid:paper>/ban/<int:version>/"
urlpatterns = [
    path(_AT + "ghi-chu/", views.notes, name="notes"),
    path(_AT + "ghi-chu.pdf", views.export, name="export"),
    path(_AT + "ghi-chu/<uuid:note>/chia-se/", views.share, name="share"),
]

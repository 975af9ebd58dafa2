"""Addresses of minutes, below a sitting; included under the council's slug."""

from __future__ import annotations

from django.urls import path

from nghitruong.council.councils.functions import part_of
from nghitruong.council.councils.models import Function
from nghitruong.session.minutes import views

app_name = "minutes"
_MINUTES = "ky-hop/<int:number>/phien/<int:sitting>/bien-ban/"

_minutes = [
    path(_MINUTES, views.versions, name="versions"),
    path(f"{_MINUTES}lap/", views.make, name="make"),
    path(f"{_MINUTES}<int:version>/tep", views.file, name="file"),
]
urlpatterns = part_of(Function.MINUTES, _minutes, readable={"versions", "file"})

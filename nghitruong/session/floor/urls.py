"""Under ``/<slug>/``: the screens of a sitting, their steps, the journal."""

from __future__ import annotations

from django.urls import URLPattern, path

from nghitruong.session.floor.views import pages, steps

app_name = "floor"

_SITTING = "ky-hop/<int:number>/phien/<int:sitting>/"

urlpatterns: list[URLPattern] = [
    path(_SITTING, pages.hall, name="hall"),
    path(f"{_SITTING}dieu-hanh/", pages.cockpit, name="cockpit"),
    path(f"{_SITTING}thu-ky/", pages.desk, name="desk"),
    path(f"{_SITTING}man-hinh/", pages.projector, name="projector"),
    path(f"{_SITTING}nhat-ky/", pages.journal, name="journal"),
    *(
        path(f"{_SITTING}{address}/", steps.view_of(step), name=step)
        for step, (address, _run, _may, _said) in steps.STEPS.items()
    ),
]

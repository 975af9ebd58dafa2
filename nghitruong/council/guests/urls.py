"""``/<council>/khach-moi/``; the door itself lies outside: see config/urls.py."""

from __future__ import annotations

from django.urls import path

from nghitruong.council.guests import views

app_name = "guests"
urlpatterns = [
    path("khach-moi/", views.guests, name="guests"),
    path("khach-moi/them/", views.add, name="add"),
    path("khach-moi/<uuid:person>/", views.guest, name="guest"),
    path("khach-moi/<uuid:person>/cap-the/", views.issue, name="issue"),
    path("khach-moi/<uuid:person>/tai-lieu/", views.give_papers, name="give_papers"),
    path("khach-moi/the/<uuid:guest_pass>/thu-hoi/", views.revoke, name="revoke"),
]

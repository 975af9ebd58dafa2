"""Under ``/<council>/``: the search page, the library's articles."""

from __future__ import annotations

from django.urls import path

from nghitruong.council.search import views

app_name = "search"
urlpatterns = [
    path("tim-kiem/", views.search, name="search"),
    path("tim-kiem/thu-vien/<uuid:article>/", views.article, name="article"),
]

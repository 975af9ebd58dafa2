"""Addresses of minutes, below a sitting; included under the council's slug."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "minutes"
urlpatterns: list[URLPattern] = []

"""Rules and days off of one council; included under its slug."""

from __future__ import annotations

from django.urls import path

from nghitruong.council.procedure import views

app_name = "procedure"
urlpatterns = [
    path("quy-tac/", views.rule_list, name="rules"),
    path("quy-tac/<str:key>/", views.rule, name="rule"),
    path("ngay-nghi/", views.holidays, name="holidays"),
    path("ngay-nghi/<uuid:pk>/bo/", views.remove_holiday, name="remove_holiday"),
]

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Base templates, components, islands. Knows no model; every app may use it."""

    name = "nghitruong.ui"
    label = "ui"
    verbose_name = "Giao diện"

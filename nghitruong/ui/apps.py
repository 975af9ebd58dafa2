from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "nghitruong.ui"
    label = "ui"
    verbose_name = "Giao diện"

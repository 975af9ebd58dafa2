from django.apps import AppConfig


class FloorConfig(AppConfig):
    name = "nghitruong.session.floor"
    label = "floor"
    verbose_name = "Diễn biến phiên họp"

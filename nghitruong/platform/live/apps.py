from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "nghitruong.platform.live"
    label = "live"
    verbose_name = "Kênh trực tiếp"

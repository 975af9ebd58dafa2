from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The place where everything meets: may import every layer, nobody imports it."""

    name = "nghitruong.config"
    label = "config"
    verbose_name = "Cấu hình"

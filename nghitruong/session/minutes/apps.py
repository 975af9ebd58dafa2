from django.apps import AppConfig


class MinutesConfig(AppConfig):
    name = "nghitruong.session.minutes"
    label = "minutes"
    verbose_name = "Biên bản"

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "nghitruong.council.papers"
    label = "papers"
    verbose_name = "Tài liệu"

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "nghitruong.platform.files"
    label = "files"
    verbose_name = "Tệp"

from django.apps import AppConfig


class StorageConfig(AppConfig):
    name = "nghitruong.platform.storage"
    label = "storage"
    verbose_name = "Lưu trữ"

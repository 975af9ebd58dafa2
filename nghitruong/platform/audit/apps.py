from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "nghitruong.platform.audit"
    label = "audit"
    verbose_name = "Nhật ký"

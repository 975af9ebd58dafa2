from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "nghitruong.council.intake"
    label = "intake"
    verbose_name = "Tiếp nhận tệp"

from django.apps import AppConfig


class BriefcaseConfig(AppConfig):
    name = "nghitruong.council.briefcase"
    label = "briefcase"
    verbose_name = "Cặp tài liệu"

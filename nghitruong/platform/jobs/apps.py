from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "nghitruong.platform.jobs"
    label = "jobs"
    verbose_name = "Công việc nền"

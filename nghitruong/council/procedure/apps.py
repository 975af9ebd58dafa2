from django.apps import AppConfig


class ProcedureConfig(AppConfig):
    name = "nghitruong.council.procedure"
    label = "procedure"
    verbose_name = "Quy tắc"

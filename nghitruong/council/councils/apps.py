from django.apps import AppConfig


class CouncilsConfig(AppConfig):
    name = "nghitruong.council.councils"
    label = "councils"
    verbose_name = "Hội đồng nhân dân"

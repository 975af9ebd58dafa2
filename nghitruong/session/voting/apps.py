from django.apps import AppConfig


class VotingConfig(AppConfig):
    name = "nghitruong.session.voting"
    label = "voting"
    verbose_name = "Biểu quyết"

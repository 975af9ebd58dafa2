from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "nghitruong.session.meetings"
    label = "meetings"
    verbose_name = "Kỳ họp"

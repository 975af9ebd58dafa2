from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "nghitruong.council.intake"
    label = "intake"
    verbose_name = "Tiếp nhận tệp"

    def ready(self) -> None:
        """Papers are compared and cited by the text found here."""
        from nghitruong.council.intake.queries import text_of
        from nghitruong.council.papers import texts

        texts.register_source(text_of)

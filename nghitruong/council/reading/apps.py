from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "nghitruong.council.reading"
    label = "reading"
    verbose_name = "Đọc tài liệu"

    def ready(self) -> None:
        """The reading page learns of notes; the office of openings; a noted draft stays; a secret
        paper loses both."""
        from nghitruong.council.papers import extension
        from nghitruong.council.reading import actions, facts, rules

        extension.register_part(facts.part)
        extension.register_fact(facts.openings_fact)
        extension.register_keep(rules.keep_noted)
        extension.register_expunger(actions.forget_paper)

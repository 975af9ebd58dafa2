"""Domain errors: a code for machines and a translated sentence for people."""

from __future__ import annotations


class Refused(Exception):
    """An action that may not or cannot be done now.

    ``code`` is stable, for machines; ``sentence`` is Vietnamese, for people, and says what to do
    next; ``article`` is the legal basis where there is one; ``status`` the HTTP status of the
    answer (403 not allowed, 409 somebody was first or the state does not permit it, 422 bad input).
    """

    def __init__(self, code: str, sentence: str, *, article: str = "", status: int = 409) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = str(sentence)
        self.article = article
        self.status = status

    def as_dict(self) -> dict[str, str]:
        """What a screen or a partner's program is told."""
        answer = {"code": self.code, "message": self.sentence}
        if self.article:
            answer["article"] = self.article
        return answer


class NotAllowed(Refused):
    """The person's role does not permit this, whatever the state."""

    def __init__(self, code: str, sentence: str, *, article: str = "") -> None:
        super().__init__(code, sentence, article=article, status=403)

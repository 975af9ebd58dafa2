"""Numbers of the hall that the session's frozen profile sets: time to speak, quorum."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Final

from nghitruong.session.floor.models import SpeechKind
from nghitruong.session.meetings.models import AgendaItem, ItemKind, Session, Sitting, SittingKind

# N114/2025 Đ23(4) leaves times to the council's own rules; these are the practice (law.md 4.8).
DEFAULT_MINUTES: Final[dict[str, int]] = {
    SpeechKind.SPEECH: 7,
    SpeechKind.QUESTION: 1,
    SpeechKind.REBUTTAL: 2,
    SpeechKind.ORDER: 2,
    SpeechKind.ANSWER: 3,
    SpeechKind.PRESENTATION: 10,
}
MOST_MINUTES: Final = 240  # of one speech
PROFILE_KEYS: Final[dict[str, str]] = {
    SpeechKind.SPEECH: "speech.time_debate",
    SpeechKind.QUESTION: "question.time_ask",
    SpeechKind.REBUTTAL: "question.time_debate",
    SpeechKind.ANSWER: "question.time_answer",
}
QUORUM_KEY: Final = "session.quorum_ratio"
QUORUM_DEFAULT: Final = Fraction(2, 3)


def rule_value(session: Session, key: str) -> Any:
    """A rule of the profile frozen on the session; None when it has no such rule."""
    profile = session.profile if isinstance(session.profile, dict) else {}
    rule = profile.get("rules", profile).get(key)
    return rule.get("value") if isinstance(rule, dict) else rule


def is_questioning(sitting: Sitting, item: AgendaItem | None) -> bool:
    """Whether N114/2025 Đ22–23 (order of registration, times) apply now."""
    return sitting.kind == SittingKind.QUESTIONING or (
        item is not None and item.kind == ItemKind.QUESTIONING
    )


def limit_seconds(sitting: Sitting, item: AgendaItem | None, kind: str) -> int:
    """How long one speech of this kind may last.

    For an ordinary speech the item's own time wins, for a presentation the item's duration; then
    the profile's value (minutes), then the practice. No minutes (an item whose duration nobody
    gave) are no limit given: a clock of none would be over as it starts. A duration may be that of
    a whole day, a speech lasts at most what the chair may give by hand.
    """
    given: list[Any] = []
    if item is not None and kind == SpeechKind.SPEECH:
        given.append(item.speech_minutes)
    if item is not None and kind == SpeechKind.PRESENTATION:
        given.append(item.minutes)
    if kind in PROFILE_KEYS:
        given.append(rule_value(sitting.session, PROFILE_KEYS[SpeechKind(kind)]))
    given.append(DEFAULT_MINUTES[kind])
    minutes = next(each for each in map(float, filter(None, given)) if each > 0)
    return round(min(minutes, MOST_MINUTES) * 60)


def quorum_needed(session: Session, in_office: int) -> int:
    """The least number present for a sitting: the profile's ratio of members in office, upwards.

    No text in force states a plenary quorum (law.md 2.13): 2/3 is custom, each council may set
    its own, and its breach is a warning that the chair may override with a recorded reason.
    """
    value = rule_value(session, QUORUM_KEY)
    try:
        ratio = Fraction(str(value)) if value is not None else QUORUM_DEFAULT
    except (ValueError, ZeroDivisionError):
        ratio = QUORUM_DEFAULT
    return math.ceil(ratio * in_office)

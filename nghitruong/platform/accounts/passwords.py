"""Passwords people are given once: easy to read from paper, easy to type on a tablet."""

from __future__ import annotations

import secrets
from typing import Final

# Nothing that can be taken for another: no 0 o, 1 l i, no capital, no Vietnamese typing trap
# (Telex turns aa, dd, ow… and a trailing s f r x j into accents, VNI digits 6–9 after vowels).
LETTERS: Final = "bcghkmnpqtvz"
DIGITS: Final = "23456789"


def one_time_password() -> str:
    """``kbm-4827-tqh``: ten signs by chance, about 35 bits, good for one sign-in.

    Guessing is stopped by the lockout (ten tries), not by its length.
    """

    def pick(signs: str, count: int) -> str:
        return "".join(secrets.choice(signs) for _ in range(count))

    return f"{pick(LETTERS, 3)}-{pick(DIGITS, 4)}-{pick(LETTERS, 3)}"

"""Passwords: Argon2id at the strength OWASP asks for, one at a time in a process.

A hall signs in within a minute, on the machine that counts its votes. Django's own setting
(100 MiB and eight threads for each password) would take every core of it; 19 MiB, two passes and
one thread are OWASP's minimum for Argon2id and cost some 30 ms. The lock keeps the memory and the
cores taken at once small, whatever number of people come: they wait for each other, not the vote.

An older hash is replaced when its owner next signs in (Django sees the parameters in it).
Source: OWASP Password Storage Cheat Sheet, Argon2id.
"""

from __future__ import annotations

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

_one_at_a_time = threading.Lock()


class PatientArgon2(Argon2PasswordHasher):
    """Argon2id, m = 19 MiB, t = 2, p = 1."""

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """The hash to store."""
        with _one_at_a_time:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Whether the password is the one stored."""
        with _one_at_a_time:
            return super().verify(password, encoded)

"""Passwords: Argon2id at the strength OWASP asks for, one at a time in a process.

A hall signs in within a minute, on the machine that counts its votes. Django's own setting
(100 MiB and eight threads for each password) would take every core of it; 19 MiB, two passes and
one thread are OWASP's minimum for Argon2id and cost some 30 ms. A process has one thread for it, so
that the memory and the cores taken at once stay small whatever number of people come, and that
thread gives way to everything else on the machine: people wait for each other, not the vote.

An older hash is replaced when its owner next signs in (Django sees the parameters in it).
Source: OWASP Password Storage Cheat Sheet, Argon2id.
"""

from __future__ import annotations

import contextlib
import functools
import os
import threading
from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.hashers import Argon2PasswordHasher

LOWEST = 19  # niceness; not SCHED_IDLE, under which a machine busy with OCR would let nobody in


def _give_way() -> None:
    """Linux keeps the niceness of each thread; elsewhere nothing is changed."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWEST)


@functools.cache
def _thread(_process: int) -> ThreadPoolExecutor:
    """The one thread of this process; a forked child makes its own."""
    return ThreadPoolExecutor(1, "password", initializer=_give_way)


class PatientArgon2(Argon2PasswordHasher):
    """Argon2id, m = 19 MiB, t = 2, p = 1."""

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """The hash to store."""
        return _thread(os.getpid()).submit(super().encode, password, salt).result()

    def verify(self, password: str, encoded: str) -> bool:
        """Whether the password is the one stored."""
        return _thread(os.getpid()).submit(super().verify, password, encoded).result()

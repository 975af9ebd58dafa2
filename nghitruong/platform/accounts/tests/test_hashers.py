"""Passwords are hashed in a thread that gives way, whoever asks."""

from __future__ import annotations

import os
import threading

from nghitruong.platform.accounts import hashers


class Quick(hashers.PatientArgon2):
    """The same, cheap enough for a test."""

    memory_cost = 64
    time_cost = 1


def _priority() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_the_hashing_thread_gives_way_and_the_one_that_asks_does_not():
    before = _priority()
    threads = {hashers._thread(os.getpid()).submit(_priority).result() for _ in range(3)}
    assert threads == {hashers.LOWEST}
    assert _priority() == before < hashers.LOWEST


def test_many_at_once_wait_for_each_other_and_each_gets_its_own_answer():
    stored = {name: Quick().encode(name, "muoi-thu-8") for name in ("một", "hai", "ba")}
    found = {}

    def ask(name):
        found[name] = [Quick().verify(name, stored[other]) for other in stored]

    asking = [threading.Thread(target=ask, args=(name,)) for name in stored]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(timeout=30)
    assert found == {name: [name == other for other in stored] for name in stored}


def test_a_forked_child_hashes_too():
    Quick().encode("x", "muoi-thu-8")  # the parent's thread runs; a child does not inherit it
    child = os.fork()
    if child == 0:
        good = Quick().verify("x", Quick().encode("x", "muoi-thu-8"))
        os._exit(0 if good else 1)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0

"""125 people sign in at once, with passwords, while a vote is running: neither may harm the other.

All come from one address, as a hall behind one router does. Every login is the whole of it: the
page with its token, the form, the first page after it. They come from a process of their own that
gives way to all others, as their browsers are other machines. Meanwhile 58 delegates vote and
change their vote about once a second each. Bounds: all in within 60 s, none refused; the vote's
p99 ≤ 150 ms and every acknowledged choice stored.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid
from typing import Any

from bench import _demo
from bench._installation import show, status

LOGINS, BOUND_SECONDS = 125, 60
VOTE_P99_MS = 150
PASSWORD = "Hội trường 125"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def people(count: int) -> list[str]:
    """So many accounts with a password: the province's, and guests until there are enough."""
    from django.contrib.auth.hashers import make_password
    from django_scopes import scope

    from nghitruong.council.councils.models import Council, Duty, DutyKind, Person
    from nghitruong.lib.text import fold, sort_key
    from nghitruong.platform.accounts.models import Account

    council = Council.objects.get(slug="lao-cai")
    secret = make_password(PASSWORD)
    with scope(council=council.pk):
        ids = Person.objects.filter(account__isnull=False).values_list("account_id", flat=True)
        accounts = list(Account.objects.filter(pk__in=list(ids)))
        for number in range(len(accounts), count):
            name = f"Khách mời số {number}"
            account = Account.objects.create(username=f"khach{number:03d}", display_name=name)
            person = Person.objects.create(
                council=council,
                account=account,
                full_name=name,
                sort_key=sort_key(name),
                fold=fold(name),
            )
            Duty.objects.create(
                council=council, person=person, kind=DutyKind.GUEST, starts_on="2026-03-30"
            )
            accounts.append(account)
    accounts = accounts[:count]
    Account.objects.filter(pk__in=[account.pk for account in accounts]).update(password=secret)
    return [account.username for account in accounts]


def sign_in(port: int, username: str) -> float:
    """Seconds from the first byte asked to the first page shown."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=BOUND_SECONDS)
    cookies: dict[str, str] = {}

    def ask(method: str, path: str, body: str = "") -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), text

    _status, _place, page = ask("GET", "/tai-khoan/dang-nhap/")
    token = TOKEN.search(page)
    assert token, page[:500]
    form = {"login": username, "password": PASSWORD, "csrfmiddlewaretoken": token.group(1)}
    status, place, page = ask("POST", "/tai-khoan/dang-nhap/", urllib.parse.urlencode(form))
    if status != 302:
        raise RuntimeError(f"{username}: {status} {page[:200]}")
    while status == 302:
        status, place, page = ask("GET", place)
    if status != 200:
        raise RuntimeError(f"{username}: {status} {page[:200]}")
    return time.perf_counter() - started


class Voter(threading.Thread):
    """A delegate who votes and changes their mind, about once a second, until told to stop."""

    def __init__(self, port: int, poll: Any, entry: Any, stop: threading.Event) -> None:
        super().__init__()
        from nghitruong.platform.live import tickets
        from nghitruong.platform.live.commands import Ticket

        self.port, self.entry, self.stopping = port, entry, stop
        ticket = Ticket(
            poll.council_id, entry.person_id, poll.sitting_id, "bench", entry.name, "lao-cai"
        )
        self.headers = {
            "Content-Type": "application/json",
            "Origin": f"http://127.0.0.1:{port}",
            "Cookie": f"{tickets.COOKIE}={tickets.make(ticket)}",
        }
        self.body = {"poll": str(poll.pk), "sitting": str(poll.sitting_id)}
        self.taken: list[float] = []
        self.last = ""
        self.refused: list[str] = []

    def run(self) -> None:
        """Vote, wait, vote otherwise."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        choices = ("yes", "no", "abstain")
        self.stopping.wait((self.entry.seat_number or 1) / 61)
        number = 0
        while not self.stopping.is_set():
            choice = choices[number % 3]
            body = {**self.body, "choice": choice, "nonce": uuid.uuid4().hex}
            started = time.perf_counter()
            connection.request("POST", "/live/lao-cai/vote", json.dumps(body), self.headers)
            answer = json.loads(connection.getresponse().read())
            self.taken.append((time.perf_counter() - started) * 1000)
            if answer.get("ok"):
                self.last = choice
            else:
                self.refused.append(str(answer.get("message")))
            number += 1
            self.stopping.wait(1)


def everybody(port: int, names: list[str]) -> None:
    """All sign in at once when a line comes; prints (seconds, each one's, what failed)."""
    os.nice(10)
    taken: list[float] = []
    failed: list[str] = []

    def one(username: str) -> None:
        try:
            taken.append(sign_in(port, username))
        except Exception as error:
            failed.append(f"{username}: {error}")

    threads = [threading.Thread(target=one, args=(name,)) for name in names]
    print("ready", flush=True)
    sys.stdin.readline()
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps([time.perf_counter() - started, taken, failed]), flush=True)


def main() -> int:
    """Measure; 1 when a bound is broken."""
    from django_scopes import scope

    with _demo.installation() as demo:
        poll = _demo.play(published=0)
        names = people(LOGINS)
        with scope(council=poll.council_id):
            entries = list(poll.sitting.roll.filter(presence="present"))
        demo.start()
        stop = threading.Event()
        voters = [Voter(demo.port, poll, entry, stop) for entry in entries]
        for voter in voters:
            voter.start()
        time.sleep(3)
        quiet = [ms for voter in voters for ms in voter.taken]
        hall = subprocess.Popen(
            [sys.executable, "-m", "bench.login_burst", str(demo.port), *names],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert hall.stdin is not None
        assert hall.stdout is not None
        hall.stdout.readline()  # it is ready: its own start is not measured
        before = [len(voter.taken) for voter in voters]
        hall.stdin.write("\n")
        hall.stdin.flush()
        seconds, taken, failed = json.loads(hall.stdout.readline())
        hall.wait()
        stop.set()
        for voter in voters:
            voter.join()
        during = [
            ms for voter, start in zip(voters, before, strict=True) for ms in voter.taken[start:]
        ]
        with scope(council=poll.council_id):
            stored = dict(poll.votes.values_list("person_id", "choice"))
        equal = all(stored.get(v.entry.person_id) == v.last for v in voters)
        show(
            at_most={"seconds": BOUND_SECONDS, "p99_ms": VOTE_P99_MS, "refused": 0},
            true=("all_in", "stored_equals_sent"),
            name="login_burst",
            engine=_demo.engine(),
            logins=LOGINS,
            all_in=not failed,
            failed=failed[:3],
            seconds=seconds,
            login_p50_s=statistics.median(taken) if taken else None,
            voters=len(voters),
            votes=len(during),
            p50_ms=statistics.median(during),
            p99_ms=statistics.quantiles(during, n=100)[-1],
            p99_ms_before=statistics.quantiles(quiet, n=100)[-1],
            refused=sum(len(voter.refused) for voter in voters),
            stored_equals_sent=equal,
        )
    return status()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        everybody(int(sys.argv[1]), sys.argv[2:])
    else:
        sys.exit(main())

"""How fast every page of the demo is, for every role, alone and with 20 users; then × 100.

Pages are found, not listed: the links each role sees, then every pattern of the URLconf whose
parameters occurred. Bounds: p95 ≤ 300 ms alone, ≤ 1 s with 20 users at once; the statements of a
page do not grow with the rows. A line per page: ``rows`` tells the demo from the demo × 100,
``users`` 1 from 20. The last line of each says what broke a bound (``slow``, ``sql_grew``).
"""

from __future__ import annotations

import http.client
import json
import random
import statistics
import sys
import threading
import time
from collections import defaultdict
from typing import Any

from bench import _demo, _grow
from tests.support.crawl import Crawler, PageOf

ROLES = ("an", "binh", "cuc", "em", "giang", "khai", "ich", "kim")
ALONE_MS, TOGETHER_MS = 300, 1000
USERS = 20
SECONDS_TOGETHER = 20
ROUNDS = 12  # measured requests of each page, after two that warm it
SQL_MOST = 40


def _client(username: str) -> Any:
    from django.test import Client

    from nghitruong.config.demo_door import BACKEND
    from nghitruong.platform.accounts.models import Account

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Account.objects.get(username=username), backend=BACKEND)
    return client


def find_pages(slug: str = "lao-cai") -> list[PageOf]:
    """What each role can open."""
    found: list[PageOf] = []
    for user in ROLES:
        client = _client(user)

        def fetch(path: str, client: Any = client) -> tuple[int, str, str]:
            answer = client.get(path)
            kind = answer.get("Content-Type", "")
            text = answer.content.decode() if kind.startswith("text/html") else ""
            return answer.status_code, kind, text

        found += Crawler(fetch, user, slug).walk()
    return found


def statements(pages: list[PageOf]) -> dict[PageOf, int]:
    """How many SQL statements each page takes, asked twice (the second, warm)."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted: dict[PageOf, int] = {}
    clients = {user: _client(user) for user in {page.user for page in pages}}
    for page in pages:
        clients[page.user].get(page.path)
        with CaptureQueriesContext(connection) as queries:
            clients[page.user].get(page.path)
        counted[page] = len(queries)
    return counted


class Browser:
    """One person's connection: keep-alive, one session cookie."""

    def __init__(self, port: int, cookie: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Cookie": f"sessionid={cookie}", "Accept-Encoding": "gzip"}

    def get(self, path: str) -> float:
        """Milliseconds until the last byte; anything but 200 is an error."""
        started = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return (time.perf_counter() - started) * 1000


def p95(values: list[float]) -> float:
    """The 95th percentile; of few values the largest."""
    if len(values) < 20:
        return max(values)
    return statistics.quantiles(values, n=20)[-1]


def alone(port: int, pages: list[PageOf], cookies: dict[str, str]) -> dict[PageOf, list[float]]:
    """Each page by one user, nobody else there."""
    taken: dict[PageOf, list[float]] = {}
    for user in {page.user for page in pages}:
        browser = Browser(port, cookies[user])
        for page in [page for page in pages if page.user == user]:
            for _ in range(2):
                browser.get(page.path)
            taken[page] = [browser.get(page.path) for _ in range(ROUNDS)]
    return taken


def together(port: int, pages: list[PageOf], cookies: dict[str, str]) -> dict[PageOf, list[float]]:
    """20 users at once, each opening one page after another, without a pause."""
    taken: dict[PageOf, list[float]] = defaultdict(list)
    failures: list[BaseException] = []
    until = time.perf_counter() + SECONDS_TOGETHER
    roles = sorted({page.user for page in pages})

    def walk(number: int) -> None:
        user = roles[number % len(roles)]
        own = [page for page in pages if page.user == user]
        chance = random.Random(number)
        browser = Browser(port, cookies[user])
        try:
            while time.perf_counter() < until:
                page = chance.choice(own)
                taken[page].append(browser.get(page.path))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=walk, args=(number,)) for number in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return taken


def measure(
    port: int, pages: list[PageOf], rows: str, cookies: dict[str, str]
) -> tuple[dict[PageOf, int], list[str]]:
    """Print one demo's lines; its statements, and what was too slow."""
    sql, slow = statements(pages), []
    for users, bound, taken in (
        (1, ALONE_MS, alone(port, pages, cookies)),
        (USERS, TOGETHER_MS, together(port, pages, cookies)),
    ):
        for page, values in sorted(taken.items(), key=lambda pair: (pair[0].view, pair[0].user)):
            line = {
                "name": "pages",
                "engine": _demo.engine(),
                "rows": rows,
                "users": users,
                "page": page.view,
                "path": page.path,
                "role": page.user,
                "p50_ms": round(statistics.median(values), 1),
                "p95_ms": round(p95(values), 1),
                "sql": sql[page],
            }
            print(json.dumps(line, ensure_ascii=False), flush=True)
            if line["p95_ms"] > bound:
                slow.append(f"{page.view} ({page.user}, {rows}, {users}): {line['p95_ms']} ms")
    return sql, slow


def main() -> int:
    """Both sizes; 1 when a bound is broken."""
    with _demo.installation() as demo:
        _demo.play()
        pages = find_pages()
        cookies = {user: _client(user).cookies["sessionid"].value for user in ROLES}
        demo.start()
        small, slow = measure(demo.port, pages, "demo", cookies)
        demo.stop()
        counts = _grow.grow()
        demo.start()  # the statistics of so much larger tables are taken at the start
        big, slow_big = measure(demo.port, pages, "demo x 100", cookies)
        grew = [
            f"{page.view} ({page.user}): {small[page]} → {big[page]}"
            for page in pages
            if big[page] > small[page]
        ]
        many = [f"{page.view}: {count}" for page, count in big.items() if count > SQL_MOST]
        slow += slow_big
        summary = {
            "name": "pages",
            "engine": _demo.engine(),
            "page": "all",
            "pages": len(pages),
            "views": len({page.view for page in pages}),
            "rows_at_100": counts,
            "sql_most": max(big.values()),
            "sql_grew": grew,
            "sql_many": many,
            "slow": slow,
        }
        print(json.dumps(summary, ensure_ascii=False), flush=True)
        return 1 if slow or grew or many else 0


if __name__ == "__main__":
    sys.exit(main())

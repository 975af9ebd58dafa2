"""The same doors over a real ``nghitruong serve``: sockets, the way to web, a file of 300 MB."""

from __future__ import annotations

import base64
import http.client
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from bench.crash import Database
from tests.support.hall import Hall
from tests.support.installation import Installation

pytestmark = [pytest.mark.concurrency, pytest.mark.timeout(300)]
MEGABYTE = 1024 * 1024
TOKEN = "x" * 32


def ask(
    installation: Installation, method: str, path: str, headers: dict[str, str], body: Any = None
) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", installation.port, timeout=120)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read() or b"{}")
    finally:
        connection.close()


def vote(installation: Installation, hall: Hall, **headers: str) -> tuple[int, dict[str, Any]]:
    body = {"nonce": uuid.uuid4().hex, "sitting": hall.sitting, "poll": hall.poll, "choice": "yes"}
    return ask(
        installation,
        "POST",
        f"/live/{hall.slug}/vote",
        {
            "Origin": installation.url,
            "Content-Type": "application/json",
            "Cookie": f"nt_ticket={hall.people[hall.chair]}",
            **headers,
        },
        json.dumps(body),
    )


def rss(installation: Installation) -> int:
    return sum(process.memory_info().rss for process in installation.family())


def test_strangers_are_turned_away_at_the_real_door_and_nothing_is_written(served):
    installation, hall = served(15)
    status, told = vote(installation, hall, Origin="http://evil.example")
    assert (status, told["message"]) == (
        403,
        "Lệnh không đến từ trang của hệ thống này nên không được nhận.",
    )
    status, told = vote(
        installation, hall, Cookie="nt_ticket=giả:mạo:nhé".encode().decode("latin1")
    )
    assert (status, told["message"]) == (
        401,
        "Máy này chưa vào phiên họp. Xin mở lại trang từ mục Kỳ họp.",
    )
    big = json.dumps({"nonce": "x" * 20, "text": "x" * 3 * MEGABYTE})
    try:
        status, _ = ask(
            installation,
            "POST",
            f"/live/{hall.slug}/note",
            {"Origin": installation.url, "Content-Type": "application/json"},
            big,
        )
        assert status in {401, 413}
    except (BrokenPipeError, ConnectionResetError):
        pass  # the door shut before everything was sent
    assert Database(installation.database_url).votes() == {}
    assert vote(installation, hall)[0] == 200
    assert list(Database(installation.database_url).votes()) == [hall.chair]


def test_three_hundred_megabytes_come_in_without_filling_the_memory_and_a_false_pdf_goes_out(
    served,
):
    installation, hall = served(15)
    office = {
        "Cookie": f"{hall.session}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Origin": installation.url,
        "Accept": "application/json",
    }
    about = {"filename": "bao-cao.pdf", "kind": "report", "title": "Báo cáo"}
    metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in about.items())

    def begin(length: int) -> tuple[int, dict[str, Any]]:
        headers = {**office, "Upload-Length": str(length), "Upload-Metadata": metadata}
        return ask(installation, "POST", f"/{hall.slug}/tai-lieu/tai-len/", headers)

    status, told = begin(300 * MEGABYTE + 1)
    assert (status, told["code"]) == (413, "too_large")
    assert told["message"].startswith("Tệp nặng 300,0 MB, quá mức 300 MB mỗi tệp. Hãy giảm")

    status, upload = begin(300 * MEGABYTE)
    assert status == 201, upload
    before = rss(installation)
    highest = before

    def pieces() -> Iterator[bytes]:
        nonlocal highest
        for number in range(300):
            if number % 20 == 0:
                highest = max(highest, rss(installation))
            yield b"MZ" + bytes(MEGABYTE - 2)

    headers = {
        **office,
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": str(300 * MEGABYTE),
    }
    status, told = ask(installation, "PATCH", upload["url"], headers, pieces())
    assert (status, told["code"]) == (422, "file_program"), told
    assert told["message"].startswith("Đây là chương trình máy tính, không phải tài liệu")
    assert highest - before < 100 * MEGABYTE
    left = [path for path in (installation.var / "uploads").glob("*") if path.is_file()]
    assert left == []
    # A vote right after it is taken as ever.
    assert vote(installation, hall)[0] == 200

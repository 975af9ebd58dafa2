"""Real servers on loopback: a mail server that speaks SMTP, and an HTTP one that plays a gateway
or a push service. They do what a test tells them to, also the wrong thing."""

from __future__ import annotations

import contextlib
import json
import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class _Smtp(socketserver.StreamRequestHandler):
    server: Any

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 loopback")
        while line := self.rfile.readline().decode("latin-1").strip():
            word = line[:4].upper()
            if word in {"EHLO", "HELO", "MAIL", "RSET", "NOOP"}:
                self.say("250 ok")
            elif word == "RCPT":
                self.say(self.server.answers.pop(0) if self.server.answers else "250 ok")
            elif word == "DATA":
                self.say("354 go on")
                self._take()
                if self.server.hang_up:
                    self.server.hang_up -= 1
                    return  # taken, and the answer is lost
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("500 what")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        self.server.letters.append(message_from_bytes(b"".join(lines)))


class MailServer(socketserver.ThreadingTCPServer):
    """``letters`` taken; ``answers`` to the next recipients; ``hang_up`` after so many letters."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.letters: list[Message] = []
        self.answers: list[str] = []
        self.hang_up = 0


class _Http(BaseHTTPRequestHandler):
    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.asked.append((dict(self.headers), body, self.path))
        status, answer = self._answer(body)
        if status == 0:  # taken, and the answer is lost
            self.connection.close()
            return
        data = json.dumps(answer).encode()
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"{self.server.url}/noi-khac")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _answer(self, body: bytes) -> tuple[int, dict[str, Any]]:
        if self.server.answers:
            answer: tuple[int, dict[str, Any]] = self.server.answers.pop(0)
            return answer
        if (key := self.headers["Idempotency-Key"]) is None:
            return 201, {}
        if key in self.server.taken:
            return 409, {}
        self.server.taken[key] = json.loads(body)["to"]
        return 201, {}

    def log_message(self, *args: Any) -> None:
        pass


class HttpServer(ThreadingHTTPServer):
    """``asked``: (headers, body, path) of each request; ``answers``: (status, JSON), 0 hangs up.
    Told nothing, it does as docs/sms.md asks: ``taken`` (key → number) once for each key."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Http)
        self.asked: list[tuple[dict[str, str], bytes, str]] = []
        self.answers: list[tuple[int, dict[str, Any]]] = []
        self.taken: dict[str, str] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextlib.contextmanager
def running(server: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

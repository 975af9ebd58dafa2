"""Small ASGI helpers: headers, bodies, answers. Bytes in, bytes out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

import orjson

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

JSON: Headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
TEXT: Headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]


class TooLarge(Exception):
    """The body is larger than a command may be."""


class Gone(Exception):
    """The client went away before its body was complete."""


def header(scope: Scope, name: bytes) -> bytes:
    """The first header of that (lower-case) name, or empty."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value)
    return b""


def query(scope: Scope) -> dict[str, str]:
    """The query string's parameters; of a repeated one the last."""
    return dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))


def cookie(scope: Scope, name: str) -> str:
    """A cookie's value, or empty."""
    wanted = name.encode() + b"="
    for key, value in scope["headers"]:
        if key == b"cookie":
            for part in value.split(b";"):
                part = part.strip()
                if part.startswith(wanted):
                    return str(part[len(wanted) :].strip(b'"').decode("latin-1"))
    return ""


async def body(receive: Receive, limit: int) -> bytes:
    """The whole body, at most ``limit`` bytes."""
    message = await receive()
    if message["type"] != "http.request":
        raise Gone
    first: bytes = message.get("body", b"")
    if not message.get("more_body"):
        if len(first) > limit:
            raise TooLarge
        return first
    parts, size = [first], len(first)
    while message.get("more_body"):
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise TooLarge
    return b"".join(parts)


async def respond(
    send: Send, status: int, content: bytes = b"", headers: Iterable[tuple[bytes, bytes]] = TEXT
) -> None:
    """A whole answer."""
    length = (b"content-length", str(len(content)).encode())
    await send(
        {"type": "http.response.start", "status": status, "headers": [*headers, length]},
    )
    await send({"type": "http.response.body", "body": content})


async def respond_json(send: Send, status: int, value: Any) -> None:
    """A whole JSON answer."""
    await respond(send, status, orjson.dumps(value), JSON)

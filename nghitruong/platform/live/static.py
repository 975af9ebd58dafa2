"""``/static/…``: built files from memory, compressed once; browsers keep hashed ones for ever."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import mimetypes
import re
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation

from nghitruong.platform.live import http
from nghitruong.platform.live.http import Receive, Scope, Send

HASHED = re.compile(r"-[0-9A-Za-z_-]{8,}\.\w+$")
KEPT_BYTES = 48 * 1024 * 1024  # of files in memory
COMPRESS = re.compile(r"text/|javascript|json|svg|xml|wasm")
TYPES = {
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
    ".bcmap": "application/octet-stream",
}


@dataclass(slots=True)
class Asset:
    """A file ready to be sent: its bytes by encoding."""

    stamp: tuple[int, int]
    etag: bytes
    content_type: bytes
    bodies: dict[bytes, bytes]

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return sum(len(body) for body in self.bodies.values())


def _read(path: Path) -> Asset:
    stat = path.stat()
    content = path.read_bytes()
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    kind = kind or "application/octet-stream"
    bodies = {b"identity": content}
    if COMPRESS.search(kind):
        kind += "; charset=utf-8" if "wasm" not in kind else ""
        for encoding, suffix in ((b"br", ".br"), (b"gzip", ".gz")):
            ready = path.with_name(path.name + suffix)
            if ready.is_file():
                bodies[encoding] = ready.read_bytes()
        if b"gzip" not in bodies and len(content) > 512:
            bodies[b"gzip"] = gzip.compress(content, 7, mtime=0)
    etag = b'"' + hashlib.sha256(content).hexdigest()[:20].encode() + b'"'
    return Asset((stat.st_mtime_ns, stat.st_size), etag, kind.encode(), bodies)


class StaticFiles:
    """An ASGI application for the URL prefix of ``STATIC_URL``."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self._kept: OrderedDict[str, tuple[Path, Asset]] = OrderedDict()
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """GET and HEAD."""
        if scope["method"] not in {"GET", "HEAD"}:
            await http.respond(send, 405)
            return
        name = unquote(scope["path"])[len(self.prefix) :]
        asset = await asyncio.to_thread(self._look_up, name) if name else None
        if asset is None:
            await http.respond(send, 404, "Không có tệp này.".encode())
            return
        hashed = HASHED.search(name) is not None
        headers = [
            (b"etag", asset.etag),
            (b"vary", b"accept-encoding"),
            (b"x-content-type-options", b"nosniff"),
            (b"cache-control", b"public, max-age=31536000, immutable" if hashed else b"no-cache"),
        ]
        if asset.etag in http.header(scope, b"if-none-match"):
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        accepted = http.header(scope, b"accept-encoding")
        encoding = next(
            (e for e in (b"br", b"gzip") if e in accepted and e in asset.bodies), b"identity"
        )
        content = asset.bodies[encoding]
        headers.append((b"content-type", asset.content_type))
        if encoding != b"identity":
            headers.append((b"content-encoding", encoding))
        headers.append((b"content-length", str(len(content)).encode()))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send(
            {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content}
        )

    def _look_up(self, name: str) -> Asset | None:
        known = self._kept.get(name)
        if known is not None:
            path, asset = known
            try:
                stat = path.stat()
            except OSError:
                stat = None
            if stat is not None and (stat.st_mtime_ns, stat.st_size) == asset.stamp:
                return asset
            del self._kept[name]
            self._bytes -= asset.size
        try:
            found = finders.find(name)
        except SuspiciousFileOperation:
            return None
        if not isinstance(found, str) or not Path(found).is_file():
            return None
        path = Path(found)
        asset = _read(path)
        self._kept[name] = (path, asset)
        self._bytes += asset.size
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            _, (_, old) = self._kept.popitem(last=False)
            self._bytes -= old.size
        return asset

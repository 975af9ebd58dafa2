"""Answering with a stored file: ranges (RFC 9110 §14), validators, and a name that reads well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from nghitruong.lib.text import fold
from nghitruong.platform.files import store

BLOCK = 1 << 16
_RANGE = re.compile(r"bytes=(\d*)-(\d*)$")


def disposition(file_name: str, *, download: bool) -> str:
    """The header for a Vietnamese file name: a plain one for old programs beside the real one."""
    plain = re.sub(r"[^A-Za-z0-9._ -]+", "_", fold(file_name)) or "tep"
    kind = "attachment" if download else "inline"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


def _pieces(file: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length > 0:
            piece = file.read(min(BLOCK, length))
            if not piece:
                return
            length -= len(piece)
            yield piece


def _span(header: str, size: int) -> tuple[int, int] | None:
    """(start, end) of a single range, end included; None: not one we answer (send it whole).

    Raises ValueError for a range outside the file.
    """
    match = _RANGE.match(header.strip())
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first == "":
        length = int(last)
        if length == 0:
            raise ValueError
        return max(0, size - length), size - 1
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if start >= size:
        raise ValueError
    if last and int(last) < start:
        return None
    return start, end


def answer(
    request: HttpRequest,
    *,
    sha256: str,
    media_type: str,
    file_name: str,
    download: bool = False,
) -> HttpResponseBase:
    """The stored file, or the asked part of it, as a streamed response.

    The caller has checked who asks. FileNotFoundError when the bytes are not in the store.
    """
    etag = f'"{sha256}"'
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": disposition(file_name, download=download),
        "X-Content-Type-Options": "nosniff",
    }
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    file = store.open_file(sha256)
    size = file.seek(0, 2)
    span = None
    asked = request.headers.get("Range", "")
    if asked and request.headers.get("If-Range", etag) == etag:
        try:
            span = _span(asked, size)
        except ValueError:
            file.close()
            return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    start, end = span or (0, size - 1)
    length = end - start + 1
    headers["Content-Length"] = str(length)
    if span:
        headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    status = 206 if span else 200
    if request.method == "HEAD":
        file.close()
        return HttpResponse(status=status, headers=headers, content_type=media_type)
    return StreamingHttpResponse(
        _pieces(file, start, length), status=status, headers=headers, content_type=media_type
    )

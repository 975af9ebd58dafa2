"""Canonical JSON and its SHA-256: the same facts give the same bytes on every machine.

After RFC 8785 (JCS), narrower: integers only, every string in NFC. Dates, times, UUIDs and
decimals are written as strings in one way each, so that a caller cannot choose another.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import orjson

from nghitruong.lib.text import nfc

_SAFE_INTEGER: Final = 2**53 - 1  # what every JSON reader keeps exactly


def _plain(value: Any) -> Any:
    if isinstance(value, str):  # most values are; most of them ASCII, which is in NFC
        return value if type(value) is str and value.isascii() else nfc(str(value))
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > _SAFE_INTEGER:
            raise TypeError(f"integer too large for JSON: {value}")
        return int(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("a time without zone has no canonical form")
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise TypeError("a decimal must be finite")
        return format(value, "f")
    if isinstance(value, Mapping):
        result: dict[str, Any] = {}
        for key, item in value.items():
            if isinstance(key, int) and not isinstance(key, bool):
                key = str(key)  # as every JSON writer does
            if not isinstance(key, str):
                raise TypeError(f"keys must be strings, not {type(key).__name__}")
            name = key if key.isascii() else nfc(key)
            if name in result:
                raise TypeError(f"two keys are the same in NFC: {name!r}")
            result[name] = _plain(item)
        if all(map(str.isascii, result)):  # then UTF-16 order is the order of the letters
            return {name: result[name] for name in sorted(result)}
        return dict(sorted(result.items(), key=lambda pair: pair[0].encode("utf-16-be")))
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"no canonical form for {type(value).__name__}")


_LEAVES: Final = frozenset({str, int, bool, type(None), UUID, datetime})
_AS_WRITTEN: Final = (
    orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER | orjson.OPT_PASSTHROUGH_DATETIME
)


def _is_common(value: Any) -> bool:
    """Whether the value is made of plain lists, objects with ASCII keys and common leaves."""
    inner: Iterable[Any]
    if type(value) is dict:
        if not all(type(key) is str and key.isascii() for key in value):
            return False
        inner = value.values()
    elif type(value) is list:
        inner = value
    else:
        return type(value) in _LEAVES
    return all(type(one) in _LEAVES or _is_common(one) for one in inner)


def _quick(value: Any) -> bytes | None:
    """The canonical bytes of a common value, written by a compiled writer; None: ask
    :func:`_plain`.

    A poll's record has thousands of values and is made while the hall waits. The whole text is in
    NFC only if every string in it is: no letter composes with a quotation mark before it.
    """
    if not _is_common(value):
        return None
    try:
        written = orjson.dumps(value, default=_plain, option=_AS_WRITTEN)
    except TypeError:  # _plain says why, in its own words
        return None
    if written.isascii() or unicodedata.is_normalized("NFC", written.decode()):
        return written
    return None


def canonical(value: Any) -> bytes:
    """Canonical UTF-8 bytes. Raises TypeError for floats, naive times and unknown types."""
    quick = _quick(value)
    if quick is not None:
        return quick
    plain = _plain(value)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest(value: Any) -> str:
    """SHA-256 of the canonical form, 64 hexadecimal digits."""
    return sha256_hex(canonical(value))


def salted_digest(salt: bytes, value: Any) -> str:
    """SHA-256 of length-prefixed salt ‖ canonical form.

    With a secret random salt of ≥ 16 bytes the digest can stay when the payload must be erased:
    nobody can guess a payload from it. Raises ValueError for a shorter salt.
    """
    if len(salt) < 16:
        raise ValueError("salt must have at least 16 bytes")
    return sha256_hex(len(salt).to_bytes(4, "big") + salt + canonical(value))

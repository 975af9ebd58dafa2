"""Canonical JSON: the same facts always give the same bytes (after RFC 8785, without floats)."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import Any


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, bool) or value is None or isinstance(value, int):
        return value
    if isinstance(value, dict):
        return {_clean(str(k)): _clean(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(v) for v in value]
    raise TypeError(f"{type(value).__name__} has no canonical form here")


def canonical(value: Any) -> bytes:
    """UTF-8 bytes: keys sorted, no spaces, text NFC; floats and dates are refused."""
    return json.dumps(
        _clean(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()

"""Reading the environment, loudly: a bad value stops the start and names itself.

Every setting an installation may change passes through one of these helpers, so that
``grep env_ nghitruong/config/settings.py`` is the list of settings.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def env_str(name: str, default: str | None = None) -> str:
    """The variable's text; without a default it must be set and not empty."""
    value = os.environ.get(name, default)
    if value is None or (value == "" and default is None):
        raise ImproperlyConfigured(f"{name}: biến môi trường này phải được đặt")
    return value


def env_bool(name: str, default: bool) -> bool:
    """1/true/yes/on or 0/false/no/off; anything else stops the start."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    value = raw.strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r}: chỉ nhận true hoặc false")


def env_int(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number within ``low``..``high``, both included."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    try:
        value = int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={raw!r}: phải là số nguyên") from None
    if not low <= value <= high:
        raise ImproperlyConfigured(f"{name}={value}: phải từ {low} đến {high}")
    return value


def env_list(name: str, default: list[str]) -> list[str]:
    """Comma-separated words, blanks dropped."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    return [word.strip() for word in raw.split(",") if word.strip()]


def env_path(name: str, default: Path) -> Path:
    """An absolute path; its parent must exist."""
    path = Path(os.environ.get(name) or default).expanduser().resolve()
    if not path.parent.is_dir():
        raise ImproperlyConfigured(f"{name}={path}: thư mục {path.parent} không có")
    return path

"""Taking words out of every row of a council: what the law says must stand nowhere any more.

One walk over every model, so that a new one cannot be forgotten. Kept out of it: the audit log
(its payloads are erased as a whole, the chain stays whole), rows declared :func:`keep`, and columns
that a guard holds fixed; those are counted in ``Erased.kept``, and whoever asked is told.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast

from nghitruong.lib.text import fold
from nghitruong.platform.storage import guards

SHORTEST: Final = 12  # characters: a shorter name says nothing and stands in a hundred places
_BETWEEN: Final = re.compile(r"[\s_\-.]+")
_ENDING: Final = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$")
# What both engines compare without capitals, and JSON leaves as it is.
_PLAIN: Final = re.compile(r"[A-Za-z0-9 _.\-]+")
_SKIPPED_APPS: Final = frozenset(
    {"audit", "admin", "auth", "contenttypes", "sessions", "axes", "account", "files"}
)
Rows = Callable[[uuid.UUID], Q]
_kept: dict[str, Q] = {}
_scopes: dict[str, Rows] = {}


@dataclass
class Erased:
    """Rows changed, and rows that hold the words and may not be changed, by model."""

    changed: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)


def keep(model: type[models.Model], rows: Q) -> None:
    """Rows of ``model`` that nothing may change: they are only counted."""
    _kept[model._meta.label] = rows


def belongs(model: type[models.Model], rows: Rows) -> None:
    """How to find a council's rows of a model without a ``council_id`` of its own."""
    _scopes[model._meta.label] = rows


def specific(words: Iterable[str]) -> list[str]:
    """The words that say something by themselves: long enough, more than two of them, whatever
    stands between them (names of files have no blanks)."""
    found = {" ".join(text.split()) for text in words}
    return sorted(
        (text for text in found if len(text) >= SHORTEST and _count(text) > 2),
        key=len,
        reverse=True,
    )


def _count(text: str) -> int:
    """How many words; the ending of a file's name is none."""
    return len([word for word in _BETWEEN.split(_ENDING.sub("", text)) if word])


def erase(
    words: Iterable[str],
    *,
    council_id: uuid.UUID,
    by: str,
    skip: Collection[type[models.Model]] = (),
) -> Erased:
    """Put ``by`` in the place of ``words`` in every text and JSON column of the council's rows.

    In the caller's transaction. Capitals make no difference, and in folded columns marks do not
    either. Rows of the models in ``skip`` are not looked at.
    """
    result = Erased()
    found = specific(words)
    if not found:
        return result
    finder = _Finder(found, by)
    for model in apps.get_models():
        rows = None if model in skip else _rows_of(model, council_id)
        if rows is not None:
            _walk(model, rows, finder, result)
    return result


def naming(words: Iterable[str], rows: QuerySet[Any], column: str) -> list[Any]:
    """Keys of the rows whose ``column`` holds one of these, as :func:`erase` would find them."""
    found = specific(words)
    return [key for key, _value in _Finder(found, "").held(rows, column)] if found else []


class _Finder:
    """The words, in the ways they may be written.

    No engine here knows that «ế» is «Ế»: it is asked for the rows that hold the letters without
    marks, and which of those hold the words is decided by one pattern.
    """

    def __init__(self, words: list[str], by: str) -> None:
        self.by = by
        self.written = sorted({w for text in words for w in (text, fold(text))})
        self.pattern = re.compile("|".join(map(re.escape, [*words, *map(fold, words)])), re.I)

    def held(self, rows: QuerySet[Any], name: str) -> list[tuple[Any, Any]]:
        """(key, value) of the rows whose column ``name`` holds the words."""
        if isinstance(rows.model._meta.get_field(name), models.JSONField):
            rows = rows.annotate(as_text=Cast(name, models.TextField()))
            here = rows.filter(self._may_hold("as_text"))
        else:
            here = rows.filter(self._may_hold(name))
        pairs = here.values_list("pk", name).iterator()
        return [(key, value) for key, value in pairs if self._holds(value)]

    def _may_hold(self, column: str) -> Q:
        found = Q()
        for text in self.written:
            runs = sorted(_PLAIN.findall(text), key=len, reverse=True)[:3]
            if not runs:
                return Q()  # any row may
            found |= Q(*(Q(**{f"{column}__icontains": run}) for run in runs))
        return found

    def _holds(self, value: Any) -> bool:
        if isinstance(value, str):
            return self.pattern.search(value) is not None
        if isinstance(value, list):
            return any(map(self._holds, value))
        if isinstance(value, dict):
            return any(map(self._holds, (*value, *value.values())))
        return False

    def clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.pattern.sub(lambda _match: self.by, value)
        if isinstance(value, list):
            return [self.clean(one) for one in value]
        if isinstance(value, dict):
            return {self.clean(key): self.clean(one) for key, one in value.items()}
        return value


def _rows_of(model: type[models.Model], council_id: uuid.UUID) -> QuerySet[Any] | None:
    """The council's rows; None for a model that holds nothing of councils."""
    if model._meta.proxy or model._meta.app_label in _SKIPPED_APPS:
        return None
    rows: QuerySet[Any] = model._base_manager.all()
    if scope := _scopes.get(model._meta.label):
        return rows.filter(scope(council_id))
    if any(column.attname == "council_id" for column in model._meta.concrete_fields):
        return rows.filter(council_id=council_id)
    return None


def _walk(model: type[models.Model], rows: QuerySet[Any], finder: _Finder, result: Erased) -> None:
    label = model._meta.label
    fixed, erasable = guards.columns_held(model)
    kept = _kept.get(label)
    for column in model._meta.concrete_fields:
        if not isinstance(column, models.JSONField) and not _is_text(column):
            continue
        name = column.name
        here = rows
        if kept is not None:
            result.kept[label] += len(finder.held(rows.filter(kept), name))
            here = rows.exclude(kept)
        found = finder.held(here, name)
        if name in fixed:
            result.kept[label] += len(found)
            continue
        for key, value in found:
            clean = erasable[name] if name in erasable else finder.clean(value)
            longest = getattr(column, "max_length", None)
            if isinstance(clean, str) and longest:
                clean = clean[:longest]
            model._base_manager.filter(pk=key).update(**{name: clean})
            result.changed[label] += 1


def _is_text(column: models.Field[Any, Any]) -> bool:
    if not isinstance(column, models.CharField | models.TextField) or column.choices:
        return False
    return not column.primary_key and (column.max_length or 1000) > SHORTEST * 3

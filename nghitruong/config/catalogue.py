"""The catalogues: which texts of this product are translated, and which are missing.

Our own texts are Vietnamese in the source; ``locale/en`` translates them. ``locale/vi`` holds only
texts of libraries that have no (or not enough) Vietnamese. Reading needs no system program.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation.template import templatize

from nghitruong.ui import words

PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = PACKAGE / "locale"
_CALL = re.compile(
    r"\b(n?gettext(?:_lazy)?|_)\(\s*u?("
    r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
    r")(?:\s*,\s*u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))?"
)
_FUNCTIONS = frozenset(
    {"_", "_lazy", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
)


class Text(NamedTuple):
    """A text of the source; ``plural`` empty where there is one form."""

    msgid: str
    plural: str = ""


def source_texts(package: Path = PACKAGE) -> dict[Text, str]:
    """Every translatable text and the first place it stands (tests and migrations left out)."""
    found: dict[Text, str] = {}
    for path in sorted(package.rglob("*")):
        if not {"tests", "migrations", "dist"}.isdisjoint(path.relative_to(package).parts):
            continue
        if path.suffix == ".py":
            texts = _python(path.read_text())
        elif path.suffix == ".html":
            texts = _template(path.read_text())
        elif path.suffix == ".ts" and "test" not in path.name:
            texts = map(Text, words.texts_of(path.read_text()))
        else:
            continue
        for text in texts:
            if text.msgid:
                found.setdefault(text, path.relative_to(package.parent).as_posix())
    return found


def _python(source: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id not in _FUNCTIONS:
            continue
        words = [
            argument.value
            for argument in node.args[:2]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        if words and node.func.id.startswith("ngettext") and len(words) == 2:
            yield Text(words[0], words[1])
        elif words:
            yield Text(words[0])


def _template(source: str) -> Iterator[Text]:
    for function, one, many in _CALL.findall(templatize(source)):
        plural = ast.literal_eval(many) if many and function.startswith("n") else ""
        yield Text(ast.literal_eval(one), plural)


def catalogue(language: str) -> polib.POFile:
    """Our catalogue of a language."""
    return polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))


def update_english() -> tuple[int, int]:
    """Add new texts to ``locale/en``, drop those nobody uses; returns (added, dropped)."""
    texts = source_texts()
    book = catalogue("en")
    kept = {Text(entry.msgid, entry.msgid_plural or ""): entry for entry in book}
    added = [text for text in texts if text not in kept]
    dropped = [text for text in kept if text not in texts]
    for text in dropped:
        book.remove(kept[text])
    for text in added:
        entry = polib.POEntry(msgid=text.msgid)
        if text.plural:
            entry.msgid_plural = text.plural
            entry.msgstr_plural = {0: "", 1: ""}
        book.append(entry)
    book.sort(key=lambda entry: entry.msgid)
    book.save()
    return len(added), len(dropped)

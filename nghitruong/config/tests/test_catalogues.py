"""The catalogues are complete, keep every placeholder, and never turn a record into English."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import polib
import pytest
from django.test import Client

from nghitruong.config.catalogue import PACKAGE, Text, catalogue, source_texts

_PLACE = re.compile(r"%\(\w+\)0?\d*[sd]|%0?\d*[sd]|\{\w*\}")


def forms(entry: polib.POEntry) -> Iterator[tuple[str, str]]:
    """(source, translation) of each form."""
    if entry.msgid_plural:
        for number, words in entry.msgstr_plural.items():
            yield (entry.msgid if number == 0 else entry.msgid_plural), words
    else:
        yield entry.msgid, entry.msgstr


def test_every_text_of_the_source_has_its_english() -> None:
    texts = source_texts()
    have = {Text(e.msgid, e.msgid_plural or "") for e in catalogue("en") if e.translated()}
    missing = {text.msgid: texts[text] for text in texts if text not in have}
    assert not missing, f"chạy «nghitruong update-catalogues» rồi dịch trong locale/en: {missing}"


def test_no_translation_is_left_of_a_text_nobody_uses() -> None:
    texts = set(source_texts())
    stale = [e.msgid for e in catalogue("en") if Text(e.msgid, e.msgid_plural or "") not in texts]
    assert stale == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_translation_keeps_every_placeholder(language: str) -> None:
    wrong = [
        source
        for entry in catalogue(language)
        for source, words in forms(entry)
        if sorted(_PLACE.findall(source)) != sorted(_PLACE.findall(words))
    ]
    assert wrong == []


def test_library_texts_are_in_vietnamese() -> None:
    for entry in catalogue("vi"):
        for source, words in forms(entry):
            assert words, source
            assert source == words or not words.isascii() or len(words) < 8, source


def records() -> Iterator[str]:
    """Texts written into the journal: arguments of ``journal.record`` and of the vote's steps."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            if name not in {"journal.record", "_done", "_signal"}:
                continue
            if name == "_done" and "voting/actions" not in path.as_posix():
                continue
            for argument in node.args:
                for part in ast.walk(argument):
                    if (
                        isinstance(part, ast.Call)
                        and ast.unparse(part.func) in {"_", "gettext"}
                        and isinstance(part.args[0], ast.Constant)
                    ):
                        yield str(part.args[0].value)


def test_what_is_written_into_the_record_stays_vietnamese_whoever_writes_it() -> None:
    """A clerk reading English must not make the minutes English."""
    words = {entry.msgid: entry.msgstr for entry in catalogue("en")}
    found = set(records())
    assert len(found) > 10
    assert {text for text in found if words.get(text) != text} == set()


_REFUSES = {"Refused", "NotAllowed", "_bad"}
_TRANSLATES = {"_", "_lazy", "gettext", "gettext_lazy", "ngettext"}


def untranslatable(node: ast.AST) -> Iterator[str]:
    """Words written into an expression outside of the catalogue's functions."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in _TRANSLATES:
        return
    if isinstance(node, ast.Dict):  # the values that fill the places of a sentence
        parts: list[ast.AST] = list(node.values)
    elif isinstance(node, ast.Subscript):  # a sentence by its code
        parts = [node.value]
    else:
        parts = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        words = node.value.strip()
        if " " in words and any(char.isalpha() for char in words):
            yield node.value
    for part in parts:
        yield from untranslatable(part)


def test_every_refusal_is_a_sentence_of_the_catalogue() -> None:
    """With :func:`test_every_text_of_the_source_has_its_english`: each has its English."""
    wrong, seen = [], 0
    for path in sorted(PACKAGE.rglob("*.py")):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            if ast.unparse(node.func).rpartition(".")[2] not in _REFUSES:
                continue
            sentence = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "sentence")]
            seen += len(sentence)
            wrong += [
                f"{path.relative_to(PACKAGE)}:{node.lineno}: {words}"
                for one in sentence
                for words in untranslatable(one)
            ]
    assert seen > 300
    assert wrong == []


def test_what_is_wrong_with_a_file_is_told_in_the_readers_language() -> None:
    from django.utils import translation

    from nghitruong.council.papers.rules import PROBLEMS

    have = {entry.msgid: entry.msgstr for entry in catalogue("en")}
    with translation.override(None):
        assert all(have.get(str(words)) for words in PROBLEMS.values())


def test_the_compiled_catalogue_answers_in_english(tmp_path: Path) -> None:
    book = catalogue("en")
    target = tmp_path / "en.mo"
    book.save_as_mofile(str(target))
    english = gettext.GNUTranslations(BytesIO(target.read_bytes()))
    assert english.gettext("Việc hôm nay") == "Today"
    assert english.ngettext("Đọc %(n)s tài liệu chưa mở", "Đọc %(n)s tài liệu chưa mở", 1).count(
        "paper "
    )


@pytest.mark.django_db
def test_english_is_chosen_by_the_person_and_never_by_the_browser(client: Client) -> None:
    page = "/tai-khoan/dang-nhap/"
    answer = client.get(page, headers={"accept-language": "en-US,en"})
    assert answer.headers["Content-Language"] == "vi"
    assert 'lang="vi"' in answer.content.decode()
    client.post("/ngon-ngu/", {"language": "en", "next": page})
    assert 'lang="en"' in client.get(page).content.decode()

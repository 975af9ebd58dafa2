"""tantivy: an index in a folder of this installation, made again when it is missing.

``var/search/<generation>/`` holds an index, ``var/search/current`` names the one in use. A rebuild
writes a new generation and changes the name last, so a search never meets half an index, and what
was erased leaves the disk with the old generation. One writer at a time, over all processes
(``flock``); readers look whether the index moved on before every search.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import threading
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import tantivy
from django.conf import settings

from nghitruong.council.search import analysis
from nghitruong.council.search.analysis import Asked
from nghitruong.council.search.backends import LAYOUT
from nghitruong.council.search.passages import Filters, Hit, Passage
from nghitruong.lib.text import fold

_HEAP: Final = 160_000_000
_SMALL_HEAP: Final = 30_000_000
# In the order of the fields of ``Passage``, less ``object`` and ``text``.
_ABOUT: Final = (
    "source",
    "part",
    "title",
    "council",
    "heading",
    "version",
    "kind",
    "issuer",
    "year",
    "session",
    "number",
    "article",
    "place",
)
_LONG: Final = 8  # words of a question
_LARGE: Final = 5_000  # passages: fewer are looked through in no time
_ENOUGH: Final = 5
_MUST, _SHOULD = tantivy.Occur.Must, tantivy.Occur.Should


def _schema() -> tantivy.Schema:
    """What is searched by; all that is shown again lies in ``about`` and ``body``, because every
    stored field costs a call for every proposal."""
    builder = tantivy.SchemaBuilder()
    for name in ("key", "council", "source", "kind", "year", "session", "article", "own", "cited"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("issuer", tokenizer_name="vi_fold", index_option="basic")
    for name in ("title", "heading"):
        builder.add_text_field(name, tokenizer_name="vi_fold")
    builder.add_text_field("body", stored=True, tokenizer_name="vi_fold")
    # With frequencies, though they hardly matter: WAND works only if every field has them.
    builder.add_text_field("written", tokenizer_name="vi", index_option="freq")
    builder.add_bytes_field("about", stored=True)
    return builder.build()


def _register(index: tantivy.Index) -> None:
    """The same words as ``analysis.words`` and ``fold`` make; a test holds them together."""
    simple, filters = tantivy.Tokenizer.simple, tantivy.Filter
    plain = tantivy.TextAnalyzerBuilder(simple()).filter(filters.lowercase())
    index.register_tokenizer("vi", plain.build())
    flat = tantivy.TextAnalyzerBuilder(simple()).filter(filters.lowercase())
    index.register_tokenizer("vi_fold", flat.filter(filters.ascii_fold()).build())


def _document(passage: Passage) -> tantivy.Document:
    text = passage.text
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    document = tantivy.Document()
    add = document.add_text
    add("key", passage.key)
    add("council", passage.council or "-")
    add("source", passage.source)
    add("kind", passage.kind)
    add("year", passage.year)
    add("session", passage.session)
    add("article", passage.article.lower())
    add("title", passage.title)
    add("heading", passage.heading)
    add("body", text)
    add("issuer", passage.issuer)
    add("written", text)
    add("written", passage.title)
    add("written", passage.heading)
    about = [passage.object.hex, *(getattr(passage, name) for name in _ABOUT)]
    document.add_bytes("about", orjson.dumps(about))
    if passage.number:
        for token in analysis.number_tokens(passage.number):
            add("own", token)
    for token in analysis.cited_numbers(text):
        add("cited", token)
    return document


@dataclass
class _Open:
    """An index held open by this process."""

    generation: str
    index: tantivy.Index
    stamp: int


_opened: dict[Path, _Open] = {}
_guard = threading.Lock()


class Tantivy:
    """The embedded engine."""

    name = "tantivy"

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(settings.VAR_DIR) / "search"

    # Files -------------------------------------------------------------------------------------

    def _generation(self) -> str:
        try:
            return (self.folder / "current").read_text().strip()
        except FileNotFoundError:
            return ""

    def ready(self) -> bool:
        """An index of this layout is there and whole."""
        generation = self._generation()
        return generation.startswith(f"{LAYOUT}-") and tantivy.Index.exists(
            str(self.folder / generation)
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Wait for the one right to write, over all processes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "write.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _index(self) -> tantivy.Index | None:
        """The index in use, as far as it is committed; None when there is none."""
        generation = self._generation()
        path = self.folder / generation
        if not generation.startswith(f"{LAYOUT}-"):
            return None
        try:
            stamp = os.stat(path / "meta.json").st_mtime_ns
        except FileNotFoundError:
            return None
        with _guard:
            known = _opened.get(self.folder)
            if known is None or known.generation != generation:
                index = tantivy.Index.open(str(path))
                _register(index)
                known = _opened[self.folder] = _Open(generation, index, stamp)
            elif known.stamp != stamp:
                known.index.reload()
                known.stamp = stamp
            return known.index

    # Writing -----------------------------------------------------------------------------------

    def put(self, keys: Iterable[str], passages: Iterable[Passage]) -> None:
        """Replace what is known of these rows. Without an index there is nothing to do: the
        rebuild, which is then due, takes everything."""
        with self._writing():
            if not self.ready():
                return
            index = tantivy.Index.open(str(self.folder / self._generation()))
            _register(index)
            writer = index.writer(heap_size=_SMALL_HEAP, num_threads=1)
            for key in keys:
                writer.delete_documents_by_term("key", key)
            for passage in passages:
                writer.add_document(_document(passage))
            writer.commit()
            writer.garbage_collect_files()
            writer.wait_merging_threads()

    def rebuild(self, passages: Iterable[Passage]) -> int:
        """A new generation beside the old one."""
        with self._writing():
            generation = f"{LAYOUT}-{secrets.token_hex(6)}"
            path = self.folder / generation
            path.mkdir()
            try:
                count = self._fill(path, passages)
            except BaseException:
                shutil.rmtree(path, ignore_errors=True)
                raise
            name = self.folder / "current.new"
            name.write_text(generation)
            name.replace(self.folder / "current")
            for old in self.folder.iterdir():
                if old.is_dir() and old.name != generation:
                    shutil.rmtree(old, ignore_errors=True)
        return count

    @staticmethod
    def _fill(path: Path, passages: Iterable[Passage]) -> int:
        index = tantivy.Index(_schema(), path=str(path))
        _register(index)
        writer = index.writer(heap_size=_HEAP, num_threads=min(2, os.cpu_count() or 1))
        count = 0
        for passage in passages:
            writer.add_document(_document(passage))
            count += 1
        writer.commit()
        writer.wait_merging_threads()
        return count

    # Reading -----------------------------------------------------------------------------------

    def count(self) -> int:
        """Passages held."""
        index = self._index()
        return int(index.searcher().num_docs) if index else 0

    def search(self, asked: Asked, filters: Filters, *, limit: int, offset: int = 0) -> list[Hit]:
        """Words by BM25 in text, title and heading; phrases, numbers and filters must hold."""
        index = self._index()
        if index is None:
            return []
        searcher = index.searcher()
        # Best first: of a row two queries propose, the one that gives all its points comes first.
        best: dict[tuple[int, int], tuple[float, Any]] = {}
        for query in _Question(index.schema, searcher, asked, filters).queries():
            for score, at in searcher.search(query, limit=offset + limit, count=False).hits:
                best.setdefault((at.segment_ord, at.doc), (float(score), at))
        found = sorted(best.values(), key=lambda one: -one[0])[offset : offset + limit]
        return [Hit(_passage(searcher.doc(at)), score) for score, at in found]


def _passage(document: Any) -> Passage:
    object_id, source, part, title, *rest = orjson.loads(document.get_first("about"))
    text = document.get_first("body") or ""
    return Passage(source, uuid.UUID(hex=object_id), part, title, text, *rest)


class _Question:
    """One question as tantivy understands it."""

    def __init__(self, schema: Any, searcher: Any, asked: Asked, filters: Filters) -> None:
        self.schema = schema
        self.searcher = searcher
        self.asked = asked
        self.filters = filters

    def _term(self, name: str, value: str, boost: float = 1.0) -> Any:
        term = tantivy.Query.term_query(self.schema, name, value)
        return term if boost == 1.0 else tantivy.Query.boost_query(term, boost)

    def _flat(self, name: str, value: str, score: float) -> Any:
        return tantivy.Query.const_score_query(self._term(name, value), score)

    def _any(self, queries: Iterable[Any]) -> Any:
        return tantivy.Query.boolean_query([(_SHOULD, query) for query in queries])

    def queries(self) -> list[Any]:
        """Everything that must hold, and what is worth points; empty: nothing was asked.

        Nothing but words goes a short way through the index (block-max WAND), a single clause of
        another kind takes a long one over every text with «luật» in it. So a question that has both
        is asked twice: once for what fulfils such a clause, with all points, and once for the
        words. A row that is only in the second has no other points, so the best of both together
        are the best there are.
        """
        asked = self.asked
        must = [*self._filters(), *(self._phrase(phrase) for phrase in asked.phrases)]
        words, named = self._words(), self._named()
        if not words and not named:
            return [self._all(must)] if asked.phrases else []
        if must:
            return [self._all([*must, self._any([*words, *named])])]
        if words and named:
            both = [(_MUST, self._any(named)), *((_SHOULD, word) for word in words)]
            return [tantivy.Query.boolean_query(both), self._any(words)]
        return [self._any(words or named)]

    def _all(self, queries: Iterable[Any]) -> Any:
        return tantivy.Query.boolean_query([(_MUST, query) for query in queries])

    def _words(self) -> list[Any]:
        """Points for words."""
        points: list[Any] = []
        telling = self._telling()
        for word in telling:
            for found, weight in self._spellings(word):
                points.append(self._term("body", found, weight))
                points.append(self._term("heading", found, 0.5 * weight))
                points.append(self._term("title", found, 0.5 * weight))
        if self.asked.names_a_law:  # which law it is, the names tell (ranking)
            return points
        written = (word for word in self.asked.accented if fold(word) in telling)
        return points + [self._term("written", word, 0.15) for word in written]

    def _telling(self) -> tuple[str, ...]:
        """The words to look for. In a long question to a large index those that stand in every
        second text are left out, when enough others stand anywhere: they hardly change the order
        there, and following them takes half the time."""
        words = self.asked.folds
        if len(words) <= _LONG or self.searcher.num_docs < _LARGE:
            return words
        often = self.searcher.num_docs // 2
        found = {word: self.searcher.doc_freq("body", word) for word in words}
        if sum(0 < count <= often for count in found.values()) < _ENOUGH:
            return words
        return tuple(word for word in words if found[word] <= often)

    def _named(self) -> list[Any]:
        """Points for the document or the article that was named."""
        points: list[Any] = []
        for number in self.asked.numbers:
            points.append(self._flat("own", number, 60.0))
            points.append(self._flat("cited", number, 12.0))
        if self.asked.article:
            points.append(self._article())
        return points

    def _spellings(self, word: str) -> list[tuple[str, float]]:
        """The word; where nothing has it, the words it may be the beginning of."""
        if len(word) < 2 or any(
            self.searcher.doc_freq(name, word) for name in ("body", "title", "heading")
        ):
            return [(word, 1.0)]
        near = self.searcher.terms_with_prefix("body", word, limit=200)
        near.sort(key=lambda pair: -pair[1])
        return [(term, 0.6) for term, _ in near[:6]] or [(word, 1.0)]

    def _article(self) -> Any:
        """«Điều 12 luật đất đai»: the article, and most words of the law's name in its title."""
        asked = self.asked
        article = self._flat("article", asked.article, 1.0)
        if not asked.law and not asked.numbers:
            return self._flat("article", asked.article, 2.0)
        names: list[Any] = [self._flat("title", word, 4.0) for word in dict.fromkeys(asked.law)]
        names += [self._flat("own", number, 40.0) for number in asked.numbers]
        least = max(1, round(len(names) * 0.6)) if asked.law else 1
        name = tantivy.Query.boolean_query(
            [(_SHOULD, query) for query in names], minimum_number_should_match=least
        )
        both = tantivy.Query.boolean_query([(_MUST, article), (_MUST, name)])
        return tantivy.Query.boost_query(both, 3.0)

    def _phrase(self, phrase: tuple[str, ...]) -> Any:
        fields = ("body", "heading", "title")
        if len(phrase) == 1:
            return self._any(self._term(name, phrase[0]) for name in fields)
        return self._any(
            tantivy.Query.phrase_query(self.schema, name, list(phrase)) for name in fields
        )

    def _filters(self) -> Iterator[Any]:
        filters = self.filters
        councils = {"-", filters.council or "-"}
        if sum(self.searcher.doc_freq("council", c) for c in councils) < self.searcher.num_docs:
            yield self._one_of("council", councils)  # a filter everybody passes is dear
        if filters.sources:
            yield self._one_of("source", filters.sources)
        if filters.kinds:
            yield self._one_of("kind", filters.kinds)
        if filters.year:
            yield self._flat("year", filters.year, 0.0)
        if filters.sessions is not None:
            yield self._one_of("session", filters.sessions or {"-"})
        for word in analysis.folded(analysis.words(filters.issuer)):
            yield self._flat("issuer", word, 0.0)
        if filters.number:
            tokens = analysis.number_tokens(filters.number) or [fold(filters.number)]
            yield self._flat("own", tokens[0], 0.0)

    def _one_of(self, name: str, values: Iterable[str]) -> Any:
        return tantivy.Query.const_score_query(
            self._any(self._term(name, value) for value in sorted(values)), 0.0
        )

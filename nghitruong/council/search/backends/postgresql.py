"""PostgreSQL as its own engine: our folded words in a ``tsvector`` with positions, under GIN.

No dictionary of PostgreSQL sees the text: words come from ``analysis``, so both engines find the
same. ``words`` holds the folded words of the text with their places, «+dat» and «*dat» where they
weigh much, «#12/2025/nq-hdnd» for numbers; ``head`` those of title and heading, and «dat_dai» for
words side by side: one syllable says little in Vietnamese. The rare words of a question choose at
most 200 candidates (how rare is known from the column's own statistics), which are then weighed
here by BM25 and by the pairs.

Nothing is created or dropped at run time: the table comes from a migration, a rebuild is one
transaction, so searches see the old rows until it commits.
"""

from __future__ import annotations

import math
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, Final

from django.db import connection, transaction

from nghitruong.council.search import analysis
from nghitruong.council.search.analysis import Asked, plain
from nghitruong.council.search.backends import LAYOUT
from nghitruong.council.search.models import SearchIndex
from nghitruong.council.search.passages import Filters, Hit, Passage
from nghitruong.lib.text import fold, nfc

_COLUMNS: Final = (
    "key",
    "source",
    "object",
    "part",
    "version",
    "council",
    "kind",
    "issuer",
    "issuer_fold",
    "year",
    "session",
    "number",
    "own",
    "article",
    "place",
    "title",
    "heading",
    "body",
    "words",
    "head",
)
_SHOWN: tuple[str, ...] = (*_COLUMNS[:8], "year", "session", "number", "article", "place", "title")
_SHOWN += ("heading", "body")
_MOST_PLACES: Final = 255  # of one word, PostgreSQL's own limit
_LAST_PLACE: Final = 16382
_CANDIDATES: Final = 150
_IN_HEAD: Final = 8  # words of a question looked for in titles, the rarest
_COMMON: Final = 0.2  # a word in more passages than this chooses nobody while there are rarer ones
_AT_LEAST: Final = 4  # words choose, common or not
_PAIR: Final = 5.0  # as rare as two words of the question side by side are taken to be
_AVERAGE: Final = 1500.0  # characters of a passage
# How much a word weighs in a passage (BM25 without the rarity, 0 to 2.2) is known when the passage
# is written, so steps of it stand in the index beside the word and the rows need not be opened to
# choose among them: the mark, from where on it stands, what it adds to the word's own 0.9.
_STEPS: Final = (("+", 1.25, 0.45), ("*", 1.65, 0.35))
# A word's passages are taken from its index. The planner does not know what opening a tsvector
# costs (they are large and lie aside of their rows) and would read them all: 1 s for «của». Workers
# cost a small machine more than they bring.
_PLAN: Final = (
    "SET LOCAL enable_seqscan = off",
    "SET LOCAL max_parallel_workers_per_gather = 0",
    "SET LOCAL jit = off",
)


def tsvector(places: dict[str, list[int]], plain_lexemes: Iterable[str] = ()) -> str:
    """The text form of a tsvector. Lexemes hold letters, digits and «+*_#/-»: nothing to quote."""
    parts = [
        f"'{word}':{','.join(map(str, at[:_MOST_PLACES]))}" for word, at in places.items() if word
    ]
    parts += [f"'{lexeme}'" for lexeme in plain_lexemes]
    return " ".join(parts)


def _places(tokens: list[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, token in enumerate(tokens, start=1):
        places.setdefault(token, []).append(min(place, _LAST_PLACE))
    return places


def _safe(lexeme: str) -> str:
    return lexeme.replace("'", "").replace("\\", "")[:200]


def _row(passage: Passage) -> tuple[Any, ...]:
    text = nfc(passage.text).replace("\x00", " ")
    flat = analysis.folded(analysis.words(text))
    above = analysis.words(passage.title) + analysis.words(passage.heading)
    named = analysis.folded(above)
    length = _length(text)
    extra = [
        f"{mark}{word[:200]}"
        for word, times in Counter(flat).items()
        for mark, least, _ in _STEPS
        if _saturated(times, length) >= least
    ]
    extra += [f"#{_safe(number)}" for number in analysis.cited_numbers(text)]
    return (
        passage.key,
        passage.source,
        passage.object,
        passage.part,
        passage.version,
        passage.council,
        passage.kind,
        passage.issuer,
        f" {' '.join(analysis.folded(analysis.words(passage.issuer)))} ",
        passage.year,
        passage.session,
        passage.number,
        analysis.number_tokens(passage.number) if passage.number else [],
        passage.article.lower(),
        passage.place,
        passage.title,
        passage.heading,
        text,
        tsvector(_places([word[:200] for word in flat]), extra),
        tsvector(_places(named), {f"{a}_{b}"[:200] for a, b in pairwise(named)}),
    )


class PostgreSQL:
    """The engine inside the main database."""

    name = "postgresql"
    _rarity: tuple[float, dict[str, float]] | None = None

    def ready(self) -> bool:
        """The table was filled by a rebuild of this layout."""
        return SearchIndex.objects.filter(engine=self.name, layout=LAYOUT).exists()

    # Writing -----------------------------------------------------------------------------------

    def put(self, keys: Iterable[str], passages: Iterable[Passage]) -> None:
        """Replace what is known of these rows, in one transaction."""
        with transaction.atomic(), connection.cursor() as cursor:
            # A rebuild that runs meanwhile would not see, and so not delete, what is put here.
            cursor.execute("SELECT pg_advisory_xact_lock_shared(7033)")
            cursor.execute("DELETE FROM search_passage WHERE key = ANY(%s)", [list(keys)])
            self._copy(cursor, passages)

    def rebuild(self, passages: Iterable[Passage]) -> int:
        """Everything anew, in one transaction."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(7033)")
            cursor.execute("DELETE FROM search_passage")
            count = self._copy(cursor, passages)
        with connection.cursor() as cursor:
            # The old rows and the index's list of rows to be sorted in later slow every search.
            vacuum = "" if connection.in_atomic_block else "VACUUM "
            cursor.execute(f"{vacuum}ANALYZE search_passage")
        type(self)._rarity = None
        return count

    @staticmethod
    def _copy(cursor: Any, passages: Iterable[Passage]) -> int:
        count = 0
        into = f"COPY search_passage ({', '.join(_COLUMNS)}) FROM STDIN"
        # A chunk is read before COPY begins: its rows may come over this very connection.
        for chunk in _chunk(passages, 500):
            with cursor.copy(into) as copy:
                for passage in chunk:
                    copy.write_row(_row(passage))
                    count += 1
        return count

    # Reading -----------------------------------------------------------------------------------

    def count(self) -> int:
        """Passages held."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM search_passage")
            return int(cursor.fetchone()[0])

    def _frequencies(self) -> dict[str, float]:
        """In which share of passages the common words stand, as ANALYZE found; kept ten minutes."""
        known = type(self)._rarity
        if known is not None and time.monotonic() - known[0] < 600:
            return known[1]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats"
                " WHERE schemaname = current_schema() AND tablename = 'search_passage'"
                " AND attname = 'words'"
            )
            row = cursor.fetchone()
        shares: dict[str, float] = {}
        if row and row[0]:
            shares = dict(zip(row[0], row[1], strict=False))
        type(self)._rarity = (time.monotonic(), shares)
        return shares

    def search(self, asked: Asked, filters: Filters, *, limit: int, offset: int = 0) -> list[Hit]:
        """Candidates by their rare words, then BM25 over text, title and heading."""
        shares = self._frequencies()
        rare = min(shares.values(), default=0.001) / 2
        words = [(w, shares.get(w, rare)) for w in asked.folds]
        only, given = _conditions(filters)
        branches, values = self._branches(asked, words, bool(shares), " AND ".join(only), given)
        if not branches:
            return []
        must, given = _must(asked)
        wide = max(_CANDIDATES, limit + offset)
        selects = " UNION ALL ".join(branches)
        shown = ", ".join(f"p.{name}" for name in _SHOWN)
        statement = f"""
            SELECT {shown}, c.flat FROM (
              SELECT x.id, sum(x.weight) AS score, sum(x.flat) AS flat
              FROM ({selects}) AS x
              {"WHERE " + " AND ".join(must) if must else ""}
              GROUP BY x.id ORDER BY score DESC, x.id LIMIT {wide:d}
            ) AS c JOIN search_passage p ON p.id = c.id"""  # noqa: S608  # values are parameters
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("; ".join(_PLAN))
            cursor.execute(statement, [*values, *given])
            rows = cursor.fetchall()
        sought = [(plain(word), _idf(share)) for word, share in words]
        hits = [self._weigh(row, sought, asked) for row in rows]
        hits.sort(key=lambda hit: (-hit.score, hit.passage.key, hit.passage.part))
        return hits[offset : offset + limit]

    def _branches(
        self, asked: Asked, words: list[tuple[str, float]], known: bool, only: str, given: list[Any]
    ) -> tuple[list[str], list[Any]]:
        """One SELECT for each thing that earns a passage points."""
        branches: list[str] = []
        values: list[Any] = []

        def add(condition: str, weight: float, flat: float, *arguments: Any) -> None:
            branches.append(
                f"SELECT id, {weight:.3f}::real AS weight, {flat:.1f}::real AS flat"  # noqa: S608
                f" FROM search_passage WHERE ({condition}) AND {only}"
            )
            values.extend([*arguments, *given])

        by_rarity = sorted(words, key=lambda pair: pair[1])
        uncommon = sum(share <= _COMMON for _, share in words)
        least = 2 if asked.names_a_law else _AT_LEAST  # the law's name chooses better
        choosing = by_rarity[: min(max(uncommon, least), 8)]
        for word, share in choosing:
            lexeme = self._lexeme(word, known)
            add("words @@ %s::tsquery", 0.9 * _idf(share), 0.0, lexeme)
            if not lexeme.endswith("*"):
                for mark, _, more in _STEPS:
                    step = f"'{mark}{_safe(word)}'"
                    add("words @@ %s::tsquery", more * _idf(share), 0.0, step)
        for word, share in by_rarity[:_IN_HEAD]:
            add("head @@ %s::tsquery", 1.2 * _idf(share), 0.0, f"'{_safe(word)}'")
        for a, b in asked.adjacent[:8]:
            add("head @@ %s::tsquery", _PAIR, 0.0, f"'{_safe(f'{a}_{b}')}'")
        for number in asked.numbers:
            add("own @> ARRAY[%s]", 90.0, 60.0, number)
            add("words @@ %s::tsquery", 30.0, 12.0, f"'#{_safe(number)}'")
        if asked.article and asked.names_a_law:
            named = [f"'{_safe(word)}'" for word in dict.fromkeys(asked.law)]
            tests = " + ".join(["(head @@ %s::tsquery)::int"] * len(named)) or "0"
            if asked.numbers:
                tests += " + 10 * (own && %s)::int"
            least = max(1, round((len(named) + len(asked.numbers)) * 0.6)) if named else 1
            numbers: list[Any] = [list(asked.numbers)] if asked.numbers else []
            branches.append(
                f"SELECT id, (12 * ({tests}))::real, (12 * ({tests}))::real"  # noqa: S608
                f" FROM search_passage WHERE article = %s AND ({tests}) >= {least:d} AND {only}"
            )
            once = [*named, *numbers]
            values.extend([*once, *once, asked.article, *once, *given])
        for phrase in asked.phrases:
            lexemes = _phrase(phrase)
            add("words @@ %s::tsquery OR head @@ %s::tsquery", 5.0, 0.0, lexemes, lexemes)
        return branches, values

    def _lexeme(self, word: str, known: bool) -> str:
        """The word; where nothing has it, the words it may be the beginning of."""
        lexeme = f"'{_safe(word)}'"
        if len(word) >= 2 and word not in (self._frequencies() if known else {}):
            with connection.cursor() as cursor:
                # Counted, not «the first one»: for one row the planner would read them all.
                cursor.execute(
                    "SELECT count(*) FROM search_passage"
                    " WHERE words @@ %s::tsquery OR head @@ %s::tsquery",
                    [lexeme, lexeme],
                )
                if cursor.fetchone()[0] == 0:
                    lexeme += ":*"
        return lexeme

    @staticmethod
    def _weigh(row: tuple[Any, ...], sought: list[tuple[bytes, float]], asked: Asked) -> Hit:
        about = dict(zip(_SHOWN, row, strict=False))
        passage = Passage(
            source=about["source"],
            object=uuid.UUID(str(about["object"])),
            part=about["part"],
            title=about["title"],
            text=about["body"],
            council=about["council"],
            heading=about["heading"],
            version=about["version"],
            kind=about["kind"],
            issuer=about["issuer"],
            year=about["year"],
            session=about["session"],
            number=about["number"],
            article=about["article"],
            place=about["place"],
        )
        text, title, heading = plain(passage.text), plain(passage.title), plain(passage.heading)
        length = _length(passage.text)
        score = float(row[len(_SHOWN)] or 0)
        for word, rarity in sought:
            weight = _saturated(text.count(word), length)
            score += rarity * (weight + 0.5 * (word in title) + 0.7 * (word in heading))
        for pair in asked.sought_pairs:
            times = text.count(pair)
            score += _PAIR * (_saturated(times, length) / 2 + 0.5 * (pair in title))
            score += _PAIR * 0.7 * (pair in heading)
        return Hit(passage, score or 0.1)


def _length(text: str) -> float:
    """How long a passage is, as BM25 takes it into account (k1 = 1.2, b = 0.75)."""
    return 1.2 * (0.25 + 0.75 * len(text) / _AVERAGE)


def _saturated(times: int, length: float) -> float:
    """What a word's occurrences weigh: the second counts less than the first; 0 to 2.2."""
    return 2.2 * times / (times + length)


def _idf(share: float) -> float:
    return math.log(1 + (1 - min(share, 0.999)) / max(share, 1e-6))


def _chunk(passages: Iterable[Passage], size: int) -> Iterator[list[Passage]]:
    chunk: list[Passage] = []
    for passage in passages:
        chunk.append(passage)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _phrase(phrase: tuple[str, ...]) -> str:
    return " <-> ".join(f"'{_safe(word)}'" for word in phrase)


def _must(asked: Asked) -> tuple[list[str], list[Any]]:
    """Quoted phrases stand in the text or in the title."""
    conditions: list[str] = []
    values: list[Any] = []
    for phrase in asked.phrases:
        conditions.append(
            "x.id IN (SELECT id FROM search_passage"
            " WHERE words @@ %s::tsquery OR head @@ %s::tsquery)"
        )
        values += [_phrase(phrase)] * 2
    return conditions, values


def _conditions(filters: Filters) -> tuple[list[str], list[Any]]:
    conditions = ["council = ANY(%s)"]
    values: list[Any] = [list({"", filters.council})]

    def need(condition: str, value: Any) -> None:
        conditions.append(condition)
        values.append(value)

    if filters.sources:
        need("source = ANY(%s)", sorted(filters.sources))
    if filters.kinds:
        need("kind = ANY(%s)", sorted(filters.kinds))
    if filters.year:
        need("year = %s", filters.year)
    if filters.sessions is not None:
        need("session = ANY(%s)", sorted(filters.sessions) or ["-"])
    for word in analysis.folded(analysis.words(filters.issuer)):
        need("position(%s in issuer_fold) > 0", f" {word} ")
    if filters.number:
        tokens = analysis.number_tokens(filters.number) or [fold(filters.number)]
        need("own @> ARRAY[%s]", tokens[0])
    return conditions, values

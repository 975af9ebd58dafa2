"""What changed between two texts, word by word, by article and paragraph.

Typography is no change: quotation marks, dashes, spacing, hyphens at line ends, page heads and
numbers, «òa» or «oà», NFC or NFD, «./.» or «.», a heading in capitals. Everything else is, be it
one comma: a comma in a resolution is law. Words that differ by a capital letter only («trung ương»,
«Trung ương») are listed apart in `Comparison.capitals`.

Articles are found first (`lib.articles`) and aligned by what they say, then by their number, so
an article inserted in the middle does not turn everything after it red; an article that stands
somewhere else is «moved». A text without articles is compared as one.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace

from nghitruong.lib.articles import Article
from nghitruong.lib.redline.align import Unit, pair
from nghitruong.lib.redline.align import likeness as _likeness
from nghitruong.lib.redline.diff import Span, changes, longest_rising
from nghitruong.lib.redline.letterhead import letterheads
from nghitruong.lib.redline.tokens import SOFT, Words, words_of

__all__ = ["Capital", "Change", "Comparison", "Paragraph", "Segment", "compare", "likeness"]

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words (spaces between runs are runs of their own): `op` is same, ins or del."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its changes; `skipped` unchanged paragraphs were left out before it."""

    segments: tuple[Segment, ...]
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One article, heading or other part that differs.

    `old_key`/`new_key` are article numbers (empty where the part is not there). `moved`: it stands
    at another place among the others. `places`: «khoản 2», «điểm a khoản 3», where the words
    differ. `paragraphs` ends with `rest` unchanged ones left out.
    """

    kind: str
    status: str
    old_key: str
    new_key: str
    heading: str
    moved: bool
    paragraphs: tuple[Paragraph, ...]
    places: tuple[str, ...] = ()
    rest: int = 0
    inserted: int = 0
    deleted: int = 0

    @property
    def renumbered(self) -> bool:
        return bool(self.old_key and self.new_key and self.old_key != self.new_key)


@dataclass(frozen=True, slots=True)
class Capital:
    """The same words with other capital letters, and the article they stand in (its number)."""

    article: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes in the order of the new text, removed parts where they stood."""

    changes: list[Change] = field(default_factory=list)
    articles: int = 0  # in the new text
    unchanged: int = 0
    inserted: int = 0  # words
    deleted: int = 0
    old_to_new: dict[str, str] = field(default_factory=dict)  # article numbers, every pair
    capitals: list[Capital] = field(default_factory=list)

    @property
    def identical(self) -> bool:
        """Whether no word differs: typography and capital letters aside."""
        return not self.changes


def compare(old_text: str, new_text: str, *, context: int = 1) -> Comparison:
    """Compare two texts; `context` unchanged paragraphs are kept on either side of a change."""
    old, new = words_of(old_text), words_of(new_text)
    old_units, new_units = _units(old), _units(new)
    pairs: list[tuple[Unit, Unit]] = []
    for kind in ("opening", "division", "article", "closing", "text"):
        ours = [u for u in old_units if u.kind == kind]
        theirs = [u for u in new_units if u.kind == kind]
        pairs += [(ours[i], theirs[k]) for i, k in pair(ours, theirs, old.keys, new.keys)]
    partner = {id(b): a for a, b in pairs}
    gone = {id(a) for a, _b in pairs}
    moved = _moved(pairs, old_units)
    found: list[tuple[tuple[int, int], Change]] = []
    place = 0  # where the last pair stood in the old text: removed parts are listed after it
    order: dict[int, int] = {}
    unchanged = 0
    capitals: list[Capital] = []
    for position, unit in enumerate(new_units):
        before = partner.get(id(unit))
        change: Change | None
        if before is None:
            change = _whole(unit, new, "ins")
        else:
            order[id(before)] = position
            spans = _spans(before, unit, old, new, capitals)
            change = _differs(
                before, unit, old, new, spans, moved=id(unit) in moved, context=context
            )
            unchanged += change is None and unit.kind == "article"
        if change:
            found.append(((position, 1), change))
    place = -1
    for unit in old_units:
        place = order.get(id(unit), place)
        if id(unit) not in gone:
            change = _whole(unit, old, "del")
            if change:
                found.append(((place, 2), change))
    found.sort(key=lambda entry: entry[0])
    listed = [change for _place, change in found]
    return Comparison(
        changes=listed,
        articles=sum(unit.kind == "article" for unit in new_units),
        unchanged=unchanged,
        inserted=sum(change.inserted for change in listed),
        deleted=sum(change.deleted for change in listed),
        old_to_new={a.key: b.key for a, b in pairs if a.kind == "article"},
        capitals=capitals,
    )


def likeness(one: str, other: str) -> float:
    """How much of two passages is the same words in the same order (0…1), typography aside."""
    return _likeness(words_of(one).keys, words_of(other).keys)


def _units(words: Words) -> list[Unit]:
    """The parts of a text in order; together they hold every word once."""
    legal = words.legal
    heads: list[tuple[int, int, str, str, str]] = [
        (d.start, d.end, "division", d.label, d.heading) for d in legal.divisions
    ]
    heads += [(a.start, a.end, "article", a.key, a.heading) for a in legal.articles]
    heads.sort()
    if not legal.articles:
        return [Unit("text", "", "", 0, 0, len(words.keys))]
    units: list[Unit] = []
    at = 0
    loose = 0

    def around(stop: int) -> None:
        nonlocal at, loose
        if stop > at:
            kind = "opening" if not units else "closing"
            units.append(Unit(kind, f"{kind}{loose}", "", at, at, stop))
            loose += 1
        at = max(at, stop)

    for start, end, kind, key, heading in heads:
        first = bisect_left(words.starts, start)
        stop = bisect_left(words.starts, end)
        around(first)
        inside = first + 2 if kind in ("article", "division") else first  # «Điều 5»
        if inside < stop and words.keys[inside] in (".", ":", "-"):
            inside += 1
        units.append(Unit(kind, key, heading, first, min(inside, stop), stop))
        at = stop
    around(len(words.keys))
    return units


def _moved(pairs: list[tuple[Unit, Unit]], old_units: list[Unit]) -> set[int]:
    """ids of the new articles that stand at another place among the articles that stayed."""
    articles = sorted(
        ((a, b) for a, b in pairs if a.kind == "article"), key=lambda both: both[1].first
    )
    kept = set(longest_rising([a.first for a, _b in articles]))
    return {id(b) for n, (_a, b) in enumerate(articles) if n not in kept}


def _whole(unit: Unit, words: Words, op: str) -> Change | None:
    """A part that is only in one of the texts."""
    paragraphs, size = [], unit.end - unit.first
    if not size or not any(k.isalnum() for k in words.keys[unit.first : unit.end]):
        return None
    at = unit.first
    for k in range(unit.first + 1, unit.end + 1):
        if k == unit.end or words.first[k]:
            paragraphs.append(Paragraph((Segment(op, words.written(at, k)),)))
            at = k
    added = op == "ins"
    return Change(
        unit.kind,
        ADDED if added else REMOVED,
        "" if added else unit.key,
        unit.key if added else "",
        unit.heading,
        False,
        tuple(paragraphs),
        inserted=size if added else 0,
        deleted=0 if added else size,
    )


def _spans(a: Unit, b: Unit, old: Words, new: Words, capitals: list[Capital]) -> list[Span]:
    """The words of two parts that differ; what differs by a capital only goes to `capitals`."""
    ours, theirs = old.keys[a.start : a.end], new.keys[b.start : b.end]
    if ours == theirs:
        return []
    if not a.start and not b.start:
        a, b = (replace(u, start=n) for u, n in zip((a, b), letterheads(old, new), strict=True))
        ours, theirs = old.keys[a.start : a.end], new.keys[b.start : b.end]
    spans: list[Span] = []
    found = changes(ours, theirs)
    for n, (i, j, k, m) in enumerate(found):
        if (i == j) != (k == m):  # put in or taken out: as a whole paragraph where it can be one
            low = found[n - 1] if n else (0, 0, 0, 0)
            high = found[n + 1] if n + 1 < len(found) else (len(ours), 0, len(theirs), 0)
            room = i - low[1], high[0] - j
            by = (
                _slide(ours, old.first[a.start : a.end], i, j, room)
                if j > i
                else _slide(theirs, new.first[b.start : b.end], k, m, room)
            )
            i, j, k, m = i + by, j + by, k + by, m + by
        span = (i + a.start, j + a.start, k + b.start, m + b.start)
        mine, other = _solid(old, span[0], span[1]), _solid(new, span[2], span[3])
        if mine == other:
            continue
        if mine.casefold() != other.casefold():
            spans.append(span)
        elif not (_shouted(old, span[0], span[1]) or _shouted(new, span[2], span[3])):
            key = b.key if b.kind == "article" else ""
            capitals.append(
                Capital(key, old.written(span[0], span[1]), new.written(span[2], span[3]))
            )
    return spans


def _slide(keys: list[str], first: list[bool], start: int, end: int, room: tuple[int, int]) -> int:
    """How far the words start..end can be shifted, the rest staying the same, to begin a paragraph.

    «A. [B.] C.» and «A[. B]. C.» take out the same words; the first is what a person did.
    """
    back = forth = 0
    if first[start]:
        return 0
    while back < room[0] and keys[start - back - 1] == keys[end - back - 1]:
        back += 1
        if first[start - back]:
            return -back
    while forth < room[1] and keys[start + forth] == keys[end + forth]:
        forth += 1
        if first[start + forth]:
            return forth
    return 0


def _differs(
    a: Unit,
    b: Unit,
    old: Words,
    new: Words,
    spans: list[Span],
    *,
    moved: bool,
    context: int,
) -> Change | None:
    """How a part differs from what it was; None when nothing but typography does."""
    if not spans and not moved and (a.key == b.key or a.kind != "article"):
        return None
    paragraphs, rest = _paragraphs(a, b, old, new, spans, context) if spans else ((), 0)
    return Change(
        b.kind,
        CHANGED if spans else SAME,
        a.key,
        b.key,
        b.heading,
        moved,
        paragraphs,
        _places(a, b, old, new, spans) if b.kind == "article" else (),
        rest,
        inserted=sum(m - k for _i, _j, k, m in spans),
        deleted=sum(j - i for i, j, _k, _m in spans),
    )


def _solid(words: Words, i: int, j: int) -> str:
    """The words without spaces, but for a space that parts two numbers («10 5» is not «105»)."""
    parts: list[str] = []
    for k in range(i, j):
        key = words.keys[k]
        if key == SOFT:
            continue
        if parts and parts[-1][-1].isdecimal() and key[0].isdecimal():
            parts.append(" ")
        parts.append(key)
    return "".join(parts)


def _shouted(words: Words, i: int, j: int) -> bool:
    """Whether the words stand in a heading in capitals."""
    start, end = i, j
    while start > 0 and not words.first[start]:
        start -= 1
    while end < len(words.keys) and not words.first[end]:
        end += 1
    text = words.text[words.starts[start] : words.ends[end - 1]] if end > start else ""
    return text.isupper()


def _paragraphs(
    a: Unit, b: Unit, old: Words, new: Words, spans: list[Span], context: int
) -> tuple[tuple[Paragraph, ...], int]:
    """The part as paragraphs of the new text with its deletions, unchanged ones left out."""
    rows: list[list[Segment]] = [[]]

    def put(op: str, words: Words, start: int, stop: int) -> None:
        at = start
        for k in range(start, stop + 1):
            if k == stop or (words.first[k] and k > at):
                if k > at:
                    if words.first[at] and rows[-1]:
                        rows.append([])
                    if rows[-1] and words.gap(at):  # the space itself is neither put in nor out
                        rows[-1].append(Segment("same", " "))
                    rows[-1].append(Segment(op, words.written(at, k)))
                at = k

    at = b.first
    for i, j, k, m in spans:
        put("same", new, at, k)
        put("del", old, i, j)
        put("ins", new, k, m)
        at = m
    put("same", new, at, b.end)
    changed = [any(segment.op != "same" for segment in row) for row in rows]
    keep = [
        any(changed[max(0, n - context) : n + context + 1]) or (n == 0 and b.kind == "article")
        for n in range(len(rows))
    ]
    out: list[Paragraph] = []
    skipped = 0
    for row, kept in zip(rows, keep, strict=True):
        if kept and row:
            out.append(Paragraph(tuple(row), skipped))
            skipped = 0
        else:
            skipped += 1
    return tuple(out), skipped


def _places(a: Unit, b: Unit, old: Words, new: Words, spans: list[Span]) -> tuple[str, ...]:
    """«khoản 2», «điểm a khoản 3»: where the words differ, in order, each once."""
    ours = next((x for x in old.legal.articles if x.key == a.key), None)
    theirs = next((x for x in new.legal.articles if x.key == b.key), None)
    found: dict[str, None] = {}
    for i, j, k, m in spans:
        if m > k and theirs:
            touched = _inside(theirs, new.starts[k], new.ends[m - 1])
        elif ours:
            touched = _inside(ours, old.starts[i], old.ends[j - 1])
        else:
            touched = []
        found.update(dict.fromkeys(touched))
    return tuple(found)


def _inside(article: Article, start: int, end: int) -> list[str]:
    labels: list[str] = []
    for clause in article.clauses:
        if clause.start < end and start < clause.end:
            points = [p for p in clause.points if p.start < end and start < p.end]
            if points and clause.points[0].start <= start:
                labels += [f"điểm {p.letter} khoản {clause.number}" for p in points]
            else:
                labels.append(f"khoản {clause.number}")
    if not article.clauses:
        labels += [f"điểm {p.letter}" for p in article.points if p.start < end and start < p.end]
    return labels

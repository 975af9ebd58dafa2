"""Filling the library from a data folder. A text that did not change is left alone."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from nghitruong.council.search.models import Corpus, Law, LawArticle
from nghitruong.lib import articles as lib_articles
from nghitruong.lib.text import nfc

_CHUNK: Final = 400
_NUMBERED_KIND: Final = re.compile(r"^(.{3,40}?) số [^\s]*\d[^\s]*\s+(.+)$", re.S)
_SOURCE_NUMBER: Final = re.compile(r"số\s+(\d[\w./-]*\w)")
_END_OF_TITLE: Final = re.compile(
    r"^(căn cứ|điều \d|chương |phần |theo đề nghị|quốc hội|ủy ban thường vụ|chính phủ|_{3,}|-{3,}"
    r"|xét )",
    re.I,
)


@dataclass
class Part:
    """An article to be stored."""

    number: str
    heading: str
    text: str


@dataclass
class Text:
    """A text to be stored."""

    corpus: str
    number: str
    kind: str
    title: str
    issuer: str = ""
    issued: date | None = None
    effective: date | None = None
    status: str = ""
    url: str = ""
    parts: list[Part] = field(default_factory=list)

    def digest(self) -> str:
        """Changes when anything of it does."""
        about = [self.kind, self.title, self.issuer, str(self.issued), str(self.effective)]
        about += [self.status, self.url]
        whole = json.dumps(about + [[p.number, p.heading, p.text] for p in self.parts])
        return hashlib.sha256(whole.encode()).hexdigest()


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None


def _clean(text: str, most: int) -> str:
    return " ".join(nfc(text).split())[:most]


def _parts_of(text: str) -> list[Part]:
    """What stands before the first article, then each article without its heading line."""
    found = lib_articles.parse(text)
    if not found:
        return [Part("", "", text.strip())]
    parts = []
    if text[: found[0].start].strip():
        parts.append(Part("", "", text[: found[0].start].strip()))
    for article in found:
        body = text[article.start : article.end].strip()
        if body:
            parts.append(Part(str(article.number)[:20], _clean(article.heading, 1000), body))
    return parts


def _sentence(title: str) -> str:
    """A title printed in capitals as it is written in a sentence."""
    if not title.isupper():
        return title
    title = title.capitalize()
    for name in ("Quốc hội", "Hội đồng nhân dân", "Ủy ban nhân dân", "Chính phủ", "HĐND", "UBND"):
        title = title.replace(name.lower(), name)
    return title


def title_in(text: str, kind: str) -> str:
    """The title as printed under «NGHỊ ĐỊNH», up to «Căn cứ»; empty when it is not found."""
    lines = [line.strip() for line in nfc(text[:6000]).splitlines()]
    wanted = kind.upper()
    for place, line in enumerate(lines):
        if line.upper() != wanted:
            continue
        title: list[str] = []
        for following in lines[place + 1 : place + 14]:
            if _END_OF_TITLE.match(following):
                break
            if following:
                title.append(following)
        if title:
            return _sentence(_clean(" ".join(title), 900))
    return ""


def rules(folder: Path) -> Iterator[Text]:
    """``rules/``: the texts about councils, whole."""
    with open(folder / "rules" / "index.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        text = nfc((folder / "rules" / row["file"]).read_text(encoding="utf-8"))
        title = title_in(text, row["kind"]) or _clean(row["title"].split(" Căn cứ ")[0], 900)
        title = title if title.lower().startswith(row["kind"].lower()) else f"{row['kind']} {title}"
        yield Text(
            Corpus.RULES,
            row["number"],
            row["kind"],
            title,
            issued=_day(row["issued"]),
            effective=_day(row["effective"]),
            status=row["status"],
            url=row["url"],
            parts=_parts_of(text),
        )


def whole_documents(folder: Path) -> Iterator[Text]:
    """``corpus/vbpl_docs_2025_2026``: 574 documents, some not NFC at the source."""
    with gzip.open(folder / "corpus" / "vbpl_docs_2025_2026.jsonl.gz", "rt") as file:
        for line in file:
            row = json.loads(line)
            text = nfc(row["text"])
            title = title_in(text, row["kind"])
            yield Text(
                Corpus.WHOLE,
                nfc(row["doc_no"])[:60],
                row["kind"],
                f"{row['kind']} {title or row['doc_no']}",
                issued=_day(row["issued"]),
                effective=_day(row["effective"]),
                status=row["status"] or "",
                url=row["url"][:600],
                parts=_parts_of(text),
            )


def _without_number(title: str) -> str:
    """«Bộ luật số 45/2019/QH14 Bộ Luật lao động» → «Bộ Luật lao động»."""
    match = _NUMBERED_KIND.match(title)
    if match is None:
        return title
    kind, name = match.groups()
    return name if name.lower().startswith(kind.lower()) else f"{kind} {name}"


def codification(folder: Path) -> Iterator[Text]:
    """``corpus/phapdien_articles``: articles of the codification, brought together by document."""
    with open(folder / "corpus" / "phapdien_documents.csv", encoding="utf-8", newline="") as file:
        known = {row["doc_no"]: row for row in csv.DictReader(file)}
    texts: dict[tuple[str, str], Text] = {}
    with gzip.open(folder / "corpus" / "phapdien_articles.jsonl.gz", "rt") as file:
        for line in file:
            row = json.loads(line)
            number = nfc(row["doc_no"] or "")
            if "/" not in number:  # «liên», «10»: cut short at the source; it says it in full
                match = _SOURCE_NUMBER.search(row["source"] or "")
                number = match.group(1) if match else ""
            about = known.get(number) or known.get(row["doc_no"] or "")
            kind = row["doc_kind"] or "Văn bản"
            if about:
                title = _without_number(_clean(about["title"], 1000))
            else:
                title = f"{kind} {_clean(row['topic'], 500)}"
            key = (number, title)
            text = texts.get(key)
            if text is None:
                text = texts[key] = Text(
                    Corpus.CODE,
                    number[:60],
                    kind.capitalize(),
                    title[:1000],
                    issuer=_clean(about["issuer"], 200) if about else "",
                    issued=_day(about["issued"]) if about else None,
                    effective=_day(row["effective"]),
                    status="trích pháp điển",
                )
            body = nfc(row["text"])
            article = str(row["article"] or "")[:20]
            text.parts.append(Part(article, _clean(row["title"] or "", 1000), body))
    yield from texts.values()


def resolutions(folder: Path) -> Iterator[Text]:
    """``corpus/nq_hdnd_2017``: 94 resolutions of 16 provinces."""
    with open(folder / "corpus" / "nq_hdnd_2017.jsonl", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            title = _sentence(_clean(row["title"] or row["file"], 900))
            yield Text(
                Corpus.RESOLUTIONS,
                nfc(row["no"] or "")[:60],
                "Nghị quyết",
                f"Nghị quyết {title}",
                issuer=_clean(row["council"] or "", 200),
                issued=_day(row["passed"]),
                parts=_parts_of(nfc(row["text"])),
            )


READERS: Final[dict[str, Callable[[Path], Iterator[Text]]]] = {
    Corpus.RULES: rules,
    Corpus.WHOLE: whole_documents,
    Corpus.CODE: codification,
    Corpus.RESOLUTIONS: resolutions,
}


@dataclass
class Report:
    """What a run did."""

    texts: int = 0
    articles: int = 0
    unchanged: int = 0
    gone: int = 0


def load(folder: Path, corpora: list[str] | None = None) -> Report:
    """Bring the library to what the folder says, corpus by corpus, in small transactions."""
    report = Report()
    for corpus in corpora or list(READERS):
        _load_corpus(corpus, READERS[corpus](folder), report)
    return report


def _load_corpus(corpus: str, texts: Iterator[Text], report: Report) -> None:
    have: dict[tuple[str, str, str], list[uuid.UUID]] = defaultdict(list)
    for pk, number, title, digest in Law.objects.filter(corpus=corpus).values_list(
        "pk", "number", "title", "digest"
    ):
        have[number, title, digest].append(pk)
    waiting: list[tuple[Law, list[Part]]] = []
    size = 0
    for text in texts:
        digest = text.digest()
        same = have.get((text.number, text.title, digest))
        if same:
            same.pop()
            report.unchanged += 1
            continue
        about: dict[str, Any] = {
            name: getattr(text, name)
            for name in ("number", "kind", "title", "issuer", "issued", "effective", "status")
        }
        law = Law(corpus=corpus, url=text.url, digest=digest, **about)
        waiting.append((law, text.parts))
        size += len(text.parts)
        if size >= _CHUNK:
            _store(waiting, report)
            waiting, size = [], 0
    _store(waiting, report)
    gone = [pk for rest in have.values() for pk in rest]
    for start in range(0, len(gone), 200):
        with transaction.atomic():
            LawArticle.objects.filter(law__in=gone[start : start + 200]).delete()
            Law.objects.filter(pk__in=gone[start : start + 200]).delete()
    report.gone += len(gone)


def _store(waiting: list[tuple[Law, list[Part]]], report: Report) -> None:
    with transaction.atomic():
        Law.objects.bulk_create([law for law, _ in waiting])
        rows = [
            LawArticle(
                law=law, order=order, number=part.number, heading=part.heading, text=part.text
            )
            for law, parts in waiting
            for order, part in enumerate(parts, start=1)
        ]
        LawArticle.objects.bulk_create(rows, batch_size=500)
    report.texts += len(waiting)
    report.articles += len(rows)

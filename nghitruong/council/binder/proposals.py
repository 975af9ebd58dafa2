"""From what a file says of itself to the description of a paper and its place on the agenda."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from nghitruong.council.binder.sessions import Item
from nghitruong.council.papers.models import PaperKind
from nghitruong.lib.filing import Proposal, item_hint, match_item
from nghitruong.lib.filing import propose as propose_text
from nghitruong.lib.text import fold

# Symbol of the document → what it is among a session's papers.
KINDS: Final = {
    "TTr": PaperKind.SUBMISSION,
    "ĐA": PaperKind.PROPOSAL,
    "DA": PaperKind.PROPOSAL,
    "PA": PaperKind.PROPOSAL,
    "BC": PaperKind.REPORT,
    "BCTT": PaperKind.VERIFICATION,
    "CTr": PaperKind.PROGRAMME,
    "TB": PaperKind.NOTICE,
    "GM": PaperKind.NOTICE,
    "GTT": PaperKind.NOTICE,
    "CV": PaperKind.NOTICE,
    "DS": PaperKind.NAMES,
    "BTH": PaperKind.VOTERS,
}
# Words that say more than the symbol does, in the order they are tried.
_WORDS: Final = (
    (("giai trinh, tiep thu", "tiep thu, giai trinh", "giai trinh tiep thu"), PaperKind.RESPONSE),
    (("bao cao tham tra", "tham tra"), PaperKind.VERIFICATION),
    (("kien nghi cua cu tri", "kien nghi cu tri", "y kien cu tri"), PaperKind.VOTERS),
    (("chuong trinh ky hop", "chuong trinh lam viec", "du kien chuong trinh"), PaperKind.PROGRAMME),
    (("danh sach dai bieu", "danh sach khach", "so do cho ngoi", "so do bo tri"), PaperKind.NAMES),
)  # fmt: skip


def kind_of(found: Proposal, *texts: str) -> str:
    """The kind of paper; «Tài liệu tra cứu» for law already in force, "" when nothing tells."""
    folded = " ".join(
        fold(text).replace("_", " ").replace("-", " ") for text in (found.title, *texts)
    )
    flat = " ".join(folded.split())
    for words, kind in _WORDS:
        if any(word in flat for word in words) and found.kind in (
            "",
            "BC",
            "BCTT",
            "CTr",
            "DS",
            "BTH",
            "TB",
        ):
            return kind
    if found.draft or (found.kind == "NQ" and not found.number):
        return PaperKind.DRAFT
    if found.kind in KINDS:
        return KINDS[found.kind]
    return PaperKind.REFERENCE if found.kind else ""


def item_of(texts: Sequence[str], folder: str, items: Sequence[Item]) -> uuid.UUID | None:
    """The item a file is for: what the innermost folder says, then its own words."""
    titles = [item.title for item in items]
    for part in reversed(folder.split("/") if folder else []):
        hint = item_hint(part)
        if hint.ordinal is not None and 1 <= hint.ordinal <= len(items):
            found = match_item([hint.words], titles)
            if found is not None or not hint.words:
                return items[found if found is not None else hint.ordinal - 1].id
            if "noi dung" in fold(part) or "muc" in fold(part):
                return items[hint.ordinal - 1].id
        if (at := match_item([part], titles)) is not None:
            return items[at].id
    at = match_item(texts, titles)
    return items[at].id if at is not None else None


def read(name: str, folder: str, texts: Sequence[str]) -> Proposal:
    """What the file says of itself: its name, its folders, its first pages and its last ones.

    A page of stamps or a cover before the head does not hide it: the first three pages are read.
    """
    folders = [part for part in folder.split("/") if part]
    found = propose_text(name, texts[0] if texts else "", folders=folders, ending=ending(texts))
    for more in texts[1:3]:
        if found.sources.get("number") or found.sources.get("issuer") == "text":
            break
        again = propose_text(name, more, folders=folders, ending=ending(texts))
        if "text" in again.sources.get("number", ""):
            return again
    return found


def ending(texts: Sequence[str]) -> str:
    """The last three pages: where «thông qua ngày …» stands."""
    return "\n".join(texts[-3:])


def describe(name: str, folder: str, texts: Sequence[str], items: Sequence[Item]) -> dict[str, Any]:
    """Fields of an import's row: kind, title, number, issuer, dated, item_id, sources."""
    found = read(name, folder, texts)
    dated: date | None = found.dated
    return {
        "kind": kind_of(found, name, folder),
        "title": found.title[:500],
        "number": found.number[:60],
        "issuer": found.issuer[:200],
        "dated": dated,
        "item_id": item_of([found.title, name], folder, items),
        "sources": dict(found.sources),
    }

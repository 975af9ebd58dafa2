"""From what a file says of itself to the description of a paper and its place on the agenda."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from nghitruong.council.binder.sessions import Asked, Item
from nghitruong.council.councils.models import Council, Organization
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


def _short(name: str) -> str:
    """A body's name folded, with the usual short forms: «UBND», «HĐND»."""
    short = fold(" ".join(name.split()))
    return short.replace("uy ban nhan dan", "ubnd").replace("hoi dong nhan dan", "hdnd")


def body_of(issuer: str, council: Council) -> Organization | None:
    """The council's body that an issuer's name means: «Sở Xây dựng tỉnh Lào Cai» is its
    «Sở Xây dựng». None when two could be meant."""
    name = _short(issuer)
    if not name:
        return None
    place = set(_short(council.name).split())
    found: list[Organization] = []
    for body in Organization.objects.filter(council=council):
        own = _short(body.name)
        if own == name:
            return body
        short, long = sorted((own, name), key=len)
        if long.startswith(f"{short} ") and set(long[len(short) :].split()) <= place:
            found.append(body)
    return found[0] if len(found) == 1 else None


def ask_of(
    body: uuid.UUID | None, kind: str, item: uuid.UUID | None, asked: Sequence[Asked]
) -> uuid.UUID | None:
    """What was asked of this body that the paper can be; None when several could be meant."""
    fits = [one for one in asked if one.body_id == body and one.kind == kind]
    same = [one for one in fits if item is not None and one.item_id == item]
    fits = same or [one for one in fits if item is None or one.item_id is None]
    return fits[0].id if len(fits) == 1 else None


def describe(
    name: str,
    folder: str,
    texts: Sequence[str],
    items: Sequence[Item],
    council: Council,
    asked: Sequence[Asked] = (),
) -> dict[str, Any]:
    """Fields of an import's row: kind, title, number, issuer, body, dated, item, ask, sources."""
    found = read(name, folder, texts)
    dated: date | None = found.dated
    kind, body = kind_of(found, name, folder), body_of(found.issuer, council)
    item = item_of([found.title, name], folder, items)
    return {
        "kind": kind,
        "title": found.title[:500],
        "number": found.number[:60],
        "issuer": found.issuer[:200],
        "dated": dated,
        "body": body,
        "item_id": item,
        "ask_id": ask_of(body.pk if body else None, kind, item, asked),
        "sources": dict(found.sources),
    }

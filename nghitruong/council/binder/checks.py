"""What is wrong with a set of papers seen as a whole. Everything here is computed, never stored."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nghitruong.council.binder.models import ImportFile
from nghitruong.council.binder.sessions import Item
from nghitruong.council.binder.trees import REQUIRED, TREES
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.lib.filing import missing_annexes
from nghitruong.lib.text import fold


@dataclass(frozen=True)
class Problem:
    """``grave`` ones should not be confirmed without a second look."""

    code: str
    text: str
    grave: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For the screen."""
        return {"code": self.code, "text": self.text, "grave": self.grave}


def _originals(files: Sequence[ImportFile]) -> dict[str, ImportFile]:
    """Of files with the very same bytes the one the others repeat: the one that is ticked, for it
    must never be told to go in favour of one that is not taken; else the first."""
    originals: dict[str, ImportFile] = {}
    for file in files:
        if file.refused:
            continue
        known = originals.setdefault(file.sha256, file)
        if file.include and not known.include:
            originals[file.sha256] = file
    return originals


def of_import(
    files: Sequence[ImportFile], papers: Iterable[Paper]
) -> dict[uuid.UUID, list[Problem]]:
    """Problems of each file of an import, beside the session's papers that are there already."""
    found: dict[uuid.UUID, list[Problem]] = defaultdict(list)
    theirs = [paper for paper in papers if paper.pk not in {f.paper_id for f in files}]
    stored = {
        version.sha256: version.paper
        for version in PaperVersion.objects.filter(
            sha256__in={f.sha256 for f in files if f.sha256}, paper__in=[p.pk for p in theirs]
        ).select_related("paper")
    }
    numbers = {paper.number.lower(): paper for paper in theirs if paper.number}
    first = _originals(files)
    named: dict[str, ImportFile] = {}
    names = [f"{file.folder} {file.file_name}" for file in files]
    titles = [paper.title for paper in theirs]
    for file in files:
        say = found[file.pk].append
        for problem in file.problems:
            say(Problem(problem["code"], problem["text"], bool(problem.get("grave"))))
        if file.refused:
            continue
        if first[file.sha256] is not file:
            other = first[file.sha256].file_name
            say(Problem("duplicate", f"Giống hệt tệp «{other}» trong lượt này.", grave=True))
        elif file.sha256 in stored:
            title = stored[file.sha256].title
            say(Problem("duplicate", f"Giống hệt tài liệu đã có: «{title}».", grave=True))
        if not file.include:
            continue
        number = file.number.lower()
        if number and number in numbers:
            text = f"Kỳ họp đã có tài liệu cùng số: «{numbers[number].title}». Nếu là bản mới, hãy bỏ tệp này ở đây rồi thay bản ở trang tài liệu."  # noqa: E501
            say(Problem("same_number", text, grave=True))
        elif number and number in named:
            say(Problem("same_number", f"Trùng số với tệp «{named[number].file_name}»."))
        if number:
            named.setdefault(number, file)
        annexes = file.sources.get("annexes", [])
        if annexes:
            attached = [f"(có {label} kèm theo)" for label in annexes]
            beside = [name for f, name in zip(files, names, strict=True) if f is not file]
            for label in missing_annexes(attached, [*beside, *titles]):
                say(Problem("annex_missing", f"Văn bản nói có {label} kèm theo nhưng chưa thấy."))
        if not file.kind:
            say(Problem("kind_missing", "Chưa rõ loại tài liệu: hãy chọn.", grave=True))
        if not file.title:
            say(Problem("title_missing", "Chưa có tên tài liệu: hãy ghi.", grave=True))
    return found


def of_agenda(
    items: Sequence[Item], kinds: dict[uuid.UUID, str], more: Iterable[tuple[uuid.UUID, str]] = ()
) -> dict[uuid.UUID, list[str]]:
    """Item → what it still lacks («báo cáo thẩm tra») by its kind. ``kinds`` is paper → kind;
    ``more`` are (item, kind) of files about to become papers."""
    under: dict[uuid.UUID, set[str]] = defaultdict(set)
    for item in items:
        under[item.id] = {kinds[key] for key in item.papers if key in kinds}
    for key, kind in more:
        under[key].add(kind)
    lacking = {}
    for item in items:
        missing = [
            label
            for label, wanted in REQUIRED.get(item.kind, ())
            if under[item.id].isdisjoint(wanted)
        ]
        if missing:
            lacking[item.id] = missing
    return lacking


def of_tree(session_kind: str, described: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Section → expected papers of this kind of session that are not there. ``described`` are
    (kind, title) of what is."""
    have = [(kind, fold(title)) for kind, title in described]
    missing: dict[str, list[str]] = defaultdict(list)
    for expected in TREES.get(session_kind, ()):
        if not any(
            kind in expected.kinds
            and (not expected.words or any(word in title for word in expected.words))
            for kind, title in have
        ):
            missing[expected.section].append(expected.label)
    return dict(missing)

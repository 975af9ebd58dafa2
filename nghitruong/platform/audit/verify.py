"""Reading the whole log again and comparing it with the chain and with printed heads.

What it catches: a changed entry or payload, a deleted or inserted link, entries put in another
order, an erased payload whose erasure nobody recorded, and, through a head printed earlier, a
chain that somebody with full access to the database recomputed from end to end.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django_scopes import scope

from nghitruong.platform.audit.actions import ERASE
from nghitruong.platform.audit.api import entry_digest, payload_digest
from nghitruong.platform.audit.chain import Head, genesis, link
from nghitruong.platform.audit.models import Entry, Seal

BATCH = 2000


@dataclass
class Report:
    """What was read and what is wrong; sentences for people, in the order of the chain."""

    head: Head
    faults: list[str] = field(default_factory=list)
    unsealed: int = 0
    heads_checked: int = 0

    @property
    def intact(self) -> bool:
        """Nothing wrong was found."""
        return not self.faults


def verify(council_id: uuid.UUID, heads: Iterable[Head] = ()) -> Report:
    """Check one council's log. ``heads`` were printed or exported earlier, in any order."""
    with scope(council=council_id):
        return _verify(council_id, list(heads))


def _verify(council_id: uuid.UUID, printed: list[Head]) -> Report:
    report = Report(Head(0, genesis(council_id)))
    wanted: dict[int, list[Head]] = {}
    for head in printed:
        wanted.setdefault(head.position, []).append(head)
    erasures = set(Entry.objects.filter(action=ERASE).values_list("target_id", flat=True))
    position, previous = report.head
    _compare(report, wanted.pop(0, []), previous)
    for seal in _seals():
        position += 1
        if seal.position != position:
            report.faults.append(
                _("Thiếu dòng số %(from)s đến %(to)s: đã bị xóa khỏi nhật ký.")
                % {"from": position, "to": seal.position - 1}
            )
            position = seal.position
        faults = _check_entry(seal, erasures)
        expected = link(previous, entry_digest(seal.entry), position)
        if seal.hash != expected and not faults:
            faults.append(
                _("Dòng số %(n)s không nối với dòng trước: có dòng bị chèn, xóa hoặc đổi chỗ.")
                % {"n": position}
            )
        report.faults.extend(faults)
        # Go on from what is stored: one fault is told once, not on every later line.
        previous = seal.hash
        _compare(report, wanted.pop(position, []), seal.hash)
    report.head = Head(position, previous)
    for missing in sorted(wanted):
        report.faults.append(
            _("Đã in dòng số %(n)s nhưng nhật ký chỉ còn %(last)s dòng: phần cuối đã bị xóa.")
            % {"n": missing, "last": position}
        )
        report.heads_checked += len(wanted[missing])
    report.unsealed = _check_unsealed(report, erasures)
    return report


def _seals() -> Iterator[Seal]:
    """The chain in order, in batches by position: constant memory, short reads on SQLite."""
    last = -1
    while True:
        batch = list(
            Seal.objects.filter(position__gt=last)
            .select_related("entry")
            .order_by("position")[:BATCH]
        )
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1].position


def _check_entry(seal: Seal, erasures: set[uuid.UUID | None]) -> list[str]:
    entry = seal.entry
    place = {"n": seal.position, "action": entry.action}
    if entry.council_id != seal.council_id:
        return [_("Dòng số %(n)s thuộc Hội đồng khác.") % place]
    if entry.digest != entry_digest(entry):
        return [_("Dòng số %(n)s (%(action)s) đã bị sửa sau khi ghi.") % place]
    return _check_payload(entry, erasures, _("Dòng số %(n)s (%(action)s)") % place)


def _check_payload(entry: Entry, erasures: set[uuid.UUID | None], name: str) -> list[str]:
    if entry.erased_at is not None:
        if entry.payload is not None:
            return [_("%(name)s: đánh dấu đã xóa nhưng còn nội dung.") % {"name": name}]
        if entry.pk not in erasures:
            return [_("%(name)s: nội dung bị xóa mà không ai ghi lý do.") % {"name": name}]
        return []
    try:
        same = payload_digest(entry.salt, entry.payload) == entry.payload_digest
    except TypeError:
        same = False  # not even JSON we could have written
    return [] if same else [_("%(name)s: nội dung đã bị sửa sau khi ghi.") % {"name": name}]


def _check_unsealed(report: Report, erasures: set[uuid.UUID | None]) -> int:
    """Entries waiting for the sealer are checked by themselves."""
    count = 0
    for entry in Entry.objects.filter(seal__isnull=True).order_by("pk").iterator(BATCH):
        count += 1
        name = _("Dòng chưa niêm phong (%(action)s)") % {"action": entry.action}
        if entry.digest != entry_digest(entry):
            report.faults.append(_("%(name)s đã bị sửa sau khi ghi.") % {"name": name})
        else:
            report.faults.extend(_check_payload(entry, erasures, name))
    return count


def _compare(report: Report, printed: list[Head], stored: str) -> None:
    for head in printed:
        report.heads_checked += 1
        if head.hash != stored:
            report.faults.append(
                _(
                    "Mã băm đã in ở dòng số %(n)s khác với nhật ký hiện nay: "
                    "nhật ký đã được tính lại sau khi in."
                )
                % {"n": head.position}
            )

"""Printed sets: asked for, bound in the background, kept in the store."""

from __future__ import annotations

import json
import sys
import tempfile
import uuid
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.binder import fonts
from nghitruong.council.binder.contents import contents
from nghitruong.council.binder.models import Packet, PacketState
from nghitruong.council.binder.sessions import SessionInfo
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import PaperState, PaperVersion
from nghitruong.council.papers.rules import may_manage
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import shredding, store
from nghitruong.platform.jobs import apart
from nghitruong.platform.jobs import api as jobs

BIND: Final = "binder.bind"
SECONDS: Final = 1800.0
ROOT = Path(__file__).resolve().parents[4]


def order_packet(
    session: SessionInfo,
    *,
    by: Actor,
    papers: Collection[uuid.UUID] = (),
    dividers: bool = True,
    drafts: bool = True,
) -> Packet:
    """Ask for a printed set of the whole binder, or of some ``papers`` with the packet's own page
    numbers. ``drafts`` False leaves out what delegates have not been sent."""
    may_manage(by)
    fonts.find()
    with transaction.atomic():
        packet = Packet(
            council=by.council,
            session_id=session.id,
            papers=sorted(str(key) for key in papers),
            dividers=dividers,
            drafts=drafts,
            heading={
                "council": by.council.name,
                "title": session.title,
                "lines": [
                    f"Khai mạc ngày {session.opening:%d/%m/%Y}",
                    *([session.place] if session.place else []),
                ],
            },
            created_by_name=by.name,
        )
        if not _chosen(packet):
            raise Refused("packet_empty", _("Tập chưa có tài liệu nào để in."), status=422)
        packet.save(force_insert=True)
        audit.record(
            "binder.order_packet",
            **by.audit(),
            target=packet,
            payload={"papers": len(packet.papers) or "all"},
        )
        jobs.enqueue(BIND, packet.pk, council_id=by.council_id)
    return packet


def _chosen(packet: Packet) -> list[dict[str, Any]]:
    """The plan's sections: what is printed, each with its place, pages and file."""
    wanted = set(packet.papers)
    found = []
    sections = contents(packet.council_id, packet.session_id)
    printed = {entry.paper.pk: entry.leaf.version for s in sections for entry in s.entries}
    # The file of the text that is printed: a later one may not have been looked at for a mark yet.
    names = {
        paper: name
        for paper, number, name in PaperVersion.objects.filter(paper__in=printed).values_list(
            "paper", "number", "file_name"
        )
        if number == printed[paper]
    }
    for section in sections:
        entries = []
        for entry in section.entries:
            paper = entry.paper
            if wanted and str(paper.pk) not in wanted:
                continue
            if not packet.drafts and paper.state != PaperState.RELEASED:
                continue
            if entry.leaf.version == 0:
                continue
            entries.append(
                {
                    "paper": str(paper.pk),
                    "version": entry.leaf.version,
                    "tab": entry.tab,
                    "title": paper.title,
                    "file": names.get(paper.pk, ""),
                    "number": paper.number,
                    "issuer": paper.issuer,
                    "dated": f"{paper.dated:%d/%m/%Y}" if paper.dated else "",
                    "first": entry.first,
                    "pages": entry.leaf.pages,
                    "path": str(store.path_of(entry.leaf.sha256)) if entry.leaf.sha256 else "",
                }
            )
        if entries:
            found.append({"label": section.label, "entries": entries})
    return found


def bind_packet(key: str) -> None:
    """The job: plan, bind apart, keep the file, write the row."""
    packet = Packet.objects.select_related("council").filter(pk=key).first()
    if packet is None or packet.state != PacketState.WAITING:
        return
    sections = _chosen(packet)
    made = timezone.localtime()
    plan = {
        "heading": {**packet.heading, "made": f"In lúc {made:%H giờ %M, ngày %d/%m/%Y}"},
        "sections": sections,
        "dividers": packet.dividers,
        "fonts": [str(path) for path in fonts.find()],
    }
    work = Path(settings.UPLOADS_DIR)
    work.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=work, prefix="bind-") as folder:
        plan_path, out = Path(folder) / "plan.json", Path(folder) / "packet.pdf"
        plan_path.write_text(json.dumps(plan))
        done = apart.run(
            [
                sys.executable,
                "-m",
                "nghitruong.council.binder.binding",
                str(plan_path),
                str(out),
            ],
            seconds=SECONDS,
            memory_mb=4096,
            file_mb=16384,
            folder=ROOT,
            on_line=lambda line: _told(key, line),
        )
        answer = _answer(done.output)
        if "pages" not in answer or not out.exists():
            raise_for = answer.get("problem") or "Không đóng được tập in. Hãy thử lại."
            _end(packet, PacketState.FAILED, problem=raise_for)
            return
        sha256, size = store.put_file(out)
    numbers = [
        [entry["paper"], entry["version"], entry["first"], entry["pages"]]
        for section in sections
        for entry in section["entries"]
    ]
    values = {"sha256": sha256, "size": size, "pages": answer["pages"], "numbers": numbers}
    ended = _end(packet, PacketState.DONE, **values)
    if not ended and not Packet.objects.filter(sha256=sha256).exists():
        # A paper in it was expunged while it was bound.
        shredding.carry_out(shredding.order([store.path_of(sha256)]))


def _told(key: str, line: str) -> None:
    answer = _answer(line)
    if "done" in answer:
        jobs.progress(BIND, key, answer["done"], answer["total"], "Đang đóng tập")


def _answer(output: str) -> dict[str, Any]:
    lines = output.strip().splitlines()
    try:
        found = json.loads(lines[-1]) if lines else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _end(packet: Packet, state: PacketState, **values: Any) -> bool:
    with transaction.atomic():
        moved = Packet.objects.filter(pk=packet.pk, state=PacketState.WAITING).update(
            state=state, finished_at=timezone.now(), **values
        )
        if moved:
            audit.record(
                "binder.bind_packet",
                **Actor.system(packet.council).audit(),
                target=packet,
                payload={"state": str(state), "pages": values.get("pages")},
            )
    return bool(moved)


def failed(key: str, sentence: str) -> None:
    """The job gave up."""
    packet = Packet.objects.select_related("council").filter(pk=key).first()
    if packet is not None:
        _end(packet, PacketState.FAILED, problem="Máy chủ không đóng được tập in. Hãy thử lại.")


def waiting() -> list[tuple[uuid.UUID, uuid.UUID]]:
    """For the sweeper: what is still to be bound, of every council."""
    return list(Packet.objects.filter(state=PacketState.WAITING).values_list("pk", "council_id"))

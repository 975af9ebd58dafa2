"""Files come in for an import: staged, looked at in the background, shown with proposals."""

from __future__ import annotations

import json
import os
import shutil
import time
import uuid
import zipfile
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from nghitruong.council.binder import looking, proposals, rules, unpack
from nghitruong.council.binder.contents import session_papers
from nghitruong.council.binder.models import (
    Arrival,
    ArrivalState,
    ImportFile,
    ImportState,
    PaperImport,
)
from nghitruong.council.binder.sessions import Item, awaited, sessions
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.actions import register_stub
from nghitruong.council.papers.models import PaperVersion, Upload
from nghitruong.council.papers.rules import may_manage
from nghitruong.lib.filing import missing_annexes, page_jumps
from nghitruong.lib.text import text_key
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import partial, shredding, store
from nghitruong.platform.jobs import api as jobs
from nghitruong.platform.storage.db import lock_row

OPEN = "binder.open"
# Looks run apart, in processes of their own that give way: one for each core of a small machine.
AT_ONCE: Final = min(4, max(2, os.cpu_count() or 2))
LEFT_AFTER = 6 * 60 * 60  # seconds: no look and no binding takes as long


def staging() -> Path:
    """The folder of files sent in and not yet looked at; readable by nobody else."""
    folder = partial.root() / "binder"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def staged(key: uuid.UUID) -> Path:
    """Where an arrival's bytes lie."""
    return staging() / f"{key}.in"


def _about_path(key: uuid.UUID) -> Path:
    return staging() / f"{key}.json"


def clear(key: uuid.UUID, *, overwrite: bool = False) -> None:
    """Remove everything staged for an arrival; where a secret was found in it (or ``overwrite``)
    its bytes and names are written over."""
    overwrite = overwrite or with_secret([key]) == {key}
    for path in staging().glob(f"{key}*"):
        if overwrite and (path == staged(key) or not _kept(path)):
            partial.shred(path)
        path.unlink(missing_ok=True)


def _kept(path: Path) -> bool:
    """Whether the store has these very bytes: a look that was killed left only a second name."""
    return path.is_file() and path.stat().st_nlink > 1


def with_secret(keys: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these arrivals held a secret."""
    found = ImportFile.objects.filter(arrival__in=list(keys), refused="state_secret")
    return set(found.values_list("arrival", flat=True))


class _GivenUp(Exception):
    """The import was given up or closed while its files were being looked at."""


def _check_still_open(arrival: Arrival) -> None:
    """In the transaction that writes a row: the import is locked, so nobody gives it up between."""
    batch = lock_row(PaperImport.objects.filter(pk=arrival.batch_id)).get()
    if batch.state != ImportState.OPEN:
        raise _GivenUp


def take_upload(upload: Upload, path: Path, about: dict[str, str], *, by: Actor) -> dict[str, Any]:
    """A whole file sent ``into`` an import: stage it and have it looked at. In the caller's
    transaction.

    1. The import must be open and of this council; locked, so that it is not closed between. 2. The
    bytes get a second name here, durably; the sender's own goes after the commit, so that a crash
    at any moment leaves one of them. What the file is called stays beside them. 3. The row and the
    job; the doorbell rings on commit.
    """
    may_manage(by)
    try:
        key = uuid.UUID(about["into"].partition(":")[2])
    except ValueError:
        raise Refused(
            "import_unknown", _("Hãy tải lại trang rồi chọn lại tệp."), status=400
        ) from None
    batch = lock_row(PaperImport.objects.filter(pk=key, council=by.council)).first()
    if batch is None:
        raise Refused("import_unknown", _("Lượt nhập này không còn. Hãy mở lượt mới."), status=404)
    rules.check_open(batch)
    arrival = Arrival(pk=upload.pk, council=by.council, batch=batch)
    said = {
        "file_name": about.get("file_name", ""),
        "folder": about.get("folder", ""),
        "by": {"id": str(by.id), "name": by.name},
    }
    with _about_path(arrival.pk).open("w") as file:
        json.dump(said, file)
        file.flush()
        os.fsync(file.fileno())
    partial.second_name(path, staged(arrival.pk))
    arrival.save(force_insert=True)
    jobs.enqueue(OPEN, arrival.pk, council_id=by.council_id)
    return {"arrival": str(arrival.pk)}


def open_arrival(key: str) -> None:
    """The job: look at what came, file by file; asked again it goes on where it stopped."""
    arrival = Arrival.objects.select_related("batch", "council").filter(pk=key).first()
    if arrival is None or arrival.state != ArrivalState.WAITING:
        return
    partial.erase(
        arrival.pk
    )  # the sender's own name of it, where the commit was followed by a crash
    path = staged(arrival.pk)
    looked = set(ImportFile.objects.filter(arrival=arrival).values_list("place", flat=True))
    if arrival.batch.state != ImportState.OPEN:
        _give_up(arrival)
        return
    if not path.exists():
        # Its only file was a secret, erased just before a crash: looked at, not lost.
        erased = bool(with_secret([arrival.pk]))
        _end(arrival, *((ArrivalState.DONE,) if erased else (ArrivalState.FAILED, _GONE)))
        clear(arrival.pk)
        return
    about = json.loads(_about_path(arrival.pk).read_text())
    by = Actor.system(arrival.council, about["by"]["name"])
    items = sessions().items(arrival.batch.session_id)
    try:
        if unpack.is_archive(path):
            _open_archive(arrival, path, items, by, looked)
        elif not looked:
            folder, name = unpack.place_of(f"{about['folder']}/{about['file_name']}")
            found = looking.look(path, name, folder)
            _keep(arrival, 0, path, folder, name, found, items, by)
            _step(arrival)
    except _GivenUp:
        _give_up(arrival)
        return
    except Refused as refusal:
        clear(arrival.pk)
        _end(arrival, ArrivalState.FAILED, refusal.sentence)
        return
    _end(arrival, ArrivalState.DONE)
    clear(arrival.pk)


_GONE = "Tệp gửi lên không còn trên máy chủ. Hãy gửi lại."


def _give_up(arrival: Arrival) -> None:
    """Nothing of it stays: the files it stored meanwhile are named by no row and swept at night."""
    _end(arrival, ArrivalState.FAILED, "Lượt nhập này đã đóng nên tệp không được xem tiếp.")
    clear(arrival.pk)


def _open_archive(
    arrival: Arrival, path: Path, items: list[Item], by: Actor, seen: set[int]
) -> None:
    with unpack.opened(path) as (archive, members):
        Arrival.objects.filter(pk=arrival.pk).update(total=len(members), done=len(seen))
        wanted = [member for member in members if member.place not in seen]
        with ThreadPoolExecutor(AT_ONCE, "look") as pool:
            looked: deque[tuple[unpack.Member, Path, Future[looking.Look]]] = deque()
            try:
                for member in wanted:
                    target = staging() / f"{arrival.pk}-{member.place}.out"
                    looked.append((member, target, _taken_out(pool, archive, member, target)))
                    if len(looked) >= AT_ONCE:
                        _write_next(arrival, looked, items, by)
                while looked:
                    _write_next(arrival, looked, items, by)
            except BaseException:
                pool.shutdown(cancel_futures=True)  # nobody looks on at what nobody wants
                raise


def _taken_out(
    pool: ThreadPoolExecutor, archive: zipfile.ZipFile, member: unpack.Member, target: Path
) -> Future[looking.Look]:
    """Take one file out of the archive and begin to look at it."""
    try:
        unpack.extract(archive, member, target)
    except Refused as refusal:
        done: Future[looking.Look] = Future()
        done.set_result(looking.Look(refused=refusal.code, sentence=refusal.sentence))
        return done
    return pool.submit(looking.look, target, member.name, member.folder)


def _write_next(
    arrival: Arrival,
    looked: deque[tuple[unpack.Member, Path, Future[looking.Look]]],
    items: list[Item],
    by: Actor,
) -> None:
    """Write the row of the file that was begun first."""
    member, target, look = looked.popleft()
    _keep(arrival, member.place, target, member.folder, member.name, look.result(), items, by)
    target.unlink(missing_ok=True)
    _step(arrival)


def _step(arrival: Arrival) -> None:
    Arrival.objects.filter(pk=arrival.pk).update(done=F("done") + 1)


def _keep(
    arrival: Arrival,
    place: int,
    path: Path,
    folder: str,
    name: str,
    found: looking.Look,
    items: list[Item],
    by: Actor,
) -> None:
    """Write the row of a file that was looked at. Of a secret the register's line and the order to
    erase come first, in one transaction; a crash before it: the file is looked at again."""
    if found.degree is None:
        stored = None if found.refused else store.adopt(path)
        _row(arrival, place, folder, name, found, stored, items)
        return
    with transaction.atomic():
        where = "text" if found.found_in == "text" else "name"
        register_stub(found.degree, by=by, session_id=arrival.batch.session_id, found_in=where)
        orders = shredding.order([path])
        if PaperImport.objects.filter(pk=arrival.batch_id, state=ImportState.OPEN).exists():
            ImportFile(
                council_id=arrival.council_id,
                batch=arrival.batch,
                arrival=arrival,
                place=place,
                include=False,
                refused="state_secret",
                problems=[
                    _problem("state_secret", rules.secret_sentence(found.found_in), grave=True)
                ],
            ).save(force_insert=True)
    shredding.carry_out(orders)


def _problem(code: str, text: str, *, grave: bool = False) -> dict[str, Any]:
    return {"code": code, "text": text, "grave": grave}


def _row(
    arrival: Arrival,
    place: int,
    folder: str,
    name: str,
    found: looking.Look,
    stored: tuple[str, int] | None,
    items: list[Item],
) -> None:
    problems: list[dict[str, Any]] = []
    values: dict[str, Any] = {}
    if found.refused:
        problems.append(_problem(found.refused, found.sentence, grave=True))
    else:
        values = proposals.describe(
            name, folder, found.texts, items, arrival.council, awaited(arrival.batch.session_id)
        )
        values["sources"]["annexes"] = missing_annexes(found.texts)
        values["sources"]["seen"] = found.seen
        if found.wrong_ending:
            problems.append(
                _problem("wrong_ending", "Đuôi tên tệp không đúng với loại tệp bên trong.")
            )
        for jump in page_jumps(found.texts):
            problems.append(
                _problem(
                    "page_jump",
                    f"Trang thứ {jump.page} in số {jump.found}, lẽ ra là {jump.expected}: "
                    "có thể thiếu trang hoặc lẫn trang.",
                )
            )
    known = stored is not None and _in_session(arrival, stored[0], items)
    with transaction.atomic():
        _check_still_open(arrival)
        ImportFile(
            council_id=arrival.council_id,
            batch=arrival.batch,
            arrival=arrival,
            place=place,
            folder=folder,
            file_name=name,
            order_key=text_key(f"{folder} {name}")[:800],
            sha256=stored[0] if stored else "",
            size=stored[1] if stored else 0,
            media_type=found.media_type,
            pages=found.pages,
            refused=found.refused,
            include=stored is not None and not _twin(arrival, stored[0], known),
            problems=problems,
            **values,
        ).save(force_insert=True)


def _in_session(arrival: Arrival, sha256: str, items: list[Item]) -> bool:
    papers = session_papers(arrival.council_id, arrival.batch.session_id, items)
    return PaperVersion.objects.filter(sha256=sha256, paper__in=papers).exists()


def _twin(arrival: Arrival, sha256: str, known: bool) -> bool:
    """The very same bytes are in the session already or ticked in this import, under whose lock
    this is asked: shown, but not ticked."""
    twins = ImportFile.objects.filter(batch=arrival.batch_id, sha256=sha256, include=True)
    return known or twins.exists()


def _end(arrival: Arrival, state: ArrivalState, problem: str = "") -> None:
    with transaction.atomic():
        moved = Arrival.objects.filter(pk=arrival.pk, state=ArrivalState.WAITING).update(
            state=state, problem=problem[:300]
        )
        if moved:
            audit.record(
                "binder.open_arrival",
                **Actor.system(arrival.council).audit(),
                target=arrival.batch,
                payload={
                    "files": ImportFile.objects.filter(arrival=arrival).count(),
                    "problem": problem,
                },
            )


def failed(key: str, sentence: str) -> None:
    """The job gave up: say so, keep nothing."""
    arrival = Arrival.objects.select_related("council", "batch").filter(pk=key).first()
    if arrival is not None:
        clear(arrival.pk)
        _end(arrival, ArrivalState.FAILED, "Máy chủ không xem được tệp này. Hãy gửi lại tệp.")


def sweep_leftovers() -> int:
    """Remove working folders of looks and bindings that a killed process left, and staged files
    nobody will look at any more; returns how many."""
    edge = time.time() - LEFT_AFTER
    left = [
        path
        for pattern in ("look-*", "bind-*", "binder/*")
        for path in partial.root().glob(pattern)
        if path.stat().st_mtime < edge
    ]
    waits = {
        str(key)
        for key in Arrival.objects.filter(state=ArrivalState.WAITING).values_list("pk", flat=True)
    }
    removed = 0
    for path in left:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name[:36] in waits:
            continue
        elif _kept(path):
            path.unlink(missing_ok=True)  # a paper's, or of a sending that may still go on
        else:
            partial.shred(path)  # it may be what was left of a secret
        removed += 1
    return removed


def waiting() -> list[tuple[uuid.UUID, uuid.UUID]]:
    """For the sweeper: what still has to be looked at, of every council."""
    sweep_leftovers()
    return list(Arrival.objects.filter(state=ArrivalState.WAITING).values_list("pk", "council_id"))

"""The watched folder of a scanner: files are taken when nobody writes to them any more."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Council
from nghitruong.council.councils.roles import Actor, actor_for
from nghitruong.council.intake.models import ScannedFile, ScannerFolder
from nghitruong.council.papers import rules as paper_rules
from nghitruong.council.papers import secrecy
from nghitruong.council.papers.actions import add_file
from nghitruong.council.papers.actions.uploads import clean_name
from nghitruong.council.papers.models import Paper, PaperKind, PaperState, PaperVersion, Secrecy
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import shredding
from nghitruong.platform.files.models import Place
from nghitruong.platform.jobs import api as jobs

JOB = "intake.scan_folder"
QUIET_SECONDS = 15.0  # untouched for so long: the scanner has finished with it
TAKEN, REFUSED = "da-nhan", "khong-nhan"
UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".filepart", "~")
AT_ONCE = 200
ALREADY_HERE = "Đã có tài liệu này từ đúng tệp ấy nên không tạo thêm."
LAID_ASIDE = ".xoa"  # a secret file, under a key, until it is written over


def folder_of(council: Council) -> Path:
    """Where this council's scanner writes."""
    return Path(settings.SCANNER_DIR) / str(council.slug)


def set_scanner(
    *,
    enabled: bool,
    kind: str = PaperKind.REFERENCE,
    session_id: uuid.UUID | None = None,
    by: Actor,
) -> ScannerFolder:
    """Switch the folder on or off; whoever switches it on answers for what comes in by it."""
    paper_rules.may_manage(by)
    if by.person is None:
        raise Refused(
            "no_person", _("Tài khoản này chưa gắn với người nào của Hội đồng."), status=403
        )
    if kind not in PaperKind.values:
        raise Refused("kind_missing", _("Hãy chọn loại tài liệu."), status=422)
    if enabled:
        try:
            for name in ("", TAKEN, REFUSED):
                (folder_of(by.council) / name).mkdir(parents=True, exist_ok=True, mode=0o770)
        except OSError as error:
            raise Refused(
                "folder_failed",
                _(
                    "Máy chủ không tạo được thư mục %(folder)s: %(strerror)s. Hãy nhờ "
                    "quản trị viên máy chủ cấp quyền ghi."
                )
                % {"folder": folder_of(by.council), "strerror": error.strerror},
            ) from error
    with transaction.atomic():
        found, _made = ScannerFolder.objects.update_or_create(
            council=by.council,
            defaults={
                "clerk": by.person,
                "enabled": enabled,
                "kind": kind,
                "session_id": session_id,
                "trouble": "",
            },
        )
        audit.record(
            "intake.set_scanner",
            **by.audit(),
            target=found,
            payload={"enabled": enabled, "kind": kind, "session": str(session_id or "")},
        )
        if enabled:  # the job may have stopped for good
            jobs.enqueue(JOB, by.council.pk, council_id=by.council.pk)
    return found


def ready_files(folder: Path, *, now: float | None = None) -> list[Path]:
    """Files in the folder itself that nobody has touched for a while, oldest first; a secret one
    that waits to be written over is no file to take."""
    now = time.time() if now is None else now
    found: list[tuple[float, Path]] = []
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return []
    for entry in entries:
        name = entry.name
        if name.startswith((".", "~")) or name.lower().endswith(UNFINISHED):
            continue
        try:
            if not entry.is_file(follow_symlinks=False):
                continue
            touched = entry.stat(follow_symlinks=False).st_mtime
        except OSError:
            continue
        if now - touched >= QUIET_SECONDS:
            found.append((touched, Path(entry.path)))
    erased = _waiting(path for _, path in found)
    return [path for _, path in sorted(found) if path not in erased][:AT_ONCE]


def _waiting(paths: Iterable[Path]) -> set[Path]:
    return shredding.ordered([path for path in paths if path.suffix == LAID_ASIDE], Place.SCANNER)


def take_scanned(_key: str = "") -> int:
    """The job, in the council's scope: make papers of what the scanner left; returns how many.

    A file taken is moved to «da-nhan», one refused to «khong-nhan» with the reason beside it; a
    secret one is erased. What is here already is known by its content and not taken twice; every
    file leaves a row that says what became of it.
    """
    setting = ScannerFolder.objects.select_related("council", "clerk__account").first()
    if setting is None or not setting.enabled:
        return 0
    folder = folder_of(setting.council)
    actor = actor_for(setting.clerk.account, setting.council) if setting.clerk.account else None
    if actor is None or not paper_rules.can_manage(actor):
        _trouble(
            setting,
            f"{setting.clerk.full_name} không còn phụ trách tài liệu nên thư mục tạm ngừng. Hãy để "
            "người đang phụ trách bật lại.",
        )
        return 0
    if not folder.is_dir():
        _trouble(setting, f"Không thấy thư mục {folder}. Hãy kiểm tra máy chủ rồi bật lại.")
        return 0
    _trouble(setting, "")
    taken = 0
    for path in ready_files(folder):
        taken += _take(path, setting, actor)
    if left := len(_waiting(folder.glob(f"*{LAID_ASIDE}"))):
        _trouble(
            setting,
            f"Còn {left} tệp có dấu mật chưa ghi đè được; máy chủ vẫn thử lại. Hãy nhờ quản trị "
            f"viên máy chủ kiểm tra quyền ghi ở thư mục {folder}.",
        )
    ScannerFolder.objects.filter(pk=setting.pk).update(looked_at=timezone.now())
    return taken


def _trouble(setting: ScannerFolder, sentence: str) -> None:
    ScannerFolder.objects.filter(pk=setting.pk).update(
        looked_at=timezone.now(), trouble=sentence[:300]
    )


def stopped(key: str, sentence: str) -> None:
    """The job failed for good: the folder's page says so; switching it on begins anew."""
    for setting in ScannerFolder.objects.filter(council_id=key):
        _trouble(
            setting,
            "Thư mục đã ngừng sau nhiều lần hỏng. Hãy báo quản trị viên máy chủ xem nhật ký, rồi "
            "bấm «Ghi lại» để bật lại.",
        )


@dataclass
class _Erasing:
    """A file with a mark of secrecy on its way out: nothing kept may carry its name."""

    path: Path
    found: bool = False
    orders: list[uuid.UUID] = field(default_factory=list)

    def order(self, degree: Secrecy) -> None:
        """In the transaction of the register's line: the file gets a key for a name, and the order
        to write it over. Cut off before the commit, it is found again by its degree in the name."""
        self.found = True
        aside = self.path.rename(self.path.with_name(f"{uuid.uuid4()} {degree.label}{LAID_ASIDE}"))
        self.orders = shredding.order([aside])


def _take(path: Path, setting: ScannerFolder, actor: Actor) -> int:
    erasing = _Erasing(path)
    try:
        return _take_one(path, setting, actor, erasing)
    except OSError as error:  # left where it is, looked at again; the others are taken
        name = clean_name(path.name)
        marked = erasing.found or secrecy.in_name(name) is not None
        name = "có dấu mật" if marked else f"«{name}»"
        _trouble(setting, f"Không đọc hoặc chuyển được tệp {name}: {error.strerror or error}.")
        return 0


def _take_one(path: Path, setting: ScannerFolder, actor: Actor, erasing: _Erasing) -> int:
    name = clean_name(path.name)
    about = {"kind": setting.kind, "title": Path(name).stem, "file_name": name}
    row = ScannedFile(council=setting.council, file_name=name)
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if (here := _here_already(digest, name, setting)) is not None:
            row.paper = here
            if not ScannedFile.objects.filter(paper=here).exists():
                row.save(force_insert=True)  # made by a run that was cut off before this step
                _move(path, TAKEN)
            else:
                row.refusal = ALREADY_HERE
                _move(path, TAKEN)  # first: one that cannot be moved leaves no row every time
                row.save(force_insert=True)
            return 0
        version = add_file(
            path, by=actor, about=about, session_id=setting.session_id, secret=erasing.order
        )
    except Refused as refusal:
        row.file_name = "" if erasing.found else name
        row.refusal = refusal.sentence[:500]
        if not erasing.found:
            _move(path, REFUSED, refusal.sentence)
        row.save(force_insert=True)
        shredding.carry_out(erasing.orders)
        return 0
    row.paper = version.paper
    row.save(force_insert=True)
    _move(path, TAKEN)
    return 1


def _here_already(digest: str, name: str, setting: ScannerFolder) -> Paper | None:
    """The paper this file has become. One withdrawn, or of another session, is not it: whoever puts
    the file here again wants it for the session the folder is set to."""
    papers = Paper.objects.exclude(state=PaperState.WITHDRAWN).filter(
        session_id=setting.session_id,
        pk__in=PaperVersion.objects.filter(sha256=digest, file_name=name).values("paper"),
    )
    found: Paper | None = papers.order_by("created_at").first()
    return found


def _move(path: Path, where: str, reason: str = "") -> None:
    """Aside, never over another file of the same name."""
    folder = path.parent / where
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    if target.exists():
        target = folder / f"{path.stem}-{uuid.uuid4().hex[:8]}{path.suffix}"
    os.replace(path, target)
    if reason:
        target.with_name(target.name + ".ly-do.txt").write_text(reason + "\n", encoding="utf-8")


def forget_scanned(paper: Paper) -> None:
    """A scanned paper turned out to be a state secret: the names it came by go, and the files laid
    aside in «da-nhan» and «khong-nhan» are written over after the commit."""
    ScannedFile.objects.filter(paper=paper).update(file_name="")
    digests = set(PaperVersion.objects.filter(paper=paper).values_list("sha256", flat=True))
    sizes = set(PaperVersion.objects.filter(paper=paper).values_list("size", flat=True))
    found = []
    for where in (TAKEN, REFUSED):
        for path in (folder_of(paper.council) / where).glob("*"):
            if not path.is_file() or path.stat().st_size not in sizes:
                continue
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() not in digests:
                    continue
            # Under a key: the order to erase must not carry the name a person gave it.
            found.append(path.rename(path.with_name(f"{uuid.uuid4()}{LAID_ASIDE}")))
    orders = shredding.order(found)
    transaction.on_commit(lambda: shredding.carry_out(orders))

"""Copying a running installation away, and putting a copy back.

A backup folder holds the database (one consistent moment), every stored file, and
``manifest.json``, written last: a folder without it is an unfinished backup. The installation's
secret key stays out, so a lost disk gives nobody a session; after a restore people log in again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.guards import assert_guards, remove_guards

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20


# --- backup ----------------------------------------------------------------------------------


def backup(folder: Path) -> dict[str, Any]:
    """Copy the database, then the files, then write the manifest; returns the manifest.

    The order matters: a file is stored before the row that names it is committed, so whatever
    the copied database names is already there. Sessions go on meanwhile.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Refused(
            "backup_exists",
            _("Thư mục %(folder)s không trống. Hãy chọn thư mục mới.") % {"folder": folder},
        )
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    made_at = datetime.now(UTC)
    name = "database.sqlite3" if connection.vendor == "sqlite" else "database.dump"
    dump(folder / name)
    files = [_copy_stored(source, folder) for source in _stored_files()]
    manifest = {
        "format": FORMAT,
        "made_at": made_at.isoformat(),
        "engine": connection.vendor,
        "migrations": sorted(
            f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
        ),
        "database": {"path": name, **_measure(folder / name)},
        "files": files,
    }
    _write_durably(folder / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False).encode())
    return manifest


def dump(target: Path) -> None:
    """One consistent copy of the database while it is in use."""
    if connection.vendor == "sqlite":
        with (
            contextlib.closing(sqlite3.connect(_sqlite_path())) as source,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            _check_integrity(copy)
    else:
        _postgresql("pg_dump", "--format=custom", "--no-owner", "--file", str(target))
    target.chmod(0o600)
    _sync(target)


def _stored_files() -> Iterator[Path]:
    root = Path(settings.FILES_DIR)
    if root.is_dir():
        # Names beginning with a dot are uploads still on their way in.
        yield from sorted(
            path for path in root.rglob("*") if path.is_file() and path.name[0] != "."
        )


def _copy_stored(source: Path, folder: Path) -> dict[str, Any]:
    relative = Path("files") / source.relative_to(settings.FILES_DIR)
    target = folder / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    _sync(target)
    measured = _measure(target)
    if len(source.name) == 64 and measured["sha256"] != source.name:
        raise Refused(
            "file_damaged",
            _(
                "Tệp %(source)s không còn đúng nội dung đã lưu. Hãy lấy lại từ bản sao "
                "lưu trước, rồi sao lưu lại."
            )
            % {"source": source},
        )
    return {"path": relative.as_posix(), **measured}


# --- restore ---------------------------------------------------------------------------------


def restore(folder: Path, *, force: bool = False) -> dict[str, Any]:
    """Put a backup in the place of this installation's data.

    1. Check every byte against the manifest, before anything is touched.
    2. Refuse while the server runs; refuse over existing data without ``force``.
    3. With ``force``, keep what was there in ``<var>/before-restore-<time>``.
    4. Replace the files and the database.
    5. Migrate forward to this version and put the guards back.
    6. Begin a new epoch: screens throw away what they remember and start afresh.
    """
    manifest = verify(folder)
    if manifest["engine"] != connection.vendor:
        raise Refused(
            "other_engine",
            _(
                "Bản sao lưu này của %(engine)s, còn nơi đây dùng %(vendor)s. Hãy đặt "
                "DATABASE_URL cho đúng loại."
            )
            % {"engine": manifest["engine"], "vendor": connection.vendor},
        )
    _refuse_while_running()
    if has_data():
        if not force:
            raise Refused(
                "not_empty",
                _(
                    "Nơi đây đã có dữ liệu. Hãy khôi phục vào một nơi trống, hoặc thêm "
                    "--force: dữ liệu đang có sẽ được giữ trong thư mục before-restore-…."
                ),
            )
        _keep_what_was_here()
    for entry in manifest["files"]:
        target = Path(settings.FILES_DIR) / Path(entry["path"]).relative_to("files")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / entry["path"], target)
        _sync(target)
    _load(folder / manifest["database"]["path"])
    call_command("migrate", verbosity=0, interactive=False)
    assert_guards()
    begin_epoch()
    return manifest


def verify(folder: Path) -> dict[str, Any]:
    """Check a backup against its manifest; refuses with the first file that does not agree."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise Refused(
            "no_manifest",
            _("Thư mục %(folder)s không có %(manifest)s: không phải bản sao lưu, hoặc chưa xong.")
            % {"folder": folder, "manifest": MANIFEST},
        ) from None
    if manifest.get("format") != FORMAT:
        raise Refused("unknown_format", _("Bản sao lưu này do một phiên bản khác làm ra."))
    for entry in [manifest["database"], *manifest["files"]]:
        path = folder / entry["path"]
        if not path.resolve().is_relative_to(folder.resolve()):
            raise Refused(
                "bad_path",
                _("Đường dẫn lạ trong %(manifest)s: %(path)s")
                % {"manifest": MANIFEST, "path": entry["path"]},
            )
        if not path.is_file() or _measure(path) != {k: entry[k] for k in ("sha256", "size")}:
            raise Refused(
                "backup_damaged",
                _(
                    "Bản sao lưu hỏng ở %(path)s. Chưa có gì bị thay đổi; hãy dùng một bản "
                    "sao lưu khác."
                )
                % {"path": entry["path"]},
            )
    return manifest


def has_data() -> bool:
    """Whether this installation holds a migrated database or stored files."""
    if next(_stored_files(), None) is not None:
        return True
    if connection.vendor == "sqlite" and not _sqlite_path().exists():
        return False
    return bool(connection.introspection.table_names())


def begin_epoch() -> None:
    """Tell every screen that history is not what it remembers."""
    if apps.is_installed("nghitruong.platform.live"):
        apps.get_model("live", "Epoch").objects.create()


def _refuse_while_running() -> None:
    """Somebody answering at a socket of this installation means it runs."""
    for path in Path(settings.RUN_DIR).glob("*") if Path(settings.RUN_DIR).is_dir() else ():
        if not path.is_socket():
            continue
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(socket.AF_UNIX, kind) as probe:
                if probe.connect_ex(str(path)) == 0:
                    raise Refused(
                        "running", _("Hệ thống đang chạy. Hãy dừng nghitruong serve rồi làm lại.")
                    )


def _keep_what_was_here() -> None:
    kept = Path(settings.VAR_DIR) / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    kept.mkdir(mode=0o700)
    name = "database.sqlite3" if connection.vendor == "sqlite" else "database.dump"
    if connection.vendor != "sqlite" or _sqlite_path().exists():
        dump(kept / name)
    files = Path(settings.FILES_DIR)
    if files.is_dir():
        files.rename(kept / "files")


def _load(source: Path) -> None:
    if connection.vendor == "sqlite":
        connections.close_all()
        target = _sqlite_path()
        incoming = target.with_name(target.name + ".incoming")
        shutil.copyfile(source, incoming)
        with contextlib.closing(sqlite3.connect(incoming)) as copy:
            _check_integrity(copy)
        incoming.chmod(0o600)
        _sync(incoming)
        for suffix in ("-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        incoming.replace(target)
        _sync(target.parent)
    else:
        with connection.cursor() as cursor:
            if connection.introspection.table_names():
                remove_guards()
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        connections.close_all()
        _postgresql(
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--schema=public",
            "--single-transaction",
            "--exit-on-error",
            "--dbname",
            str(connection.settings_dict["NAME"]),
            str(source),
        )


# --- helpers ---------------------------------------------------------------------------------


def _sqlite_path() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _check_integrity(copy: sqlite3.Connection) -> None:
    verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise Refused(
            "database_damaged", _("Cơ sở dữ liệu hỏng: %(verdict)s") % {"verdict": verdict}
        )


def _postgresql(program: str, *arguments: str) -> None:
    """Run a PostgreSQL program on our database; the password travels in the environment."""
    if shutil.which(program) is None:
        raise Refused(
            "no_program",
            _("Không thấy %(program)s. Hãy cài gói postgresql-client cùng đời máy chủ.")
            % {"program": program},
        )
    options = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": str(options["HOST"]),
        "PGPORT": str(options["PORT"] or 5432),
        "PGUSER": str(options["USER"]),
        "PGPASSWORD": str(options["PASSWORD"]),
        "PGDATABASE": str(options["NAME"]),
    }
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise Refused(
            "program_failed",
            _("%(program)s không làm được: %(strip)s")
            % {"program": program, "strip": done.stderr.strip()},
        )


def _measure(path: Path) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return {"sha256": digest.hexdigest(), "size": size}


def _write_durably(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    _sync(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

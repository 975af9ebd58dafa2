"""The drill: an installation is copied away, lost, and comes back, on either engine."""

from __future__ import annotations

import json
import os
import shutil
import socket
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.database import template_name
from tests.support.installation import Installation

PUT = (
    "from nghitruong.platform.files import store;"
    "from nghitruong.platform.live.models import Epoch;"
    "Epoch.objects.create();"
    "print(store.put([b'to trinh']))"
)
SHOW = (
    "from nghitruong.platform.live.models import Epoch;"
    "from nghitruong.platform.storage.guards import assert_guards; assert_guards();"
    "print(*[e.pk for e in Epoch.objects.order_by('started_at')])"
)


@pytest.fixture
def install(tmp_path: Path, django_db_setup: None) -> Iterator[Callable[..., Installation]]:
    """Empty installations on this run's engine, migrated: copies of the run's own database."""
    server = os.environ.get("DATABASE_URL", "")
    made: list[str] = []

    def make(name: str, *, migrate: bool = True) -> Installation:
        var = tmp_path / name
        var.mkdir()
        url = f"sqlite:///{var / 'nghitruong.sqlite3'}"
        if server.startswith("postgres"):
            database = f"drill_{uuid.uuid4().hex[:12]}"
            with psycopg.connect(server, autocommit=True) as connection:
                copy = f' TEMPLATE "{template_name()}"' if migrate else ""
                connection.execute(f'CREATE DATABASE "{database}"{copy}')  # type: ignore[arg-type]
            made.append(database)
            url = server.rsplit("/", 1)[0] + "/" + database
        elif migrate:
            shutil.copy(template_name(), var / "nghitruong.sqlite3")
        return Installation(var, url, 0)

    yield make
    for database in made:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')  # type: ignore[arg-type]


def shell(installation: Installation, code: str) -> str:
    return installation.manage("shell", "--no-imports", "-c", code).strip()


def test_a_lost_installation_comes_back(
    install: Callable[..., Installation], tmp_path: Path
) -> None:
    first = install("first")
    shell(first, PUT)
    known = shell(first, SHOW).split()
    folder = tmp_path / "copy"
    assert "1 tệp" in first.manage("backup", str(folder))
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["files"][0]["size"] == len(b"to trinh")

    second = install("second", migrate=False)
    second.manage("restore", str(folder))
    epochs = shell(second, SHOW).split()
    assert epochs[: len(known)] == known
    assert len(epochs) == len(known) + 1, "a restore begins a new epoch"
    digest = manifest["files"][0]["sha256"]
    stored = second.var / "files" / digest[:2] / digest[2:4] / digest
    assert stored.read_bytes() == b"to trinh"

    # Over existing data only when asked, and what was there is kept.
    with pytest.raises(RuntimeError, match="--force"):
        second.manage("restore", str(folder))
    second.manage("restore", str(folder), "--force")
    assert shell(second, SHOW).split()[:-1] == known
    kept = next(second.var.glob("before-restore-*"))
    assert next(kept.glob("database.*")).stat().st_size > 0
    assert (kept / "files" / digest[:2] / digest[2:4] / digest).exists()


def test_a_damaged_backup_is_refused_before_anything_is_touched(
    install: Callable[..., Installation], tmp_path: Path
) -> None:
    first = install("first")
    shell(first, PUT)
    folder = tmp_path / "copy"
    first.manage("backup", str(folder))
    damaged = tmp_path / "damaged"
    shutil.copytree(folder, damaged)
    stored = next(path for path in (damaged / "files").rglob("*") if path.is_file())
    stored.write_bytes(b"to trimh")
    before = shell(first, SHOW)
    with pytest.raises(RuntimeError, match="hỏng"):
        first.manage("restore", str(damaged), "--force")
    (folder / "manifest.json").unlink()
    with pytest.raises(RuntimeError, match="chưa xong"):
        first.manage("restore", str(folder), "--force")
    assert shell(first, SHOW) == before
    assert not list(first.var.glob("before-restore-*"))


def test_a_running_installation_is_not_replaced(
    install: Callable[..., Installation], tmp_path: Path
) -> None:
    first = install("first")
    folder = tmp_path / "copy"
    first.manage("backup", str(folder))
    with pytest.raises(RuntimeError, match="không trống"):
        first.manage("backup", str(folder))
    (first.var / "run").mkdir(exist_ok=True)
    short = os.path.relpath(first.var / "run" / "live.sock")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as answering:
        answering.bind(short)
        with pytest.raises(RuntimeError, match="đang chạy"):
            first.manage("restore", str(folder), "--force")

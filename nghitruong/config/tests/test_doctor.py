"""The doctor says what is wrong and what to do, and fails only for what must be mended."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django_scopes import scope

from nghitruong.config import doctor
from nghitruong.config.demo.people import Built
from nghitruong.council.councils.models import Membership
from nghitruong.platform.jobs.models import Job, JobState
from nghitruong.platform.storage import guards


@pytest.fixture
def findings() -> list[doctor.Finding]:
    return list(doctor.examine())


@pytest.mark.django_db
def test_every_check_finishes(findings: list[doctor.Finding]) -> None:
    assert not [f for f in findings if "không kiểm tra được" in f.sentence]
    subjects = {finding.subject for finding in findings}
    assert {"Python", "Đĩa", "Ghi đĩa", "Phông chữ", "Đọc PDF", "Bảng dữ liệu"} <= subjects
    assert all(str(finding)[0] in "✓!✗" for finding in findings)


@pytest.mark.django_db
@pytest.mark.sqlite
def test_an_old_sqlite_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 51, 2))
    assert [f.level for f in doctor.database() if f.subject == "SQLite"] == ["warn"]
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 51, 3))
    assert [f.level for f in doctor.database() if f.subject == "SQLite"] == ["ok"]


@pytest.mark.django_db
@pytest.mark.postgresql
def test_a_role_that_owns_its_tables_is_a_warning() -> None:
    assert [f.level for f in doctor.database() if f.subject == "Vai trò PostgreSQL"] == ["warn"]


@pytest.mark.django_db
def test_a_missing_guard_must_be_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    from nghitruong.platform.live.models import Epoch

    monkeypatch.setattr(guards, "_guards", dict(guards._guards))
    guards.append_only(Epoch)
    lines = [f for f in doctor.tables() if f.level == "fail"]
    assert "live_epoch" in lines[0].sentence
    assert "nghitruong migrate" in lines[0].sentence


def test_a_readable_secret_key_must_be_mended(
    tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    settings.VAR_DIR = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "secret.key").write_text("x")
    (tmp_path / "secret.key").chmod(0o644)
    assert [f.level for f in doctor.permissions() if f.subject == "Khóa bí mật"] == ["fail"]
    (tmp_path / "secret.key").chmod(0o600)
    assert not [f for f in doctor.permissions() if f.subject == "Khóa bí mật"]


def test_plain_http_beyond_this_machine_is_a_warning(settings: pytest.FixtureRequest) -> None:
    settings.ALLOWED_HOSTS = ["hop.lan"]  # type: ignore[attr-defined]
    settings.HTTPS = False  # type: ignore[attr-defined]
    assert [f.level for f in doctor.network() if f.subject == "HTTPS"] == ["warn"]
    settings.HTTPS = True  # type: ignore[attr-defined]
    assert [f.level for f in doctor.network() if f.subject == "HTTPS"] == ["ok"]


@pytest.mark.django_db
def test_the_engine_under_test_is_examined(findings: list[doctor.Finding]) -> None:
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    assert name in {finding.subject for finding in findings}


@pytest.mark.sqlite
@pytest.mark.parametrize("made", [False, True], ids=["missing", "unmigrated"])
def test_before_the_first_migration_it_says_what_to_run_and_makes_no_file(
    tmp_path: Path, made: bool
) -> None:
    target = tmp_path / "nghitruong.sqlite3"
    if made:
        sqlite3.connect(target).execute("CREATE TABLE x (y)").connection.close()
    done = subprocess.run(
        [sys.executable, "-m", "nghitruong", "doctor"],
        cwd=Path(__file__).resolve().parents[3],
        env={k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        | {"NGHITRUONG_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "nghitruong migrate" in done.stdout
    assert "Error" not in done.stdout + done.stderr
    assert "no such table" not in done.stdout
    assert target.exists() == made


@pytest.mark.django_db
def test_given_up_work_is_told_apart_from_what_is_tried_for_ever() -> None:
    lost = {"state": JobState.FAILED, "attempts": 3}
    Job.objects.create(name="intake.process", key="a", **lost)
    Job.objects.create(name="binder.bind", key="b", **lost)
    Job.objects.create(name="files.shred", key="c", attempts=6, error="OSError: chỉ đọc")
    Job.objects.create(name="files.shred", key="d", attempts=1, error="OSError: lần đầu")
    Job.objects.create(name="search.index", key="e", attempts=7, error="OSError: đầy")
    found = [line for line in doctor.tables() if line.subject == "Việc nền"]
    assert [line.level for line in found] == ["warn", "warn", "fail", "fail"]
    files, others, *failing = (line.sentence for line in found)
    (erasing,) = (said for said in failing if "files.shred" in said)
    (finding,) = (said for said in failing if "search.index" in said)
    assert "tài liệu mật" in erasing
    assert "chưa tìm thấy được" in finding
    assert "tài liệu mật" not in finding
    assert files.startswith("1 tệp")
    assert "«Xử lý lại tệp»" in files
    assert "binder.bind (1)" in others
    assert "Xử lý lại" not in others
    assert "files.shred hỏng 6 lần" in erasing


def test_a_delegate_without_a_term_is_named(province: Built) -> None:
    with scope(council=province.council.pk):
        cuc = Membership.objects.filter(person=province.people["cuc"], seat__isnull=False)
        assert not [f for f in doctor.tables() if f.subject == "Đại biểu không thuộc khóa"]
        cuc.update(term=None)
    (found,) = [f for f in doctor.tables() if f.subject == "Đại biểu không thuộc khóa"]
    assert found.level == "fail"
    assert "Lê Thị Cúc." in found.sentence

"""What may be wrong with an installation, each with the sentence that says what to do."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import django
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max

from nghitruong.config import tls
from nghitruong.config.finding import Finding, Level
from nghitruong.config.jobs_check import background_work
from nghitruong.config.people_check import delegates_without_term
from nghitruong.config.tls_check import certificate
from nghitruong.platform.notices.ways import all_ways
from nghitruong.platform.notices.ways.push import key_file
from nghitruong.platform.storage.guards import missing_guards

GIB = 1024**3
SQLITE_WITHOUT_WAL_RESET_BUG = (3, 51, 3)
POSTGRESQL_OLDEST = 15_00_00
SLOW_FSYNC = 0.02  # seconds: above this a burst of votes no longer feels immediate
# Letters old fonts lack: ạ ả ế ở ỹ đ ơ ư
VIETNAMESE_LETTERS = "1ea1 1ea3 1ebf 1edf 1ef9 111 1a1 1b0"


def examine() -> Iterator[Finding]:
    """Every check in turn; one that breaks is reported and does not stop the others."""
    for check in CHECKS:
        try:
            yield from check()
        except Exception as error:  # the doctor must finish the round whatever it meets
            words = f"không kiểm tra được ({error!r}). Hãy gửi dòng này cho người hỗ trợ."
            yield Finding("fail", check.__name__, words)


def versions() -> Iterator[Finding]:
    """Python and Django."""
    level: Level = "ok" if sys.version_info >= (3, 11) else "fail"
    advice = "" if level == "ok" else ". Hãy dùng Python 3.11 trở lên"
    yield Finding(level, "Python", platform.python_version() + advice)
    yield Finding("ok", "Django", django.get_version())


def clock() -> Iterator[Finding]:
    """Deadlines, minutes and signatures depend on the clock."""
    try:
        ZoneInfo("Asia/Ho_Chi_Minh")
    except ZoneInfoNotFoundError:
        yield Finding("fail", "Múi giờ", "thiếu Asia/Ho_Chi_Minh. Hãy cài gói tzdata.")
    now = datetime.now(UTC)
    if _absent() is None:
        try:
            newest = apps.get_model("audit", "Entry")._base_manager.aggregate(at=Max("at"))["at"]
        except DatabaseError:
            newest = None  # not migrated; said elsewhere
        if newest is not None and newest > now:
            yield Finding(
                "fail",
                "Đồng hồ",
                f"chậm hơn dòng nhật ký mới nhất ({newest:%H:%M %d/%m/%Y} UTC). "
                "Hãy chỉnh giờ máy trước khi làm việc.",
            )
            return
    synchronised = _output("timedatectl", "show", "--property=NTPSynchronized", "--value")
    if synchronised == "yes":
        yield Finding("ok", "Đồng hồ", f"{now:%H:%M:%S %d/%m/%Y} UTC, có đồng bộ")
    else:
        yield Finding(
            "warn",
            "Đồng hồ",
            f"{now:%H:%M:%S %d/%m/%Y} UTC, không rõ có được đồng bộ hay không. "
            "Hãy so với giờ chuẩn trước mỗi phiên họp.",
        )


def disk() -> Iterator[Finding]:
    """Space, and how long an acknowledged vote waits for the disk."""
    free = shutil.disk_usage(settings.VAR_DIR).free
    level: Level = "ok" if free > 5 * GIB else "warn" if free > GIB else "fail"
    advice = "" if level == "ok" else ". Hãy giải phóng chỗ trước phiên họp"
    yield Finding(level, "Đĩa", f"còn trống {free / GIB:.1f} GB{advice}")
    times = []
    with tempfile.NamedTemporaryFile(dir=settings.VAR_DIR) as file:
        for _ in range(20):
            file.write(b"x" * 4096)
            file.flush()
            started = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - started)
    median = statistics.median(times)
    slow = median > SLOW_FSYNC
    yield Finding(
        "warn" if slow else "ok",
        "Ghi đĩa",
        f"mỗi lần ghi chắc chắn mất {median * 1000:.1f} ms"
        + (". Hãy dùng ổ SSD: ổ này làm biểu quyết chậm" if slow else ""),
    )


def permissions() -> Iterator[Finding]:
    """Votes and papers are nobody else's to read on this machine."""
    for path, wanted in ((Path(settings.VAR_DIR), 0o007), (Path(settings.FILES_DIR), 0o007)):
        if path.is_dir() and path.stat().st_mode & wanted:
            yield Finding(
                "warn",
                "Quyền đọc",
                f"mọi tài khoản trên máy đọc được {path}. Hãy chạy: chmod o-rwx {path}",
            )
        elif path.is_dir() and not os.access(path, os.W_OK):
            yield Finding(
                "fail", "Quyền ghi", f"không ghi được vào {path}. Hãy sửa chủ sở hữu thư mục."
            )
        else:
            yield Finding("ok", "Quyền thư mục", str(path))
    key = Path(settings.VAR_DIR) / "secret.key"
    if key.exists() and key.stat().st_mode & 0o077:
        yield Finding("fail", "Khóa bí mật", f"người khác đọc được. Hãy chạy: chmod 600 {key}")


def _absent() -> Path | None:
    """The SQLite file that is not there yet: looking at it would make an empty one."""
    path = Path(str(connection.settings_dict["NAME"]))
    on_disk = connection.vendor == "sqlite" and not connection.is_in_memory_db()  # type: ignore[attr-defined]  # SQLite's
    return path if on_disk and not path.exists() else None


def database() -> Iterator[Finding]:
    """The engine, its version and its durability."""
    if (path := _absent()) is not None:
        yield Finding(
            "fail",
            "Cơ sở dữ liệu",
            f"chưa có tệp {path}. Cài mới: hãy chạy nghitruong migrate. Máy đã dùng trước đây: hãy "
            "kiểm tra NGHITRUONG_VAR, DATABASE_URL, hoặc khôi phục bản sao lưu.",
        )
        return
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield Finding(
            "fail",
            "Cơ sở dữ liệu",
            "không kết nối được. Hãy kiểm tra DATABASE_URL, và máy chủ dữ liệu có đang chạy không. "
            f"Máy chủ trả lời: {' '.join(str(error).split())}",
        )
        return
    if connection.vendor == "sqlite":
        version = sqlite3.sqlite_version_info
        if version < SQLITE_WITHOUT_WAL_RESET_BUG:
            yield Finding(
                "warn",
                "SQLite",
                f"{sqlite3.sqlite_version}: bản trước 3.51.3 có lỗi hiếm khi thu gọn nhật ký ghi. "
                "Hệ thống đã tránh bằng khóa ghi; hãy nâng cấp khi có thể và không mở tệp "
                "dữ liệu bằng chương trình khác.",
            )
        else:
            yield Finding("ok", "SQLite", sqlite3.sqlite_version)
        with connection.cursor() as cursor:
            journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
            verdict = cursor.execute("PRAGMA quick_check").fetchone()[0]
        durable = journal == "wal" and synchronous == 2
        yield Finding(
            "ok" if durable else "fail",
            "Ghi bền",
            "mỗi phiếu đã báo nhận đều nằm trên đĩa"
            if durable
            else f"không bật được WAL/FULL ({journal}, {synchronous}). "
            "Hãy đặt dữ liệu trên ổ đĩa tại chỗ.",
        )
        yield Finding(
            "ok" if verdict == "ok" else "fail",
            "Tệp dữ liệu",
            "nguyên vẹn" if verdict == "ok" else f"hỏng ({verdict}). Hãy khôi phục bản sao lưu.",
        )
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        number = int(cursor.fetchone()[0])
        old = number < POSTGRESQL_OLDEST
        yield Finding(
            "fail" if old else "ok",
            "PostgreSQL",
            f"{number // 10000}" + (": quá cũ. Hãy dùng bản 15 trở lên." if old else ""),
        )
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            cursor.execute(f"SHOW {setting}")
            if (value := cursor.fetchone()[0]) == "off":
                yield Finding(
                    "fail", "Ghi bền", f"{setting}={value}: mất điện là mất phiếu. Hãy bật lại."
                )
        cursor.execute(
            "SELECT r.rolsuper OR EXISTS (SELECT 1 FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = current_schema() AND c.relkind = 'r' AND"
            " (c.relowner = r.oid OR has_table_privilege(r.oid, c.oid, 'TRUNCATE')))"
            " FROM pg_roles r WHERE r.rolname = current_user"
        )
        if cursor.fetchone()[0]:
            yield Finding(
                "warn",
                "Vai trò PostgreSQL",
                "tài khoản đang dùng có thể gỡ khóa chống sửa. Khi chạy thật hãy dùng tài khoản "
                "không sở hữu bảng: xem deploy/postgresql-roles.sql",
            )
        else:
            yield Finding("ok", "Vai trò PostgreSQL", "không gỡ được khóa chống sửa, xóa")


def tables() -> Iterator[Finding]:
    """Migrations applied, guards in place, no work given up."""
    if _absent() is not None:
        return  # said by :func:`database`
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError:
        return  # said by :func:`database`
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield Finding(
            "fail", "Bảng dữ liệu", f"còn {len(waiting)} bước. Hãy chạy: nghitruong migrate"
        )
        return
    yield Finding("ok", "Bảng dữ liệu", "đúng với phiên bản này")
    missing = missing_guards()
    if missing:
        yield Finding(
            "fail",
            "Khóa chống sửa, xóa",
            f"thiếu ở {', '.join(missing)}. Hãy chạy: nghitruong migrate, và tìm hiểu vì sao mất.",
        )
    else:
        yield Finding("ok", "Khóa chống sửa, xóa", "đủ trên mọi bảng hồ sơ")
    yield from background_work()
    yield from delegates_without_term()


def fonts() -> Iterator[Finding]:
    """Papers printed or shown must have every Vietnamese letter."""
    found = _output("fc-list", f":charset={VIETNAMESE_LETTERS}", "family")
    serif = found is not None and any(
        name in found for name in ("Liberation Serif", "Times New Roman", "Tinos")
    )
    if serif:
        yield Finding("ok", "Phông chữ", "có phông văn bản đủ chữ Việt")
    else:
        yield Finding(
            "warn",
            "Phông chữ",
            "không thấy phông kiểu Times New Roman đủ chữ Việt. Hãy cài: apt-get install "
            "fonts-liberation2 fontconfig",
        )


def converters() -> Iterator[Finding]:
    """Reading PDF is built in; office files need LibreOffice, scans need Tesseract."""
    import pypdfium2  # what is checked is that it loads on this machine

    yield Finding("ok", "Đọc PDF", f"pypdfium2 {pypdfium2.version.PYPDFIUM_INFO}")
    if shutil.which("soffice"):
        yield Finding("ok", "Văn bản Word", "LibreOffice chuyển được sang PDF")
    else:
        yield Finding(
            "warn",
            "Văn bản Word",
            "không có LibreOffice: tệp Word vẫn gửi và tải về được, nhưng không xem ngay trên "
            "trang. Hãy cài: apt-get install libreoffice-writer-nogui",
        )
    languages = (_output("tesseract", "--list-langs") or "").split()
    if "vie" in languages:
        yield Finding("ok", "Đọc ảnh quét", "Tesseract đọc được tiếng Việt")
    else:
        yield Finding(
            "warn",
            "Đọc ảnh quét",
            "không có Tesseract tiếng Việt: trang quét vẫn xem được nhưng không tìm được chữ. "
            "Hãy cài gói tesseract-ocr và tesseract-ocr-vie.",
        )


def pages() -> Iterator[Finding]:
    """The built screens and the catalogues."""
    package = Path(settings.PACKAGE_DIR)
    built = package / "ui" / "dist"
    if built.is_dir() and any(built.iterdir()):
        yield Finding("ok", "Giao diện", "đã dựng")
    else:
        yield Finding("fail", "Giao diện", "chưa dựng. Hãy chạy: make setup")
    sources = list(package.rglob("locale/*/LC_MESSAGES/*.po"))
    stale = [s for s in sources if not s.with_suffix(".mo").exists()]
    if stale:
        yield Finding(
            "warn", "Bản dịch", f"{len(stale)} danh mục chưa biên dịch. Hãy chạy: make setup"
        )


def network() -> Iterator[Finding]:
    """HTTPS wherever anybody but this machine can reach it."""
    outside = [h for h in settings.ALLOWED_HOSTS if h not in {"127.0.0.1", "localhost", "[::1]"}]
    if settings.DEMO:
        yield Finding(
            "warn", "Chế độ minh họa", "đang bật: chỉ để xem thử, không dùng cho kỳ họp thật."
        )
    if not outside:
        yield Finding(
            "ok", "Địa chỉ", "chỉ máy này vào được; mạng khác: đặt NGHITRUONG_HOSTS và HTTPS"
        )
    elif settings.HTTPS or settings.CERTFILE or tls.files().exist():
        yield Finding("ok", "HTTPS", f"bật cho {', '.join(outside)}")
    else:
        yield Finding(
            "warn",
            "HTTPS",
            f"chưa bật cho {', '.join(outside)}: vẫn biểu quyết được, nhưng trình duyệt tắt phần "
            "dùng khi mất mạng và giữ màn hình sáng. Hãy chạy: nghitruong tls init TÊN-MÁY.",
        )


def notices() -> Iterator[Finding]:
    """Ways of telling people outside the application; none is needed."""
    for channel, way in all_ways().items():
        problem = way.problem()
        yield Finding(
            "ok", f"Gửi qua {channel.label}", f"tắt ({problem})" if problem else "đã cấu hình"
        )
    key = key_file()
    if key.exists() and key.stat().st_mode & 0o077:
        yield Finding(
            "fail", "Khóa báo trên máy", f"người khác đọc được. Hãy chạy: chmod 600 {key}"
        )


CHECKS: list[Callable[[], Iterator[Finding]]] = [
    versions,
    clock,
    disk,
    permissions,
    database,
    tables,
    fonts,
    converters,
    pages,
    network,
    certificate,
    notices,
]


def _output(*command: str) -> str | None:
    """What a program prints, or None when it is not there or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None

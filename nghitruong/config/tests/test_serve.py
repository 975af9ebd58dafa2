"""``nghitruong serve``: real processes."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from nghitruong.config.serve import is_loopback
from nghitruong.config.work import Task, Tasks
from nghitruong.platform.live import paths
from tests.support.database import template_name
from tests.support.installation import ROOT, _environment
from tests.support.postgres import free_port

# Processes, not statements: once is enough. Marked as in need of the database, or it is not made
# when this file runs alone.
pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]


@pytest.fixture(scope="module")
def migrated(django_db_setup):
    folder = Path(tempfile.mkdtemp(prefix="nt-"))
    shutil.copy(template_name(), folder / "d.sqlite3")
    yield folder
    shutil.rmtree(folder)


def _manage(environment, *arguments):
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        cwd=ROOT,
    )


class Served:
    def __init__(self, var):
        self.var, self.port = var, free_port()
        self.environment = {
            **_environment(var, f"sqlite:///{var}/d.sqlite3"),
            "NGHITRUONG_DEMO": "false",
            "NGHITRUONG_SECRET_KEY": "bí mật của phép thử" * 3,
        }

    def __enter__(self):
        self.log = (self.var / "serve.log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "serve", "--bind", f"127.0.0.1:{self.port}"],
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            cwd=ROOT,
        )
        self.wait_until(lambda: self.get("/healthz")[0] == 200)
        self.family = psutil.Process(self.process.pid).children(recursive=True)
        return self

    def __exit__(self, *error):
        for one in self.family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        self.log.close()

    def wait_until(self, true, seconds=60):
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if true():
                    return
            if time.monotonic() > deadline:
                raise AssertionError((self.var / "serve.log").read_text())
            time.sleep(0.05)

    def get(self, path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers=headers)
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()

    def roles(self):
        found = {}
        for one in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                words = one.cmdline()
                if "nghitruong.config.serve" in words:
                    found[words[words.index("nghitruong.config.serve") + 1]] = one
        return found


def test_the_system_starts_heals_and_stops_without_a_trace(migrated):
    with Served(migrated) as served:
        assert set(served.roles()) == {"live", "web", "work"}
        status, content = served.get("/tai-khoan/dang-nhap/")
        assert status == 200
        assert b"<form" in content

        # A second one on the same data is refused with a sentence.
        second = _manage(served.environment, "serve", "--bind", f"127.0.0.1:{free_port()}")
        assert second.returncode == 1
        assert "đang chạy rồi" in second.stderr

        # A process that dies comes back; the port was never closed.
        old = served.roles()["live"].pid
        os.kill(old, signal.SIGKILL)
        served.wait_until(lambda: served.roles().get("live", psutil.Process()).pid != old)
        served.wait_until(lambda: served.get("/healthz")[0] == 200)

        # An open connection does not hold up the stop.
        stream = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
        stream.request("GET", "/tai-khoan/dang-nhap/")
        stream.getresponse().read()  # kept open
        family = psutil.Process(served.process.pid).children(recursive=True)
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(timeout=20) == 0
        _, alive = psutil.wait_procs(family, timeout=5)
        assert not alive
        assert not list((migrated / "run").glob("doorbell.sock"))


def test_a_web_process_that_dies_leaves_no_page_without_an_answer(migrated):
    """Its socket stays with the parent, so pages wait there for who takes its place."""
    with Served(migrated) as served:
        web = served.roles()["web"]
        served.wait_until(lambda: len(web.children()) == settings.WEB_PROCESSES)
        before = {one.pid for one in web.children()}
        dead = min(before)
        os.kill(dead, signal.SIGKILL)
        pages = [served.get("/tai-khoan/dang-nhap/")[0] for _ in range(6)]
        assert pages == [200] * 6
        served.wait_until(lambda: len({one.pid for one in web.children()} - {dead}) == len(before))
        assert [served.get("/tai-khoan/dang-nhap/")[0] for _ in range(4)] == [200] * 4


def test_children_do_not_outlive_a_killed_parent(migrated):
    with Served(migrated) as served:
        served.process.kill()
        _, alive = psutil.wait_procs(served.family, timeout=20)
        assert not alive


def test_demo_mode_refuses_to_be_reached_from_elsewhere(migrated):
    environment = _environment(migrated, f"sqlite:///{migrated}/d.sqlite3")
    done = _manage(environment, "serve", "--host", "0.0.0.0", "--port", str(free_port()))
    assert done.returncode == 1
    assert "chỉ chạy trên máy này" in done.stderr


def test_a_database_behind_the_program_is_not_served(tmp_path):
    environment = _environment(tmp_path, f"sqlite:///{tmp_path}/d.sqlite3")
    done = _manage(environment, "serve", "--port", str(free_port()))
    assert done.returncode == 1
    assert "nghitruong migrate" in done.stderr


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("192.168.1.2", False),
        ("::", False),
        ("hdnd.lan", False),
    ],
)
def test_loopback_is_recognised(host, here):
    assert is_loopback(host) is here


def test_a_long_path_gets_a_short_one_for_its_sockets(settings, tmp_path):
    settings.RUN_DIR = tmp_path / ("rất dài " * 12) / "run"
    short = paths.run_dir()
    assert len(os.fsencode(short / "doorbell.sock")) <= paths.LIMIT
    assert short == paths.run_dir()
    assert short.stat().st_mode & 0o077 == 0
    short.rmdir()
    settings.RUN_DIR = tmp_path / "run"
    assert paths.run_dir() == tmp_path / "run" or len(os.fsencode(tmp_path)) > 80


def test_a_background_task_that_dies_is_started_again(monkeypatch):
    started = []

    class Dying:
        def is_alive(self):
            return len(started) > 1

        def stop(self):
            pass

    tasks = Tasks([Task("nghitruong.config.work", "main"), Task("nghitruong.khong.co", "x")])
    assert [task.module for task in tasks.tasks] == ["nghitruong.config.work"]
    monkeypatch.setattr(Task, "start", lambda self: started.append(1) or Dying())
    tasks.look()
    tasks.look()
    tasks.look()
    assert len(started) == 2

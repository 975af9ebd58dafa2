"""A program run apart cannot eat the machine, outlive us, or take us down."""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nghitruong.platform.jobs import apart

PYTHON = sys.executable


def test_output_comes_line_by_line_and_the_exit_code_is_told():
    lines = []
    code = "import os,sys; print('một'); print(os.nice(0)); sys.exit(3)"
    done = apart.run([PYTHON, "-c", code], seconds=20, on_line=lines.append)
    assert lines[0] == "một"
    assert int(lines[1]) == min(os.nice(0) + apart.NICE, 19)
    assert (done.code, done.ok, done.timed_out) == (3, False, False)


def test_a_program_that_reads_strangers_files_is_told_no_secret(monkeypatch, tmp_path):
    for name in ("DATABASE_URL", "NGHITRUONG_SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "PGPASSWORD"):
        monkeypatch.setenv(name, "hunter2")
    code = "import json,os; print(json.dumps(dict(os.environ)))"
    for more in (None, {"PYTHONPATH": "/x"}):
        done = apart.run([PYTHON, "-c", code], seconds=20, environment=more)
        told = json.loads(done.output)
        assert "hunter2" not in told.values()
        assert told["PATH"] == os.environ["PATH"]
        assert told.get("PYTHONPATH", "") == (more or {}).get("PYTHONPATH", "")


def test_nobody_below_the_configuration_starts_a_program_with_everything_we_know():
    """Every start of a program in the layers that touch files names its environment."""
    package = Path(apart.__file__).resolve().parents[2]
    bare = []
    for path in [*package.glob("platform/**/*.py"), *package.glob("council/**/*.py")]:
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "subprocess.run",
                "subprocess.Popen",
            }:
                told = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                if not told.get("env", "").startswith("surroundings(") and not told.get(
                    "env", ""
                ).startswith("apart.surroundings("):
                    bare.append(f"{path.relative_to(package)}:{node.lineno}")
    # The guard itself: what it inherits is what it was given.
    assert [place.partition(":")[0] for place in bare] == ["platform/jobs/apart.py"]


def test_what_takes_too_long_is_ended_with_its_children():
    code = (
        "import subprocess,sys,time;"
        "p=subprocess.Popen([sys.executable,'-c','import time;time.sleep(60)']);"
        "print(p.pid,flush=True);time.sleep(60)"
    )
    lines = []
    done = apart.run([PYTHON, "-c", code], seconds=1.5, on_line=lines.append)
    assert done.timed_out
    assert _gone(int(lines[0]))


def test_memory_and_file_sizes_are_bounded(tmp_path):
    eater = apart.run([PYTHON, "-c", "x = bytearray(600 << 20)"], seconds=20, memory_mb=300)
    assert not eater.ok
    assert "MemoryError" in eater.errors
    target = tmp_path / "big"
    writer = apart.run(
        [PYTHON, "-c", f"open({str(target)!r},'wb').write(bytes(5 << 20))"], seconds=20, file_mb=1
    )
    assert not writer.ok
    assert target.stat().st_size <= 1 << 20


@pytest.mark.parametrize("number", apart.TOLD_TO_STOP)
def test_who_is_told_to_stop_says_nothing_of_the_file(number):
    """A machine shut down in the middle of a paper does not call the paper broken."""
    code = "import os,time;print(os.getppid(),os.getpid(),flush=True);time.sleep(60)"
    seen = []

    def stop(line):
        seen.append(int(line.split()[1]))
        os.kill(int(line.split()[0]), number)

    with pytest.raises(apart.Interrupted):
        apart.run([PYTHON, "-c", code], seconds=30, on_line=stop)
    assert _gone(seen[0])


def test_a_missing_program_is_told_not_raised():
    assert apart.run(["/no/such/program"], seconds=5).code == 127


def test_what_runs_apart_dies_with_a_killed_worker(tmp_path):
    code = (
        "import sys;from nghitruong.platform.jobs import apart;"
        "apart.run([sys.executable,'-c','import os,time;print(os.getpid(),flush=True);"
        "time.sleep(60)'],seconds=60,on_line=lambda line: print(line, flush=True))"
    )
    worker = subprocess.Popen([PYTHON, "-c", code], stdout=subprocess.PIPE, text=True)
    pid = int(worker.stdout.readline())
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    assert _gone(pid)


def _gone(pid):
    for _ in range(100):
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except FileNotFoundError:
            return True
        if stat.rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False

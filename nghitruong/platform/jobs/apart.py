"""Running a heavy or fragile program apart: with limits, giving way, and gone when we are gone.

``python -I -S apart.py SECONDS MEMORY_MB FILE_MB WORKER -- PROGRAM …`` is the guard: it sets the
limits, starts the program in a session of its own and kills that whole session when the time is
up, when it is told to stop, or when the worker dies.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

NICE = 15
PR_SET_PDEATHSIG = 1
TIMED_OUT = 124
TAIL = 20_000
MIB = 1 << 20


# All that a program which reads strangers' files is told of ours: where programs, fonts and
# languages are. Not the database's address, not the secret key, nor what else was exported here.
PASSED_ON = frozenset(
    {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH"}
    | {"FONTCONFIG_FILE", "FONTCONFIG_PATH", "TESSDATA_PREFIX", "XDG_DATA_DIRS"}
)


def surroundings(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of such a program, with what it needs besides."""
    found = {name: value for name, value in os.environ.items() if name in PASSED_ON}
    return {"HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1", **found, **(more or {})}


# By these a machine that shuts down, or a person at the keyboard, ends us and all we started.
TOLD_TO_STOP = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Interrupted(RuntimeError):
    """The program was told to stop from outside: nothing is known of what it was reading."""


@dataclass(frozen=True)
class Done:
    """How it ended. ``code`` below zero: killed by that signal."""

    code: int
    timed_out: bool
    output: str
    errors: str

    @property
    def ok(self) -> bool:
        """Whether it ended well."""
        return self.code == 0 and not self.timed_out


def run(
    command: Sequence[str],
    *,
    seconds: float,
    memory_mb: int = 2048,
    file_mb: int = 2048,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] | None = None,
) -> Done:
    """Run ``command`` within ``seconds`` of wall time; never raises for what the program does.
    Raises :class:`Interrupted` when it was told to stop, so that a job is tried again and no file
    is called broken because the machine was shut down while it was read.

    It gets :func:`surroundings` with ``environment``, never this process's own environment.
    ``memory_mb`` bounds each process's address space, ``file_mb`` each file it writes. ``on_line``
    gets each line of its output as it comes; the last 20,000 characters are returned.
    """
    guard = [sys.executable, "-I", "-S", str(Path(__file__).resolve())]
    process = subprocess.Popen(
        [*guard, str(seconds), str(memory_mb), str(file_mb), str(os.getpid()), "--", *command],
        cwd=folder,
        env=surroundings(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    errors: list[str] = []
    assert process.stdout is not None  # noqa: S101  # piped above
    assert process.stderr is not None  # noqa: S101
    stderr = process.stderr

    def drain() -> None:
        kept = 0
        for line in stderr:
            if kept < TAIL:
                errors.append(line[:TAIL])
                kept += len(line)

    reader = threading.Thread(target=drain, daemon=True)
    reader.start()
    lines: list[str] = []
    try:
        for line in process.stdout:
            if on_line is not None:
                on_line(line.rstrip("\n"))
            lines.append(line)
            if len(lines) > 2000:
                del lines[:1000]
        code = process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
        reader.join(timeout=2)
        process.stdout.close()
    if code > 128 and code != TIMED_OUT:
        code = 128 - code
    if -code in TOLD_TO_STOP:
        raise Interrupted(f"{command[0]}: {signal.Signals(-code).name}")
    return Done(code, code == TIMED_OUT, "".join(lines)[-TAIL:], "".join(errors)[-TAIL:])


def _limit(number: int, value: int) -> None:
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(number, (value, value))


def main(arguments: Sequence[str]) -> int:
    """The guard itself."""
    seconds, memory_mb, file_mb = float(arguments[0]), int(arguments[1]), int(arguments[2])
    command = list(arguments[5:])
    child: subprocess.Popen[bytes] | None = None

    def end(_number: int = 0, _frame: FrameType | None = None) -> None:
        if child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)

    def stop(number: int, frame: FrameType | None) -> None:
        end(number, frame)
        os._exit(128 + number)

    for number in TOLD_TO_STOP:
        signal.signal(number, stop)
    with contextlib.suppress(OSError):  # when the worker is killed the kernel tells us
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(arguments[3]):  # it was killed before we asked to be told
        return 128 + signal.SIGTERM
    with contextlib.suppress(OSError):
        os.nice(NICE)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, int(seconds * 4) + 5)  # threads count together
    _limit(resource.RLIMIT_FSIZE, file_mb * MIB)

    def before() -> None:
        _limit(resource.RLIMIT_AS, memory_mb * MIB)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, TOLD_TO_STOP)

    # The program may run before Popen has told us its number: whoever stops us waits until then,
    # or the program would be left behind.
    signal.pthread_sigmask(signal.SIG_BLOCK, TOLD_TO_STOP)
    try:
        # The guard has one thread: a function between fork and exec is safe here.
        child = subprocess.Popen(command, start_new_session=True, preexec_fn=before)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 127
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, TOLD_TO_STOP)
    deadline = time.monotonic() + seconds
    try:
        code = child.wait(timeout=max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        code = TIMED_OUT
    end()  # whatever it left behind in its session
    if code < 0:
        code = 128 - code
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Files nobody names are swept; whatever any row names stays."""

from __future__ import annotations

import os
import time

from django.core.management import call_command

from nghitruong.council.papers.models import Paper, PaperVersion, Upload
from nghitruong.council.papers.tests.conftest import make_pdf, send
from nghitruong.platform.files import orphans, store

OLD = time.time() - 10 * 86400


def stored(data: bytes, *, old: bool = False) -> str:
    digest, _size = store.put([data])
    if old:
        os.utime(store.path_of(digest), (OLD, OLD))
    return digest


def test_the_sweep_takes_what_is_old_and_unnamed_and_nothing_else(cast, capsys):
    send(cast.clerk, make_pdf("báo cáo"))
    paper = PaperVersion.objects.get().sha256
    os.utime(store.path_of(paper), (OLD, OLD))
    old, young, named = stored(b"old", old=True), stored(b"young"), stored(b"named", old=True)
    half = store.path_of(old).parents[2] / ".in-cut"
    half.write_bytes(b"half")
    os.utime(half, (OLD, OLD))
    Upload.objects.update(outcome={"files": [{"sha256": named}]})  # deep inside JSON counts too
    call_command("sweep_files")
    said = capsys.readouterr().out
    assert old in said
    assert named not in said
    assert store.path_of(old).exists()
    report = orphans.nightly()
    assert (report.files, report.young, report.removed) == (4, 1, 2)
    assert not store.path_of(old).exists()
    assert not half.exists()
    assert all(store.path_of(digest).exists() for digest in (young, named, paper))
    assert Paper.objects.exists()


def test_an_expunged_version_keeps_no_file(cast):
    send(cast.clerk, make_pdf("một"))
    digest = PaperVersion.objects.get().sha256
    assert digest in orphans.named()
    PaperVersion.objects.update(file_name="")
    assert digest not in orphans.named()

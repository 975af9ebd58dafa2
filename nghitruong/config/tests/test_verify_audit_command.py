"""``nghitruong verify-audit`` speaks plainly and fails with status 1."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django_scopes import scope

from nghitruong.config.demo.people import Built
from nghitruong.platform.audit import api
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.audit.sealer import head, seal_pending
from nghitruong.platform.storage.guards import install_guards, remove_guards


def run(*args: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_audit", *args, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def sealed(province: Built, commune: Built) -> Built:
    for built in (province, commune):
        with scope(council=built.council.pk):
            for n in range(3):
                api.record(
                    "floor.note", council_id=built.council.pk, actor_id=None, payload={"n": n}
                )
    seal_pending(everything=True)
    return province


def test_an_intact_log_of_every_council(sealed: Built) -> None:
    status, text = run()
    assert status == 0
    assert "lao-cai: nguyên vẹn, 3 dòng" in text
    assert "mau-a: nguyên vẹn, 3 dòng" in text


def test_a_printed_head_in_a_file_is_compared(sealed: Built, tmp_path: Path) -> None:
    paper = tmp_path / "heads.txt"
    paper.write_text(f"Biên bản số 1: {head(sealed.council.pk)}\n")
    status, text = run("--council", "lao-cai", "--file", str(paper))
    assert status == 0
    assert "đã so 1 mã in" in text


def test_a_changed_row_fails_with_its_place(sealed: Built) -> None:
    remove_guards()
    with scope(council=sealed.council.pk):
        victim = Entry.objects.order_by("pk")[1]
        Entry.objects.filter(pk=victim.pk).update(payload={"n": 7})
    install_guards()
    status, text = run("--council", "lao-cai")
    assert status == 1
    assert "lao-cai: Dòng số 2 (floor.note): nội dung đã bị sửa sau khi ghi." in text


def test_a_head_of_another_history_fails(sealed: Built) -> None:
    status, text = run("--council", "lao-cai", "--head", f"2:{'0' * 64}")
    assert status == 1
    assert "tính lại sau khi in" in text


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--council", "khong-co"], "Không có Hội đồng"),
        (["--head", f"2:{'0' * 64}"], "thêm --council"),
        (["--council", "lao-cai", "--head", "abc"], "Không thấy mã"),
        (["--council", "lao-cai", "--file", "/khong/co"], "Không có tệp"),
    ],
)
def test_bad_arguments_are_explained(sealed: Built, args: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(*args)

"""Published numbers of other assemblies come out of our code."""

import csv
import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from nghitruong.lib.numbers import percent

DATA = Path(os.environ.get("NGHITRUONG_DATA", settings.BASE_DIR.parent / "shared" / "data"))
if not DATA.is_dir():  # a worktree beside the others
    DATA = settings.BASE_DIR.parent.parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="không có thư mục NGHITRUONG_DATA")


@pytest.mark.data
@needs_data
def test_every_published_poll_is_recounted_but_those_the_source_got_wrong():
    folder = DATA / "votes" / "zurich"
    out = StringIO()
    call_command("recount", "--dir", str(folder), stdout=out)
    answer = json.loads(out.getvalue())
    with (folder / "totals.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert answer["polls"] == len(rows) > 500
    assert set(answer["different"]) == {row["vote_id"] for row in rows if row["match"] == "0"}


@pytest.mark.data
@needs_data
def test_published_percentages_of_confidence_votes_come_out_to_the_second_decimal():
    with (DATA / "votes" / "vn_confidence.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        same = all(
            percent(int(row[level]), int(row["total_members"])) == percent_of(row[f"{level}_pct"])
            for level in ("high", "mid", "low")
            if row[level]
        )
        assert same == (row["match"] == "1"), row


def percent_of(text):
    from decimal import Decimal

    return Decimal(text).quantize(Decimal("0.01"))


def write(folder, *, pub_no="1"):
    import gzip

    (folder / "totals.csv").write_text(
        "vote_id,time,title,pub_yes,pub_no,pub_abstain,pub_absent\n"
        f"a,2026-01-01T08:00:00,Mot,2,{pub_no},0,1\n",
        encoding="utf-8",
    )
    with gzip.open(folder / "votes.csv.gz", "wt", encoding="utf-8") as file:
        file.write("vote_id,seat,last_name,first_name,party,vote\n")
        for seat, vote in enumerate(["JA", "JA", "NEIN", "--"], start=1):
            file.write(f"a,{seat},A,B,X,{vote}\n")


@pytest.mark.parametrize(("pub_no", "different"), [("1", []), ("2", ["a"]), ("", ["a"])])
def test_a_published_number_that_the_votes_do_not_give_is_named(tmp_path, pub_no, different):
    write(tmp_path, pub_no=pub_no)
    out = StringIO()
    call_command("recount", "--dir", str(tmp_path), stdout=out)
    assert json.loads(out.getvalue()) == {"polls": 1, "different": different}


def test_a_missing_folder_is_an_error_in_words(tmp_path):
    with pytest.raises(CommandError, match="Không đọc được"):
        call_command("recount", "--dir", str(tmp_path / "khong-co"))

"""Recounting published named votes of another assembly with our own arithmetic.

Reads a folder with ``totals.csv`` (what was published) and ``votes.csv.gz`` (who voted what), makes
of every poll a record of ours that *says* the published numbers, and lets :func:`recompute` judge.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nghitruong.lib.text import nfc
from nghitruong.session.voting.majority import Counts, Rule, outcome
from nghitruong.session.voting.record import FORMAT, Verification, recompute

# As the source writes a choice, and its slips of the pen; everything else is "did not vote".
CHOICES = {"JA": "yes", "]A": "yes", "NEIN": "no", "ENTHALTEN": "abstain"}
RULE = Rule(1, 2, True, "present", "quá nửa số đại biểu tham gia")


@dataclass(frozen=True, slots=True)
class Published:
    """One published poll and the votes listed for it."""

    vote_id: str
    row: dict[str, str]
    votes: list[dict[str, str]]


def read(folder: Path) -> Iterator[Published]:
    """Every poll of the folder. Raises OSError where a file is missing."""
    listed: dict[str, list[dict[str, str]]] = defaultdict(list)
    with gzip.open(folder / "votes.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            listed[row["vote_id"]].append(row)
    with (folder / "totals.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Published(row["vote_id"], row, listed[row["vote_id"]])


def _number(text: str) -> int:
    """A published number; one that is missing or unreadable is −1, which no count equals."""
    return int(text) if text.strip().isdecimal() else -1


def to_record(poll: Published) -> dict[str, Any]:
    """The poll as a record that claims what was published."""
    roll, votes = [], []
    for index, row in enumerate(poll.votes):
        membership = f"{row['seat']}-{index}"
        choice = CHOICES.get(row["vote"].strip().upper())
        name = nfc(f"{row['first_name']} {row['last_name']}")
        roll.append(
            {
                "membership": membership,
                "name": name,
                "group": nfc(row["party"]),
                "seat": _number(row["seat"]),
                "in_office": True,
                "entitled": True,
                "presence": "present" if choice else "absent",
            }
        )
        if choice:
            votes.append(
                {
                    "membership": membership,
                    "name": name,
                    "choice": choice,
                    "cast_at": f"{poll.row['time'][:10]}T00:00:00Z",
                    "receipt": "",
                    "presence": "present",
                }
            )
    published = {
        "seats_by_law": 180,
        "in_office": len(roll),
        "present": len(roll) - _number(poll.row["pub_absent"]),
        "yes": _number(poll.row["pub_yes"]),
        "no": _number(poll.row["pub_no"]),
        "abstain": _number(poll.row["pub_abstain"]),
        "not_voting": 0,
    }
    day = poll.row["time"][:10]
    claimed = outcome(RULE, Counts(**published)).as_dict() if min(published.values()) >= 0 else {}
    return {
        "format": FORMAT,
        "poll": {
            "id": poll.vote_id,
            "question": nfc(poll.row["title"]),
            "opened_at": f"{day}T00:00:00Z",
            "closed_at": f"{day}T23:59:59Z",
        },
        "text": None,
        "rule": RULE.as_dict(),
        "electorate": {"seats_by_law": 180, "present_only": True, "allow_change": True},
        "roll": roll,
        "votes": votes,
        "changed_since_voting": [],
        "counts": published,
        "outcome": claimed,
        "audit": None,
    }


def recount(polls: Iterable[Published]) -> tuple[int, dict[str, Verification]]:
    """How many polls there are, and the verification of each whose published numbers differ."""
    different: dict[str, Verification] = {}
    number = 0
    for poll in polls:
        number += 1
        result = recompute(to_record(poll))
        if not result.ok:
            different[poll.vote_id] = result
    return number, different

"""One whole day, from the summons to the minutes, as the people of the cast live it.

Everything goes through the real actions; what is tapped in the hall goes through the live
engine, in batches, with nonces and receipts.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.test import override_settings

from nghitruong.config.live import register_apps
from nghitruong.council.papers.actions.papers import release_papers
from nghitruong.council.papers.actions.uploads import add_file
from nghitruong.platform.audit.sealer import head, seal_pending
from nghitruong.platform.errors import Refused
from nghitruong.platform.live import commands as registry
from nghitruong.platform.live.commands import Request, Ticket
from nghitruong.platform.live.engine import Engine, Waiting
from nghitruong.platform.storage.ids import new_id
from nghitruong.session.floor import actions as floor
from nghitruong.session.floor.models import JournalEntry
from nghitruong.session.floor.queries import hall_state
from nghitruong.session.meetings.actions.agenda import add_item
from nghitruong.session.meetings.actions.planned import add_sitting
from nghitruong.session.meetings.actions.sessions import create_session
from nghitruong.session.meetings.actions.summons import issue_summons, reply
from nghitruong.session.meetings.models import Summons
from nghitruong.session.minutes.actions import make_minutes
from nghitruong.session.voting import actions as voting
from nghitruong.session.voting.models import Poll, Vote
from nghitruong.session.voting.record import envelope
from tests.support.cast import actor

DRAFT = "nghitruong/config/demo/papers/du-thao-01.pdf"


class Hall:
    """The hall's taps, as the live process takes them."""

    def __init__(self, sitting):
        self.sitting = sitting
        self.engine = Engine(lambda answered: None)

    def tap(self, *taps):
        """Each tap is (actor, command, body[, nonce]); all land in one batch, answers in order."""
        batch = []
        for who, command, body, *nonce in taps:
            ticket = Ticket(self.sitting.council_id, who.id, self.sitting.pk, "máy", who.name)
            key = nonce[0] if nonce else new_id().hex
            batch.append(Waiting(Request(command, ticket, key, body, datetime.now(UTC)), None))
        return [json.loads(answer.body) for _, answer in self.engine.process(batch)]


@pytest.fixture
def commands(monkeypatch):
    monkeypatch.setattr(registry, "_commands", {})
    register_apps()


@pytest.mark.django_db
def test_from_the_summons_to_the_minutes(province, council, chair, clerk, tmp_path, commands):
    with override_settings(FILES_DIR=tmp_path / "files"):
        live_the_day(province, council, chair, clerk, tmp_path)


def live_the_day(province, council, chair, clerk, tmp_path):
    delegates = [actor(province, name) for name in ("cuc", "dung", "hoa", "db01", "db02", "db03")]
    everybody = [chair, *delegates, *(actor(province, f"db{n:02d}") for n in range(4, 12))]
    cuc, dung = delegates[:2]

    # The office prepares: a session, a sitting, an agenda with a draft, the summons.
    session = create_session(
        by=clerk, number=4, kind="regular", expected_opening=date(2026, 12, 8), place="Hội trường"
    )
    sitting = add_sitting(
        session,
        by=clerk,
        kind="plenary",
        title="Phiên toàn thể",
        starts_at=datetime(2026, 12, 8, 0, 30, tzinfo=UTC),
    )
    version = add_file(
        path_of(DRAFT, tmp_path),
        by=clerk,
        about={"kind": "draft_resolution", "title": "Dự thảo Nghị quyết về giám sát năm 2027"},
        session_id=session.pk,
    )
    release_papers(
        [version.paper],
        by=clerk,
        late_approved_by="Chủ tịch HĐND",
        late_reason="Bổ sung tại phiên họp",
    )
    add_item(session, by=clerk, sitting=sitting, kind="debate", title="Thảo luận", minutes=60)
    decision = add_item(
        session,
        by=clerk,
        sitting=sitting,
        kind="decision",
        title="Nghị quyết về giám sát năm 2027",
        minutes=10,
        papers=[version.paper],
    )
    summons = issue_summons(session, by=clerk)
    assert [paper.number for paper in summons] == list(range(1, 16))
    absent = delegates[5]
    own = Summons.objects.get(person_id=absent.id)
    with pytest.raises(Refused):
        reply(own, coming=False, reason="", by=absent)  # a reason is asked for
    reply(own, coming=False, reason="Đi công tác", by=absent)

    # The morning: roll call by one's own tap; a double tap counts once.
    floor.open_roll(sitting, by=clerk)
    hall = Hall(sitting)
    present = [person for person in everybody if person.id != absent.id]
    answers = hall.tap(*((person, "check-in", {}) for person in present), (cuc, "check-in", {}))
    assert all(answer["ok"] for answer in answers)
    counts = hall_state(sitting.pk)["presence"]["counts"]
    assert (counts["in_office"], counts["present"], counts["excused"]) == (15, 14, 1)
    floor.open_sitting(sitting, by=chair)

    # The debate: two ask, one withdraws, the chair calls the other.
    floor.next_item(sitting, by=chair)
    hall.tap((cuc, "ask", {"kind": "speech"}), (dung, "ask", {"kind": "speech"}))
    hall.tap((dung, "withdraw", {}))
    waiting = hall_state(sitting.pk)["queue"]["waiting"]
    assert [row["name"] for row in waiting] == ["Lê Thị Cúc"]
    floor.call_speaker(sitting, waiting[0]["id"], by=chair)
    speaker = hall_state(sitting.pk)["queue"]["speaker"]
    assert speaker["name"] == "Lê Thị Cúc"
    floor.finish_speech(sitting, speaker["speech_id"], by=chair)

    # The vote: on this version of this text.
    floor.next_item(sitting, by=chair)
    poll = voting.prepare_poll(decision, by=clerk, sitting=sitting, version=version)
    poll = voting.open_poll(poll, by=chair)
    body = {"poll": str(poll.pk)}
    first = "nonce-of-the-first-tap"
    (early,) = hall.tap((cuc, "vote", {**body, "choice": "no"}, first))
    (changed,) = hall.tap((cuc, "vote", {**body, "choice": "yes"}))
    (again,) = hall.tap((cuc, "vote", {**body, "choice": "no"}, first))  # the lost answer's retry
    assert again == early
    assert changed["changes"] == 1
    assert Vote.objects.get(person_id=cuc.id).choice == "yes"
    hall.tap(*((person, "vote", {**body, "choice": "yes"}) for person in present[2:9]))
    hall.tap((present[9], "vote", {**body, "choice": "abstain"}))
    (refused,) = hall.tap((absent, "vote", {**body, "choice": "yes"}))
    assert refused["code"] != "ok"
    assert not Vote.objects.filter(person_id=absent.id).exists()
    late, closed, later = hall.tap(
        (present[10], "vote", {**body, "choice": "no"}),
        (chair, "close-poll", body),
        (present[11], "vote", {**body, "choice": "yes"}),
    )
    assert late["ok"]  # it arrived before the close
    assert closed["ok"]
    assert later["code"] == "poll_closed"
    poll.refresh_from_db()
    assert (poll.yes, poll.no, poll.abstain, poll.not_voting) == (8, 1, 1, 4)
    assert (poll.in_office, poll.present, poll.needed, poll.passed) == (15, 14, 8, True)
    assert poll.text_sha256 == version.sha256
    voting.publish_poll(poll, by=chair)
    result = hall_state(sitting.pk)["result"]
    assert result["passed"]
    assert "10/15 đại biểu" in result["sentence"]
    with pytest.raises(Refused):
        voting.annul_poll(poll, by=chair, reason="Nhầm")

    # The end: minutes from the journal, and everything can be verified by anybody.
    floor.close_sitting(sitting, by=chair)
    assert JournalEntry.objects.filter(sitting=sitting, text__contains="Lê Thị Cúc").exists()
    seal_pending()
    sitting.refresh_from_db()
    minutes = make_minutes(sitting, by=clerk)
    assert minutes.number == 1
    seal_pending()
    position, digest = head(council.pk)
    call_command("verify_audit", head=[f"{position}:{digest}"], verbosity=0)
    record = tmp_path / "poll.json"
    record.write_text(json.dumps(envelope(Poll.objects.get().record), ensure_ascii=False))
    call_command("verify_poll", str(record), sha256=poll.record_sha256)


def path_of(file, tmp_path):
    """A copy, because the intake moves what it takes."""
    import shutil
    from pathlib import Path

    return Path(shutil.copy(Path(__file__).parents[2] / file, tmp_path / "du-thao.pdf"))

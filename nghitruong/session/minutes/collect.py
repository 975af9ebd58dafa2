"""Everything the minutes of a sitting say, gathered into plain values. Reads only."""

from __future__ import annotations

import uuid
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from nghitruong.council.councils.models import Duty, DutyKind
from nghitruong.council.councils.periods import in_force
from nghitruong.lib.days import date_words
from nghitruong.platform.audit.chain import Head
from nghitruong.platform.audit.sealer import head
from nghitruong.session.floor.models import JournalEntry, Speech
from nghitruong.session.meetings.models import (
    AgendaItem,
    Presence,
    RollEntry,
    Sitting,
    SittingState,
)
from nghitruong.session.voting.counting import counts_of, names_in_office, outcome_of
from nghitruong.session.voting.majority import TOTALS, Rule
from nghitruong.session.voting.models import Poll, PollState, Vote
from nghitruong.session.voting.sentence import percent_rows
from nghitruong.session.voting.slices import sentence_of

# Told in the minutes by the speech or the poll itself, with more than one line says.
_TOLD_ELSEWHERE = frozenset(
    {
        "floor.call_speaker",
        "floor.start_speech",
        "floor.extend_speech",
        "floor.pause_clock",
        "floor.resume_clock",
        "floor.warn_speaker",
        "floor.finish_speech",
        "floor.set_speech_minutes",
        "floor.ask",
        "floor.withdraw",
        "floor.clear_notice",
        "voting.prepared",
        "voting.opened",
        "voting.closed",
        "voting.published",
    }
)


_ENDED = "thôi làm nhiệm vụ trong phiên"


@dataclass(frozen=True, slots=True)
class Member:
    """A delegate on the roll; ``reason`` for those who are not there."""

    name: str
    title: str
    group: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: when (``HH giờ MM``), in words; ``bold`` for what was decided."""

    at: datetime
    clock: str
    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class VoteResult:
    """An announced poll as the minutes write it."""

    at: datetime
    number: int
    question: str
    text: str
    text_sha256: str
    rule: str
    bases: list[tuple[str, int]]
    total: str  # what the percentages of the rows are of
    rows: list[tuple[str, int, str]]
    needed: int
    passed: bool
    sentence: str
    sha256: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ItemPart:
    """What happened while the hall was at one item (or at none yet)."""

    item: uuid.UUID | None
    title: str
    presenter: str
    happened: list[Line | VoteResult]
    closed_doors: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """The minutes' content."""

    council: str
    term: int
    place: str
    session: str
    sitting: str
    hall: str
    opened: str
    closed: str
    date: str
    presiding: str
    chairs: list[str]
    clerks: list[str]
    seats_by_law: int
    in_office: int
    counted: bool  # a roll was called here; else who was there is known on paper only
    present: list[Member]
    absent: list[Member]
    parts: list[ItemPart]
    audit: Head
    finished: bool
    closed_doors: bool
    notes: list[str] = field(default_factory=list)


def clock(moment: datetime) -> str:
    """«08 giờ 05»."""
    local = timezone.localtime(moment)
    return f"{local.hour:02d} giờ {local.minute:02d}"


def moment_words(moment: datetime | None) -> str:
    """«08 giờ 05, ngày 08 tháng 12 năm 2026»; dots to fill in when there is none."""
    if moment is None:
        return "……… giờ ………"
    return f"{clock(moment)}, {date_words(timezone.localtime(moment).date())}"


def gather(sitting: Sitting) -> Facts:
    """The facts of a sitting as they stand now; a fixed number of statements."""
    council, session = sitting.council, sitting.session
    day = timezone.localdate(sitting.opened_at or sitting.starts_at)
    office = names_in_office(sitting, day)
    entries = RollEntry.objects.filter(sitting=sitting).order_by("sort_key", "pk")
    # Who came and left was present at the sitting; the course says when they left. So was who spoke
    # or voted as one present, whatever the roll says of them at the end (entered as away after the
    # break, no delegate any more): decision 0005. A council may let those vote who are elsewhere.
    there = {Presence.PRESENT, Presence.LEFT}
    acted = set(
        Vote.objects.filter(
            Q(presence=Presence.PRESENT) | Q(presence="", poll__present_only=True),
            poll__sitting=sitting,
        ).values_list("person_id", flat=True)
    )
    acted |= set(Speech.objects.filter(sitting=sitting).values_list("person_id", flat=True))
    here = {
        entry.person_id for entry in entries if entry.presence in there or entry.person_id in acted
    }
    roll = [entry for entry in entries if entry.person_id in office or entry.person_id in here]
    known = {entry.person_id for entry in roll}
    late = [name for person, name in office.items() if roll and person not in known]
    clerks = Duty.objects.filter(in_force(day), Q(kind=DutyKind.CLERK_MINUTES)).select_related(
        "person"
    )
    return Facts(
        council=council.name,
        term=session.term.number,
        place=council.place,
        session=session.title,
        sitting=sitting.title,
        hall=sitting.place or session.place,
        opened=moment_words(sitting.opened_at),
        closed=moment_words(sitting.closed_at),
        date=date_words(timezone.localdate(sitting.closed_at or sitting.opened_at)),
        presiding=sitting.presiding.full_name if sitting.presiding else "",
        chairs=_chairs(sitting),
        clerks=[duty.person.full_name for duty in clerks.order_by("person__sort_key")],
        seats_by_law=session.term.statutory_seats,
        in_office=len(office.keys() | known),
        counted=any(entry.presence in there for entry in roll),
        present=[_there(entry, office) for entry in roll if entry.person_id in here],
        absent=[
            *(_away(entry, office) for entry in roll if entry.person_id not in here),
            *(Member(name, "", "", "không có trong danh sách điểm danh") for name in late),
        ],
        parts=_parts(sitting),
        audit=head(council.pk),
        finished=sitting.state == SittingState.CLOSED,
        closed_doors=sitting.closed_doors,
    )


def _there(entry: RollEntry, office: Container[uuid.UUID]) -> Member:
    """Somebody who was there; listed without a reason, so what came after stands by the title."""
    after = ""
    if entry.presence in {Presence.EXCUSED, Presence.ABSENT}:
        after = f"về sau vắng: {entry.reason}" if entry.reason else "về sau vắng"
    ended = _ENDED if entry.person_id not in office else ""
    title = "; ".join(part for part in (entry.title, after, ended) if part)
    return Member(entry.name, title, entry.group)


def _away(entry: RollEntry, office: Container[uuid.UUID]) -> Member:
    """Somebody who was not there at any time, with the reason."""
    reason = ""
    ended = entry.person_id not in office
    if not ended and not entry.entitled and entry.presence == Presence.UNKNOWN:
        # Nobody may mark them present (floor.set_presence): the suspension is why they are away.
        reason = "đang tạm đình chỉ thực hiện nhiệm vụ"
        return Member(entry.name, entry.title, entry.group, reason)
    if entry.presence == Presence.EXCUSED:
        reason = entry.reason or "có lý do"
    elif entry.presence == Presence.ABSENT:
        reason = entry.reason or "không rõ lý do"
    elif entry.presence == Presence.UNKNOWN:  # nobody said that they were away
        reason = "không điểm danh"
    if ended or not entry.entitled:
        reason = f"{reason}; {_ENDED if ended else 'tạm đình chỉ'}".lstrip("; ")
    return Member(entry.name, entry.title, entry.group, reason)


def _chairs(sitting: Sitting) -> list[str]:
    """Everybody who presided, in order, from the hand-overs of the journal; who was named before
    the sitting began and replaced presided over nothing."""
    names: list[str] = []
    for entry in JournalEntry.objects.filter(sitting=sitting, kind=_HAND_OVER).order_by("at", "pk"):
        if not _too_early(sitting, entry):
            names += [entry.data.get("from", ""), entry.data.get("to", "")]
    if sitting.presiding is not None:
        names.append(sitting.presiding.full_name)
    return list(dict.fromkeys(name for name in names if name))


def _too_early(sitting: Sitting, entry: JournalEntry) -> bool:
    """A hand-over before the sitting was opened."""
    return sitting.opened_at is None or entry.at < sitting.opened_at


def _parts(sitting: Sitting) -> list[ItemPart]:
    """The course: what happened, in time, under the item the hall was at."""
    happened: list[_Row] = [
        *_journal(sitting),
        *_speeches(sitting),
        *_votes(sitting),
        *_not_held(sitting),
    ]
    happened.sort(key=lambda row: row[0])
    parts: list[ItemPart] = []
    for _at, item, line in happened:
        if not parts or (item is not None and parts[-1].item != item.pk):
            parts.append(_part(item))
        parts[-1].happened.append(line)
    return parts


_NEXT_ITEM = "floor.go_to_item"
_HAND_OVER = "floor.hand_over"
_CALL_OFF = "floor.call_off"
_Row = tuple[datetime, AgendaItem | None, "Line | VoteResult"]


def _part(item: AgendaItem | None) -> ItemPart:
    """What the part of an item begins with; two items may have the same title."""
    if item is None:
        return ItemPart(None, "", "", [])
    return ItemPart(item.pk, item.title, item.presenter, [], item.closed_doors)


def _journal(sitting: Sitting) -> Iterator[_Row]:
    annulled = Poll.objects.filter(sitting=sitting, state=PollState.ANNULLED)
    # Counted: told once, by the vote with its number. Never begun: nothing happened in the hall.
    silent = annulled.filter(Q(record__isnull=False) | Q(opened_at__isnull=True))
    told = {str(key) for key in silent.values_list("pk", flat=True)}
    entries = JournalEntry.objects.filter(sitting=sitting).select_related("item")
    for entry in entries.exclude(kind__in=_TOLD_ELSEWHERE).order_by("at", "pk"):
        if entry.kind == "voting.annulled" and entry.data.get("poll") in told:
            continue
        if entry.kind == _CALL_OFF and "after_seconds" not in entry.data:
            continue  # taken back at once: nothing happened in the hall
        if entry.kind == _HAND_OVER and _too_early(sitting, entry):
            continue
        begins = entry.item is not None and entry.kind == _NEXT_ITEM
        text = "bắt đầu nội dung này." if begins else entry.text
        yield entry.at, entry.item, Line(entry.at, clock(entry.at), text)


def _speeches(sitting: Sitting) -> Iterator[_Row]:
    for speech in Speech.objects.filter(sitting=sitting).select_related("item"):
        title = f" ({speech.title})" if speech.title else ""
        end = f", kết thúc {clock(speech.ended_at)}" if speech.ended_at else ""
        what = f"{speech.name}{title}: {speech.get_kind_display().lower()}{end}."
        yield (
            speech.started_at,
            speech.item,
            Line(speech.started_at, clock(speech.started_at), what),
        )


def _not_held(sitting: Sitting) -> Iterator[_Row]:
    """Votes that were prepared and passed over: a number left out unexplained would look like a
    vote that is kept from the reader. Told where the next one began; of the last there is none.
    While the sitting goes on only of a vote that was dropped: any other may still be held."""
    polls = Poll.objects.filter(sitting=sitting).select_related("item").order_by("number")
    begun = [poll for poll in polls if poll.opened_at is not None]
    for poll in polls:
        after = next((one.opened_at for one in begun if one.number > poll.number), None)
        over = sitting.state == SittingState.CLOSED or poll.state == PollState.ANNULLED
        if poll.opened_at is None and after is not None and over:
            what = f"nội dung «{poll.item.title}»): {poll.question}"
            if poll.item.closed_doors:  # it may stand among the words of an item held in the open
                what = "nội dung họp kín)"
            words = f"Biểu quyết lần {poll.number} ({what}. Đã chuẩn bị, không tiến hành."
            yield after - timedelta(microseconds=1), None, Line(after, clock(after), words)


def _votes(sitting: Sitting) -> Iterator[_Row]:
    polls = Poll.objects.filter(sitting=sitting, record__isnull=False).select_related(
        "item", "version__paper", "sitting__session", "council"
    )
    # The words in which it was announced, as the journal has them.
    announced = {
        data.get("poll"): text
        for data, text in JournalEntry.objects.filter(
            sitting=sitting, kind="voting.published"
        ).values_list("data", "text")
    }
    for poll in polls.order_by("number"):
        at = poll.closed_at
        if at is None:
            continue
        if poll.state == PollState.CLOSED:
            # Delegates read the minutes too: no number before the announcement.
            words = f"Biểu quyết lần {poll.number}: {poll.question}. Kết quả chưa công bố."
            yield at, poll.item, Line(at, clock(at), words)
            continue
        if poll.state == PollState.ANNULLED:
            # It has no result (voting.queries.counted): the numbers stay in its record, which the
            # hash names, and are told to nobody as if they were one.
            reason = poll.annul_reason.rstrip(".")
            when = f" lúc {clock(poll.annulled_at)}" if poll.annulled_at else ""
            words = (
                f"Biểu quyết lần {poll.number}: {poll.question}. Đã hủy{when} trước khi công bố, "
                f"không có kết quả. Lý do: {reason}. Mã kiểm lại (SHA-256): {poll.record_sha256}"
            )
            yield at, poll.item, Line(at, clock(at), words)
            continue
        rule, counts, result = Rule.from_dict(poll.rule), counts_of(poll), outcome_of(poll)
        remark = ""
        if poll.open_basis:
            remark = f"Căn cứ biểu quyết có ghi danh: {poll.open_basis}."
        text = ""
        if poll.version is not None:
            text = f"{poll.version.paper.title}, bản {poll.version.number}"
        yield (
            at,
            poll.item,
            VoteResult(
                at=at,
                number=poll.number,
                question=poll.question,
                text=text,
                text_sha256=poll.text_sha256 if text else "",
                rule=f"{rule.label} ({rule.article})",
                bases=[
                    ("Tổng số đại biểu được bầu theo quy định của luật", counts.seats_by_law),
                    ("Tổng số đại biểu đương nhiệm", counts.in_office),
                    ("Số đại biểu có mặt khi biểu quyết", counts.present),
                ],
                total=TOTALS[rule.total],
                rows=percent_rows(rule, counts),
                needed=result.needed,
                passed=result.passed,
                sentence=announced.get(str(poll.pk)) or sentence_of(poll),
                sha256=poll.record_sha256,
                remark=remark,
            ),
        )

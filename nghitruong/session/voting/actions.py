"""The only writers of polls. Each is one transaction: rules → lock → change → audit → events.

Lock order everywhere: sitting, poll, roll, stream, audit. Votes in bursts are written by
:mod:`nghitruong.session.voting.casting`.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.functions import refusal_in
from nghitruong.council.councils.models import Function
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import PaperVersion
from nghitruong.lib.text import nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.live import api as live
from nghitruong.platform.live import progress
from nghitruong.platform.live.registry import SHARED
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.meetings.chairing import acted_for
from nghitruong.session.meetings.models import AgendaItem, ItemKind, RollEntry, Sitting
from nghitruong.session.voting import events, flows, rules, slices
from nghitruong.session.voting.casting import Ballot, Overtaken, cast_votes
from nghitruong.session.voting.counting import make_record
from nghitruong.session.voting.majority import Rule
from nghitruong.session.voting.models import Choice, Poll, PollState, Vote
from nghitruong.session.voting.profile import rule_of, vote_settings
from nghitruong.session.voting.signals import poll_moved


def prepare_poll(
    item: AgendaItem,
    *,
    by: Actor,
    sitting: Sitting,
    question: str = "",
    version: PaperVersion | None = None,
    rule_key: str = "vote.majority",
    open_basis: str = "",
    repeats: Poll | None = None,
) -> Poll:
    """Prepare a poll on an agenda item, tied to one version of a text (or to none: the agenda).

    ``rule_key`` names the majority in the session's frozen profile; an empty ``question`` takes the
    item's title. ``open_basis`` is asked for where the law says secret ballot (a recall, an
    election), and kept with the poll, its record and the audit log. Asked for once more (a lost
    answer, chair and clerk at once), the one that is prepared already is returned: a second would
    come to the hall after the first as if it were to be voted on again. Raises :class:`Refused`.
    """
    rules.may_run(by)
    by_ballot = rule_key in rules.SECRET or item.kind == ItemKind.ELECTION
    open_basis = nfc(" ".join(open_basis.split()))[:300] if by_ballot else ""
    rules.may_be_named(rule_key, open_basis)
    question = nfc(" ".join(question.split()))
    rules.not_the_election(item, question, open_basis)
    version = rules.text_asked(item, question, version)
    question = question or nfc(" ".join(item.title.split()))
    if len(question) > 500:
        raise Refused(
            "question_too_long", _("Nội dung biểu quyết dài quá 500 chữ. Hãy rút gọn."), status=422
        )
    with transaction.atomic():
        sitting = lock_row(Sitting.objects.filter(pk=sitting.pk)).get()
        item.refresh_from_db(fields=["sitting"])  # it may have been moved before the lock
        rules.may_prepare(sitting, item, version)
        if repeats is not None and repeats.state != PollState.ANNULLED:
            raise flows.refuse(repeats.state)
        rule = rule_of(sitting.session.profile, rule_key).as_dict()
        ready = Poll.objects.filter(
            sitting=sitting,
            item=item,
            state=PollState.PREPARED,
            question=question,
            version=version,
            open_basis=open_basis,
        )
        for poll in ready.filter(repeats=repeats) if repeats is not None else ready:
            if poll.rule == rule:
                return poll
        settings = vote_settings(sitting.session.profile)
        last = Poll.objects.filter(sitting=sitting).aggregate(last=Max("number"))["last"]
        poll = Poll.objects.create(
            council_id=sitting.council_id,
            sitting=sitting,
            item=item,
            number=(last or 0) + 1,
            question=question,
            version=version,
            text_sha256=version.sha256 if version else "",
            rule=rule,
            open_basis=open_basis,
            present_only=settings.present_only,
            allow_change=settings.allow_change,
            repeats=repeats,
        )
        _done(poll, "prepared", by, _("Chuẩn bị biểu quyết: %s") % poll.question, _text(poll))
    return poll


def prepare_again(poll: Poll, *, by: Actor, version: PaperVersion | None = None) -> Poll:
    """Tie a prepared poll to another version (the newest of its paper when none is given)."""
    rules.may_run(by)
    with transaction.atomic():
        poll = _locked_in_hall(poll)
        if poll.state != PollState.PREPARED:
            raise flows.refuse(poll.state)
        if version is None and poll.version is not None:
            version = poll.version.paper.versions.order_by("-number").first()
        rules.may_prepare(poll.sitting, poll.item, version)
        poll.version = version
        poll.text_sha256 = version.sha256 if version else ""
        poll.save(update_fields=["version", "text_sha256"])
        _done(poll, "prepared", by, _("Chuẩn bị lại biểu quyết: %s") % poll.question, _text(poll))
    return poll


def open_poll(poll: Poll, *, by: Actor) -> Poll:
    """Begin the vote: the sitting is open, no other vote runs or is unannounced, the text is the
    newest."""
    rules.may_run(by)
    with transaction.atomic():
        poll = _locked_in_hall(poll)
        # Whoever switches the function off locks the sitting too (.handlers): one of the two sees
        # the other, and no vote runs in a council that does not vote here.
        off = refusal_in(poll.council_id, Function.VOTING)
        if off is not None:
            raise off
        flows.check(poll, PollState.OPEN)
        rules.may_open(poll, poll.sitting)
        try:
            with transaction.atomic():
                flows.move(poll, PollState.OPEN, opened_at=timezone.now())
        except IntegrityError as error:  # poll_one_open_per_sitting: somebody was first
            raise Refused(
                "other_poll_open",
                _("Đang biểu quyết nội dung khác. Hãy kết thúc cuộc biểu quyết đó trước."),
            ) from error
        rule = Rule.from_dict(poll.rule)
        facts = {**_text(poll), "rule": rule.as_dict(), "electors": slices.electors(poll)}
        _done(poll, "opened", by, _("Bắt đầu biểu quyết: %s") % poll.question, facts)
    return poll


def assist_vote(
    poll: Poll, entry: RollEntry, choice: str, *, by: Actor, reason: str
) -> dict[str, Any]:
    """A clerk enters the vote of a delegate whose device fails; who and why stay on the vote.

    It replaces a vote that a clerk entered, never one that the delegate cast. The journal, which
    every clerk reads and the minutes print, says that it was entered, never how: the choice comes
    with the announcement, or not at all when the poll is annulled.
    """
    reason = nfc(" ".join(reason.split()))[:300]
    rules.may_assist(by, reason)
    with transaction.atomic():
        # Read before the poll is locked: a vote that comes in between has another receipt.
        entered = (
            Vote.objects.filter(poll=poll, membership_id=entry.membership_id)
            .exclude(assisted_by="")
            .first()
        )
        poll = _locked(poll)
        there = Vote.objects.filter(poll=poll, membership_id=entry.membership_id)
        receipts = set(there.values_list("receipt", flat=True))
        ballot = Ballot(
            poll_id=poll.pk,
            sitting_id=poll.sitting_id,
            person_id=entry.person_id,
            choice=choice,
            at=timezone.now(),
            assisted_by=by.name,
            assisted_by_id=by.id,
            assisted_reason=reason,
            seen=entered.receipt if entered else "",
        )
        answer = cast_votes([ballot], council_id=poll.council_id)[0]
        if isinstance(answer, Overtaken):
            raise rules.own_vote_stays(entry.name, Choice(answer.vote["choice"]).label)
        if isinstance(answer, Refused):
            raise answer
        if answer["receipt"] in receipts:  # sent twice: it is written already
            return answer
        text = _("%(clerk)s ghi hộ phiếu của %(name)s (%(reason)s)") % {
            "clerk": by.name,
            "name": entry.name,
            "reason": reason,
        }
        _tell(poll)
        progress.mark(poll.sitting_id)  # a running count from before the commit may still arrive
        _signal(poll, "assisted", by, text, acted_for(poll.sitting, by))
    return answer


def close_poll(poll: Poll, *, by: Actor) -> Poll:
    """End the vote, count it and freeze the record.

    1. Lock the poll's row: votes of batches that took it before are in, later ones are refused.
    2. Count from the roll and the votes under that lock; apply the rule.
    3. Store the three bases, the counts, the outcome, the record and its SHA-256, for good.
    """
    rules.may_run(by)
    with transaction.atomic():
        poll = _locked(poll)
        flows.check(poll, PollState.CLOSED)
        # No vote may seem later than the close, even when the clock was set back in between.
        last = Vote.objects.filter(poll=poll).aggregate(last=Max("cast_at"))["last"]
        at = max(filter(None, (timezone.now(), last, poll.opened_at)))
        record, sha256, counts, result = make_record(poll, closed_at=at)
        if counts.in_office == 0:
            raise Refused("nobody_in_office", _("Không có đại biểu đương nhiệm để tính kết quả."))
        flows.move(
            poll,
            PollState.CLOSED,
            closed_at=at,
            **counts.as_dict(),
            needed=result.needed,
            passed=result.passed,
            record=record,
            record_sha256=sha256,
        )
        facts = {
            "counts": counts.as_dict(),
            "outcome": result.as_dict(),
            "record_sha256": poll.record_sha256,
        }
        _done(poll, "closed", by, _("Kết thúc biểu quyết: %s") % poll.question, facts)
    return poll


def publish_poll(poll: Poll, *, by: Actor) -> Poll:
    """Announce the result: from now on nothing changes any more (walkthrough no. 11)."""
    rules.may_run(by)
    with transaction.atomic():
        poll = _locked_in_hall(poll)
        flows.move(poll, PollState.PUBLISHED, published_at=timezone.now())
        _done(
            poll,
            "published",
            by,
            slices.sentence_of(poll),
            {"record_sha256": poll.record_sha256, "passed": poll.passed},
        )
    return poll


def annul_poll(
    poll: Poll, *, by: Actor, reason: str, repeat: bool = False, seen: str = ""
) -> Poll | None:
    """Annul before the announcement; with ``repeat``, prepare the same question again (one that
    never began is only taken away).

    ``seen`` is the state on the screen of whoever annuls: a page that still offers to drop a
    prepared poll must not end the vote that has begun since. The votes and the count of the
    annulled poll stay on record. Returns the new poll, if any.
    """
    rules.may_run(by)
    reason = nfc(" ".join(reason.split()))[:300]
    if not reason:
        raise Refused("reason_missing", _("Hãy ghi lý do hủy cuộc biểu quyết."), status=422)
    with transaction.atomic():
        poll = _locked_in_hall(poll)
        flows.check(poll, PollState.ANNULLED)
        was = poll.state
        if seen and seen != was:
            raise flows.moved_on(was)
        flows.move(poll, PollState.ANNULLED, annulled_at=timezone.now(), annul_reason=reason)
        text = _("Hủy biểu quyết «%(question)s»: %(reason)s") % {
            "question": poll.question,
            "reason": reason,
        }
        _done(poll, "annulled", by, text, {"reason": reason})
        if not repeat or was == PollState.PREPARED:
            return None
        again = Poll.objects.create(
            council_id=poll.council_id,
            sitting=poll.sitting,
            item=poll.item,
            number=Poll.objects.filter(sitting_id=poll.sitting_id).aggregate(n=Max("number"))["n"]
            + 1,
            question=poll.question,
            version=poll.version,
            text_sha256=poll.text_sha256,
            rule=poll.rule,
            open_basis=poll.open_basis,
            present_only=poll.present_only,
            allow_change=poll.allow_change,
            repeats=poll,
        )
        _done(
            again, "prepared", by, _("Chuẩn bị biểu quyết lại: %s") % again.question, _text(again)
        )
        return again


# --- shared ----------------------------------------------------------------------------------


def _locked(poll: Poll) -> Poll:
    """The fresh row under its lock; other steps and batches of votes wait for it."""
    lock_row(Poll.objects.filter(pk=poll.pk).order_by()).only("pk").get()
    return (
        Poll.objects.select_related(
            "council", "item", "version__paper", "sitting__session__term", "sitting__presiding"
        )
        .defer("sitting__session__profile")  # a hundred rules; who opens a poll reads them then
        .get(pk=poll.pk)
    )


def _locked_in_hall(poll: Poll) -> Poll:
    """The same, after the sitting: what the hall is told of the poll beside it (the roll, the item)
    is then told before or after this step, never across it. Votes and the close do without: a
    burst must not wait for the roll; who tells of a running poll holds its row instead."""
    lock_row(Sitting.objects.filter(pk=poll.sitting_id).order_by()).only("pk").get()
    return _locked(poll)


def _text(poll: Poll) -> dict[str, Any]:
    return {
        "question": poll.question,
        "version": str(poll.version_id) if poll.version_id else None,
        "text_sha256": poll.text_sha256,
        **({"open_basis": poll.open_basis} if poll.open_basis else {}),
    }


def _done(poll: Poll, step: str, by: Actor, text: str, facts: dict[str, Any]) -> None:
    """Events, journal and audit of one step, in the lock order."""
    _tell(poll, seats=step in ("opened", "published"))
    on_behalf = acted_for(poll.sitting, by)
    _signal(poll, step, by, text, on_behalf)
    audit.record(
        f"voting.{step}",
        council_id=poll.council_id,
        actor_id=by.id,
        actor_name=by.name,
        on_behalf=on_behalf,
        target=poll,
        payload={"number": poll.number, **facts},
    )


def _signal(poll: Poll, step: str, by: Actor, text: str, on_behalf: str) -> None:
    poll_moved.send(
        sender=Poll,
        poll=poll,
        step=step,
        by=by,
        on_behalf=on_behalf,
        at=timezone.now(),
        text=text,
    )


def _tell(poll: Poll, *, seats: bool = False) -> None:
    """Every slice a step can change, with the values a fresh screen would get.

    ``seats``: who voted what too, which comes once, with the announcement, and goes at the next
    opening; only to those who may know it. They alone are told why a vote was annulled.
    """
    sitting = poll.sitting_id
    hall, chair, named = (live.sitting_stream(sitting, audience) for audience in SHARED)
    now = slices.Moment(sitting, known=poll)
    told: list[tuple[str, live.LiveEvent]] = []
    if seats or poll.state == PollState.ANNULLED:
        told.append((named, events.AnnulReasonChanged(annul_reason=now.annul_reason)))
    if seats:
        told.append((named, events.SeatsChanged(seats=now.seats)))
    live.emit_many(
        [
            *told,
            (hall, events.PollChanged(poll=now.poll)),
            (hall, events.ResultChanged(result=now.result)),
            (hall, events.AnnulledChanged(annulled=now.annulled)),
            (hall, events.ProgressChanged(progress=now.progress)),
            (chair, events.TallyChanged(tally=now.tally)),
            (chair, events.OutcomeChanged(outcome=now.outcome)),
        ],
        council_id=poll.council_id,
    )

"""Free lines of the journal, and words put up for the whole hall."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.lib.text import nfc
from nghitruong.platform.errors import Refused
from nghitruong.session.floor import journal, queries, rules, tell
from nghitruong.session.floor.models import JournalEntry
from nghitruong.session.meetings.models import Sitting, SittingState
from nghitruong.session.meetings.queries import shut


def add_line(sitting: Sitting, text: str, *, by: Actor) -> JournalEntry:
    """The clerk writes down what no button recorded; a mistake is put right by another line."""
    rules.require_journal(by)
    text = nfc(text).strip()
    if not text or len(text) > 1000:
        raise Refused("bad_text", _("Hãy ghi từ 1 đến 1.000 chữ cái."), status=422)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        return journal.record(
            sitting,
            "floor.add_line",
            text,
            by=by,
            item=sitting.current_item,
            in_chairs_name=False,
        )


def announce(sitting: Sitting, text: str, *, by: Actor) -> JournalEntry:
    """Put words on every screen of the hall. Not behind closed doors (walkthrough no. 16)."""
    rules.require_lead(by)
    text = nfc(text).strip()
    if not text or len(text) > 300:
        raise Refused("bad_text", _("Hãy ghi từ 1 đến 300 chữ cái."), status=422)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        if sitting.state == SittingState.CLOSED:
            raise Refused("sitting_closed", _("Phiên họp đã kết thúc."))
        if shut(sitting):
            raise Refused(
                "closed_doors",
                _("Đang họp kín nên không chiếu thông báo."),
                article="Luật 117/2025/QH15 Đ5(9)",
            )
        entry = journal.record(
            sitting,
            queries.NOTICE,
            _("Thông báo: %(text)s") % {"text": text},
            by=by,
            item=sitting.current_item,
            data={"notice": text},
        )
        tell.tell_hall(sitting, tell.notice_changed(sitting))
    return entry


def clear_notice(sitting: Sitting, *, by: Actor) -> None:
    """Take the words down; nothing is up: nothing happens."""
    rules.require_lead(by)
    with transaction.atomic():
        sitting = tell.locked(sitting.pk)
        if queries.notice_slice(sitting) is None:
            return
        journal.record(sitting, queries.NOTICE_CLEARED, _("Thôi chiếu thông báo."), by=by)
        tell.tell_hall(sitting, tell.notice_changed(sitting))

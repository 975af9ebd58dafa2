from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from nghitruong.council.councils.roles import Actor
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.floor import actions
from nghitruong.session.floor.models import JournalEntry
from nghitruong.session.meetings.models import Sitting


def test_the_clerk_adds_a_line(opened: Sitting, clerk: Actor) -> None:
    entry = actions.add_line(opened, "Chie\u0302\u0301u phim tài liệu", by=clerk)
    assert entry.text == "Chiếu phim tài liệu"
    assert entry.by_name == "Trần Thị Bình"
    assert entry.item == opened.current_item


def test_a_delegate_may_not(opened: Sitting, cuc: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.add_line(opened, "x", by=cuc)


def test_an_empty_line_is_refused(opened: Sitting, clerk: Actor) -> None:
    with pytest.raises(Refused):
        actions.add_line(opened, "  ", by=clerk)


def test_a_line_is_never_changed_nor_deleted(opened: Sitting, clerk: Actor) -> None:
    entry = actions.add_line(opened, "Chào cờ", by=clerk)
    with pytest.raises(DatabaseError), transaction.atomic():
        JournalEntry.objects.filter(pk=entry.pk).update(text="khác")
    with pytest.raises(DatabaseError), transaction.atomic():
        JournalEntry.objects.filter(pk=entry.pk).delete()


def test_no_words_for_the_hall_behind_closed_doors(opened: Sitting, chair: Actor) -> None:
    Sitting.objects.filter(pk=opened.pk).update(closed_doors=True)
    with pytest.raises(Refused) as refusal:
        actions.announce(opened, "Thông báo", by=chair)
    assert refusal.value.code == "closed_doors"


def test_taking_down_what_is_not_up_does_nothing(opened: Sitting, chair: Actor) -> None:
    before = JournalEntry.objects.count()
    actions.clear_notice(opened, by=chair)
    assert JournalEntry.objects.count() == before

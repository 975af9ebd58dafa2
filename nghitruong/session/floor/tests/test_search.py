"""What was said is found by whoever may be in the hall; the journal by its readers alone."""

from __future__ import annotations

import pytest
from django.utils import timezone

from nghitruong.council.councils.models import DutyKind
from nghitruong.council.councils.roles import Actor, Role
from nghitruong.council.search import indexing
from nghitruong.council.search.passages import Filters
from nghitruong.council.search.queries import search
from nghitruong.session.floor.models import JournalEntry, Speech
from nghitruong.session.meetings.models import AgendaItem, Sitting


@pytest.fixture
def found(settings, tmp_path, opened):
    """(source, address) of what somebody finds, the index made anew."""
    settings.VAR_DIR, settings.SEARCH_ENGINE = tmp_path, "tantivy"

    def find(actor, question):
        indexing.rebuild()
        shown = search(actor, question, Filters(council=opened.council_id.hex)).results
        return {(result.source.code, result.url) for result in shown}

    return find


def guest_of(actor):
    return Actor(
        actor.council, None, None, "Khách", frozenset({Role.GUEST}), frozenset({DutyKind.GUEST})
    )


def test_speeches_items_and_journal_are_found_by_those_who_may(found, opened, clerk, cuc):
    item = opened.items.order_by("order").first()
    AgendaItem.objects.filter(pk=item.pk).update(title="Thảo luận về đập thủy lợi Bản Chát")
    Speech.objects.create(
        council=clerk.council,
        sitting=opened,
        item=item,
        name="Lê Thị Cúc",
        limit_seconds=420,
        started_at=timezone.now(),
        ended_at=timezone.now(),
    )
    JournalEntry.objects.create(
        council=clerk.council,
        sitting=opened,
        at=timezone.now(),
        kind="floor.add_line",
        text="Đại biểu nêu việc đập thủy lợi bị thấm",
        by_name="Trần Thị Bình",
    )
    slug, place = clerk.council.slug, f"ky-hop/{opened.session.number}"
    hall = f"/{slug}/{place}/phien/{opened.number}/"
    agenda = ("item", f"/{slug}/{place}/chuong-trinh/")
    assert found(cuc, "đập thủy lợi") == {agenda, ("speech", hall)}
    assert found(clerk, "dap thuy loi") == {
        agenda,
        ("speech", hall),
        ("journal", f"{hall}nhat-ky/"),
    }
    assert found(guest_of(clerk), "đập thủy lợi") == {agenda, ("speech", hall)}
    AgendaItem.objects.filter(pk=item.pk).update(closed_doors=True)
    assert found(guest_of(clerk), "đập thủy lợi") == set()
    AgendaItem.objects.filter(pk=item.pk).update(closed_doors=False)
    Sitting.objects.filter(pk=opened.pk).update(closed_doors=True)
    assert found(guest_of(clerk), "đập thủy lợi") == set()
    assert found(cuc, "đập thủy lợi") == {agenda, ("speech", hall)}

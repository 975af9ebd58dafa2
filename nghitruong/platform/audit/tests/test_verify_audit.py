"""The log is read again and whatever was touched is found: five kinds of tampering, and a head."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django_scopes import scope, scopes_disabled

from nghitruong.platform.audit import api, chain
from nghitruong.platform.audit.actions import erase_payload
from nghitruong.platform.audit.chain import Head, genesis, link, parse_heads
from nghitruong.platform.audit.models import Entry, Seal
from nghitruong.platform.audit.sealer import head, seal_pending
from nghitruong.platform.audit.verify import verify
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.platform.storage.guards import (
    assert_guards,
    declared,
    install_guards,
    remove_guards,
)

COUNCIL = uuid.UUID("01900000-0000-7000-8000-000000000001")
OTHER = uuid.UUID("01900000-0000-7000-8000-000000000002")


class Admin:
    id = uuid.UUID("01900000-0000-7000-8000-0000000000aa")
    name = "Đỗ Quang Khải"

    def has(self, *roles: str) -> bool:
        return "admin" in roles


class Clerk(Admin):
    def has(self, *roles: str) -> bool:
        return False


def write(count: int, council: uuid.UUID = COUNCIL, **kwargs: Any) -> list[Entry]:
    with scope(council=council):
        return [
            api.record(
                "floor.open_sitting",
                council_id=council,
                actor_id=uuid.uuid4(),
                actor_name="Nguyễn Văn An",
                payload={"number": n, "text": "Khai mạc kỳ họp", "at": datetime.now(UTC)},
                **kwargs,
            )
            for n in range(count)
        ]


@pytest.fixture
def five(db: None) -> list[Entry]:
    entries = write(5)
    seal_pending(everything=True)
    return entries


@pytest.fixture
def unguarded(db: None) -> Iterator[None]:
    """Somebody with the database in their hands: the triggers are off."""
    remove_guards()
    yield
    install_guards()


def rows(model: type[Any]) -> Any:
    with scopes_disabled():
        return model.objects.order_by("pk")


def test_an_untouched_log_is_intact_and_positions_have_no_gap(five: list[Entry]) -> None:
    report = verify(COUNCIL, [head(COUNCIL)])
    assert report.intact
    assert report.head.position == 5
    assert report.heads_checked == 1
    assert report.unsealed == 0
    with scope(council=COUNCIL):
        assert list(Seal.objects.order_by("position").values_list("position", flat=True)) == [
            1,
            2,
            3,
            4,
            5,
        ]


def test_anybody_can_recompute_the_head_from_the_digests(five: list[Entry]) -> None:
    value = genesis(COUNCIL)
    for position, entry in enumerate(sorted(five, key=lambda e: e.pk), start=1):
        value = link(value, entry.digest, position)
    assert head(COUNCIL) == Head(5, value)


def test_sealing_twice_adds_nothing(five: list[Entry]) -> None:
    assert seal_pending(everything=True) == 0


def test_an_entry_committed_late_is_chained_after_earlier_ones(db: None) -> None:
    with scope(council=COUNCIL):
        late = api.build("floor.note", council_id=COUNCIL, actor_id=None)
    write(2)
    assert seal_pending() == 2
    with scope(council=COUNCIL):
        late.save(force_insert=True)
    assert seal_pending() == 1
    with scope(council=COUNCIL):
        assert Seal.objects.get(entry=late).position == 3
    assert verify(COUNCIL).intact


def test_a_very_late_entry_is_found_by_the_sweep(db: None) -> None:
    write(1)
    seal_pending(everything=True)
    with scope(council=COUNCIL):
        old = api.build("floor.note", council_id=COUNCIL, actor_id=None)
        old.pk = uuid.UUID("01900000-0000-7000-8000-00000000abcd")
        old.digest = api.entry_digest(old)
        old.save(force_insert=True)
    assert seal_pending() == 0
    assert seal_pending(everything=True) == 1
    assert verify(COUNCIL).intact


def test_each_council_has_its_own_chain(db: None) -> None:
    write(2)
    write(3, OTHER)
    seal_pending(everything=True)
    assert head(COUNCIL).position == 2
    assert head(OTHER).position == 3
    assert genesis(COUNCIL) != genesis(OTHER)
    assert verify(COUNCIL).intact
    assert verify(OTHER).intact


def test_more_entries_than_one_chunk_are_all_chained(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nghitruong.platform.audit.sealer.CHUNK", 3)
    write(5)
    write(5, OTHER)
    assert seal_pending(everything=True) == 10
    assert verify(COUNCIL).intact
    assert verify(OTHER).intact


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 12, 8, 1, 30, 0, 123456, tzinfo=UTC),
        datetime(2026, 12, 8, 8, 30, 0, 7, tzinfo=timezone(timedelta(hours=7))),
        datetime(2026, 12, 8, 8, 30, tzinfo=UTC),
    ],
)
def test_a_time_reads_back_to_the_same_digest(db: None, at: datetime) -> None:
    entry = write(1, at=at)[0]
    with scope(council=COUNCIL):
        stored = Entry.objects.get(pk=entry.pk)
    assert api.entry_digest(stored) == stored.digest == entry.digest


def test_keys_times_and_decomposed_letters_of_a_payload_read_back_the_same(db: None) -> None:
    with scope(council=COUNCIL):
        api.record(
            "papers.upload",
            council_id=COUNCIL,
            actor_id=None,
            payload={"id": uuid.uuid4(), "ten": "Bình", "n": [1, None, True], 3: "ba"},
        )
    seal_pending(everything=True)
    assert verify(COUNCIL).intact


# --- tampering ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("unguarded")
def test_a_changed_payload_is_found(five: list[Entry]) -> None:
    rows(Entry).filter(pk=five[2].pk).update(payload={"number": 99})
    report = verify(COUNCIL)
    assert [f for f in report.faults if "số 3" in f and "nội dung đã bị sửa" in f]
    assert len(report.faults) == 1


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize(
    "change",
    [
        {"actor_name": "Người khác"},
        {"action": "floor.close_sitting"},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"on_behalf": "Nguyễn Văn An"},
        {"payload_digest": "0" * 64},
        {"target_id": uuid.uuid4()},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_changed_column_is_found(five: list[Entry], change: dict[str, Any]) -> None:
    rows(Entry).filter(pk=five[1].pk).update(**change)
    assert len(verify(COUNCIL).faults) == 1


@pytest.mark.usefixtures("unguarded")
def test_a_deleted_row_is_found(five: list[Entry]) -> None:
    rows(Seal).filter(entry=five[2]).delete()
    rows(Entry).filter(pk=five[2].pk).delete()
    faults = verify(COUNCIL).faults
    assert any("Thiếu dòng số 3" in fault for fault in faults)


@pytest.mark.usefixtures("unguarded")
def test_a_deleted_tail_is_found_by_a_printed_head(five: list[Entry]) -> None:
    printed = head(COUNCIL)
    rows(Seal).filter(entry=five[4]).delete()
    rows(Entry).filter(pk=five[4].pk).delete()
    assert verify(COUNCIL).intact  # nothing inside the log can know
    assert any("chỉ còn 4 dòng" in fault for fault in verify(COUNCIL, [printed]).faults)


@pytest.mark.usefixtures("unguarded")
def test_an_inserted_row_is_found(five: list[Entry]) -> None:
    with scope(council=COUNCIL):
        forged = api.record("voting.close_poll", council_id=COUNCIL, actor_id=None)
        for seal in Seal.objects.filter(position__gte=3).order_by("-position"):
            Seal.objects.filter(pk=seal.pk).update(position=seal.position + 1)
        Seal.objects.create(
            council_id=COUNCIL, position=3, entry=forged, hash="a" * 64, sealed_at=forged.at
        )
    assert verify(COUNCIL).faults


@pytest.mark.usefixtures("unguarded")
def test_two_rows_in_exchanged_places_are_found(five: list[Entry]) -> None:
    with scope(council=COUNCIL):
        two, three = Seal.objects.filter(position__in=[2, 3]).order_by("position")
        Seal.objects.filter(pk=two.pk).update(position=99)
        Seal.objects.filter(pk=three.pk).update(position=2)
        Seal.objects.filter(pk=two.pk).update(position=3)
    assert any("đổi chỗ" in fault for fault in verify(COUNCIL).faults)


@pytest.mark.usefixtures("unguarded")
def test_a_chain_recomputed_from_end_to_end_is_caught_by_a_head_printed_earlier(
    five: list[Entry],
) -> None:
    printed = head(COUNCIL)
    with scope(council=COUNCIL):
        victim = Entry.objects.get(pk=five[1].pk)
        victim.payload = {"number": 42}
        victim.payload_digest = api.payload_digest(victim.salt, victim.payload)
        victim.digest = api.entry_digest(victim)
        victim.save()
        previous = chain.genesis(COUNCIL)
        for seal in Seal.objects.select_related("entry").order_by("position"):
            previous = chain.link(previous, seal.entry.digest, seal.position)
            Seal.objects.filter(pk=seal.pk).update(hash=previous)
    assert verify(COUNCIL).intact  # a perfect forgery, by itself
    faults = verify(COUNCIL, [printed]).faults
    assert len(faults) == 1
    assert "tính lại sau khi in" in faults[0]


def test_a_row_is_protected_by_the_database_itself(five: list[Entry]) -> None:
    for statement in (
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_seal",
        "UPDATE audit_seal SET hash = 'x'",
        "DELETE FROM audit_entry",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_log_the_chain_and_the_journal_are_guarded(db: None) -> None:
    assert {"audit_entry", "audit_seal", "floor_journalentry"} <= {g.table for g in declared()}
    assert_guards()


# --- erasing -----------------------------------------------------------------------------------


def test_an_erased_payload_leaves_the_chain_intact(five: list[Entry]) -> None:
    before = head(COUNCIL)
    with scope(council=COUNCIL):
        erase_payload(five[1], by=Admin(), reason="Theo yêu cầu của người có dữ liệu")
        stored = Entry.objects.get(pk=five[1].pk)
    assert stored.payload is None
    assert stored.salt == ""
    seal_pending(everything=True)
    report = verify(COUNCIL, [before, head(COUNCIL)])
    assert report.intact
    assert report.head.position == 6


def test_an_erasure_without_reason_or_by_another_is_refused(five: list[Entry]) -> None:
    with scope(council=COUNCIL):
        with pytest.raises(NotAllowed):
            erase_payload(five[1], by=Clerk(), reason="x")
        with pytest.raises(Refused, match="lý do"):
            erase_payload(five[1], by=Admin(), reason="  ")
        erase_payload(five[1], by=Admin(), reason="Luật 91/2025/QH15")
        with pytest.raises(Refused, match="đã được xóa"):
            erase_payload(five[1], by=Admin(), reason="Luật 91/2025/QH15")


@pytest.mark.usefixtures("unguarded")
def test_an_erasure_nobody_recorded_is_found(five: list[Entry]) -> None:
    rows(Entry).filter(pk=five[1].pk).update(payload=None, salt="", erased_at=datetime.now(UTC))
    assert any("không ai ghi lý do" in fault for fault in verify(COUNCIL).faults)


def test_heads_are_read_however_they_were_copied() -> None:
    value = "ab" * 32
    text = f"Biên bản số 3, nhật ký 12:{value}\nlao-cai\t7:{value.upper()} (in ngày 08/12/2026)"
    assert parse_heads(text) == [Head(12, value), Head(7, value)]


def test_the_first_head_of_an_empty_log_can_be_checked(db: None) -> None:
    printed = head(COUNCIL)
    assert printed.position == 0
    write(2)
    seal_pending(everything=True)
    assert verify(COUNCIL, [printed]).intact
    assert not verify(COUNCIL, [Head(0, "0" * 64)]).intact


def test_the_page_shows_no_choice_no_key_and_no_name_of_a_program(db: None) -> None:
    from nghitruong.platform.audit.queries import shown_facts

    with scope(council=COUNCIL):
        entry = api.record(
            "voting.cast",
            council_id=COUNCIL,
            actor_id=None,
            payload={
                "choice": "yes",
                "receipt": "abcd",
                "membership": uuid.uuid4(),
                "text_sha256": "a" * 64,
                "reason": "Máy hỏng",
                "passed": True,
            },
        )
    assert [value for _name, value in shown_facts(entry)] == ["có", "Máy hỏng"]

"""Every list of the product at ten thousand rows: as many statements as at one, a page of fifty."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from nghitruong.config.demo.people import Built
from nghitruong.council.councils.models import Council, Membership, Person, Transfer
from nghitruong.council.papers.models import Paper, SecretStub
from nghitruong.platform.audit import api as audit
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.notices.models import Message, Recipient
from nghitruong.session.meetings.models import Summons
from nghitruong.session.submissions.models import Ask, Room
from nghitruong.ui.lists import PER_PAGE, ListPage
from tests.permissions.matrix import MATRIX
from tests.permissions.routes import urls
from tests.permissions.rows import ROLES
from tests.permissions.test_urls import path_of
from tests.permissions.world import World, fill
from tests.permissions.world.council import third_party
from tests.support.cast import frozen_profile

ROWS = 10_000


def _people(world: World) -> list[Person]:
    return Person.objects.bulk_create(
        Person(
            council=world.built.council,
            full_name=f"Nguyễn Văn {n}",
            sort_key=f"{n:05d}",
            fold=f"nguyen van {n}",
        )
        for n in range(ROWS)
    )


def _memberships(world: World) -> None:
    """As many delegates as the largest list asks for."""
    old = Membership.objects.filter(organization__code="HD").first()
    assert old is not None
    people = Person.objects.filter(full_name__startswith="Nguyễn Văn ", memberships=None)
    Membership.objects.bulk_create(
        Membership(
            council=old.council,
            person=person,
            organization=old.organization,
            term=old.term,
            post="delegate",
            post_label="Đại biểu",
            starts_on=date(2026, 3, 30),
        )
        for person in people
    )


def _papers(world: World) -> None:
    old = Paper.objects.first()
    assert old is not None
    Paper.objects.bulk_create(
        Paper(
            council=old.council,
            kind=old.kind,
            title=f"Báo cáo số {n}",
            fold=f"bao cao so {n}",
            state="released",
            released_at=timezone.now(),
            session_id=world.key("", "session").pk,
        )
        for n in range(ROWS)
    )


def _stubs(world: World) -> None:
    SecretStub.objects.bulk_create(
        SecretStub(council=world.built.council, number=f"{n}/M", degree="mat") for n in range(ROWS)
    )


def _summons(world: World) -> None:
    session = world.key("", "session")
    people = Person.objects.filter(full_name__startswith="Nguyễn Văn ")
    Summons.objects.bulk_create(
        Summons(
            council=session.council,
            session=session,
            kind="invitation",
            number=1000 + n,
            person=person,
            name=person.full_name,
            issued_at=timezone.now(),
        )
        for n, person in enumerate(people)
    )


def _entries(world: World) -> None:
    council = world.built.council
    Entry.objects.bulk_create(
        audit.build(
            "papers.edit",
            council_id=council.pk,
            actor_id=None,
            actor_name=f"Bình {n}",
            payload={"n": n},
        )
        for n in range(ROWS)
    )


def _transfers(world: World) -> None:
    council = world.built.council
    Transfer.objects.bulk_create(
        Transfer(
            sender=council,
            receiver=Council.objects.get(pk=third_party(council).pk),
            kind="note",
            subject=f"Báo cáo {n}",
            payload={},
        )
        for n in range(ROWS)
    )


def _notices(world: World) -> None:
    """As many notices for the person who looks."""
    council, person = world.built.council, world.built.people["binh"]
    told = Message.objects.bulk_create(
        Message(council_id=council.pk, kind="x", key=str(n), subject=f"Tài liệu {n}", url="/")
        for n in range(ROWS)
    )
    Recipient.objects.bulk_create(
        Recipient(
            council_id=council.pk,
            message=message,
            person_id=person.pk,
            last_round_at=timezone.now(),
        )
        for message in told
    )


def _asks(world: World) -> None:
    old = Ask.objects.select_related("body").get()
    Ask.objects.bulk_create(
        Ask(
            council=old.council,
            session=old.session,
            body=old.body,
            kind="report",
            title=f"Báo cáo {n}",
            fold=f"bao cao {n}",
        )
        for n in range(ROWS)
    )


def _rooms(world: World) -> None:
    council = world.built.council
    Room.objects.bulk_create(
        Room(council=council, name=f"Phòng {n}", fold=f"phong {n}") for n in range(ROWS)
    )


# A new list of other rows must say here how they are made: the test asks for it.
MANY: dict[type[models.Model], Callable[[World], Any]] = {
    Person: _people,
    Membership: _memberships,
    Paper: _papers,
    SecretStub: _stubs,
    Summons: _summons,
    Entry: _entries,
    Transfer: _transfers,
    Recipient: _notices,
    Ask: _asks,
    Room: _rooms,
}


@pytest.mark.timeout(400)  # seventy thousand rows on a busy machine
def test_no_list_asks_more_of_ten_thousand_rows(
    province: Built, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FILES_DIR = tmp_path / "files"
    world = fill(province, frozen_profile(province.council), number=4)
    shown: list[ListPage[Any]] = []
    respond = ListPage.respond
    monkeypatch.setattr(
        ListPage, "respond", lambda self, request: shown.append(self) or respond(self, request)
    )
    clients: dict[str, Client] = {}

    def ask(user: str, path: str, query: str = "") -> tuple[int, str]:
        with CaptureQueriesContext(connection) as statements:
            answer = clients[user].get(path + query)
        assert answer.status_code == 200, (user, path, query)
        return len(statements), answer.content.decode()

    few: dict[tuple[str, str], tuple[int, ListPage[Any]]] = {}
    for url in urls():
        if "ListPage" not in inspect.getsource(inspect.unwrap(url.view)):
            continue
        roles = {role for row in MATRIX[url.name] if row.method == "GET" for role in row.allow}
        user = ROLES[next(role for role in ("clerk", "admin", "chair") if role in roles)]
        if user not in clients:
            account = province.people[user].account
            assert account is not None
            clients[user] = Client()
            clients[user].force_login(account)
            clients[user].get("/lao-cai/")  # what a session's first page writes
        path = path_of(url, "lao-cai", world)
        ask(user, path)
        few[user, path] = (ask(user, path)[0], shown[-1])
    assert {page.queryset.model for _, page in few.values()} == set(MANY)

    with scope(council=province.council.pk):
        for grow in MANY.values():
            grow(world)
    if connection.vendor == "postgresql":
        # Its own daemon counts large imports within a minute; it does not see this transaction.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    wrong = []
    full = set()
    for (user, path), (before, page) in few.items():
        sortable = next((c.name for c in page.columns if c.order), "")
        for query in ("", f"?page=120&sort=-{sortable}", "?q=van+9"):
            count, text = ask(user, path, query)
            full |= {page.queryset.model} if "10.0" in text else set()
            if count > before + 1:  # a related row the first page had no need of
                wrong.append(f"{user} {path}{query}: {before} → {count} câu lệnh")
            if text.count("<tr>") > PER_PAGE + 30 or len(text) > 600_000:
                wrong.append(f"{user} {path}{query}: {len(text)} ký tự")
    assert not wrong, "\n" + "\n".join(wrong)
    assert full == set(MANY), "mỗi loại hàng phải có một danh sách thật sự dài"

from __future__ import annotations

import json
import re
from contextlib import nullcontext
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from nghitruong.council.councils.models import Duty
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper
from nghitruong.platform.errors import NotAllowed
from nghitruong.platform.live import tickets
from nghitruong.session.floor import actions, queries
from nghitruong.session.floor.views.pages import POLL_STEPS
from nghitruong.session.meetings.models import Sitting
from nghitruong.session.voting.actions import prepare_poll
from tests.support.cast import actor

HALL = "/lao-cai/ky-hop/4/phien/1/"


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.account)
    return client


def state_of(response: Any) -> dict[str, Any]:
    """The first state put beside the island."""
    text = response.content.decode()
    found = re.search(r'<script id="nt-\w+-state-1" type="application/json">(.*?)</script>', text)
    assert found, text[:500]
    return json.loads(found.group(1))


@pytest.mark.parametrize("address", ["", "dieu-hanh/", "thu-ky/", "man-hinh/", "nhat-ky/"])
def test_the_chair_opens_every_screen(opened: Sitting, chair: Actor, address: str) -> None:
    assert browser(chair).get(HALL + address).status_code == 200


def test_the_page_carries_what_a_snapshot_would(opened: Sitting, cuc: Actor, tap: Any) -> None:
    tap("ask", cuc, kind="speech")
    page = state_of(browser(cuc).get(HALL))
    assert page["state"]["queue"]["waiting"][0]["name"] == "Lê Thị Cúc"
    assert page["state"]["me"]["request"]["position"] == 1
    assert "tally" not in page["state"]
    assert "notes" not in page["state"]
    assert re.fullmatch(r"[0-9a-f]*;hall=\d+;named=\d+;me=\d+", page["id"])
    assert not [step for step in page["urls"] if step in {"open", "next", "set_presence"}]


def test_the_chairs_page_offers_the_steps_and_the_notes(
    opened: Sitting, chair: Actor, cuc: Actor, tap: Any
) -> None:
    tap("note", cuc, text="Xin nghỉ sớm")
    page = state_of(browser(chair).get(HALL + "dieu-hanh/"))
    assert page["state"]["notes"][0]["text"] == "Xin nghỉ sớm"
    assert page["urls"]["next"] == HALL + "tiep-theo/"
    assert page["state"]["agenda"][0]["title"] == "Thảo luận tại hội trường"
    assert "agenda" not in state_of(browser(cuc).get(HALL))["state"]  # a tablet needs it not
    assert ";chair=" in page["id"]


@pytest.mark.parametrize(
    ("duty", "runs"), [("clerk_voting", True), ("clerk_minutes", False), ("clerk_screen", False)]
)
def test_the_steps_of_the_vote_are_offered_to_whoever_runs_it(
    opened: Sitting, province: Any, clerk: Actor, duty: str, runs: bool
) -> None:
    Duty.objects.filter(person_id=clerk.id).exclude(kind=duty).delete()
    urls = state_of(browser(clerk).get(HALL + "thu-ky/"))["urls"]
    assert set(POLL_STEPS) & urls.keys() == (set(POLL_STEPS) if runs else set())
    assert opened.current_item is not None
    with nullcontext() if runs else pytest.raises(NotAllowed):
        prepare_poll(opened.current_item, by=actor(province, "binh"), sitting=opened)


def test_the_page_gives_a_ticket_of_this_person_and_sitting(opened: Sitting, cuc: Actor) -> None:
    cookie = browser(cuc).get(HALL).cookies[tickets.COOKIE]
    assert (cookie["path"], cookie["httponly"]) == ("/live/", True)
    ticket, _until = tickets.verify(cookie.value)
    assert (ticket.person_id, ticket.sitting_id) == (cuc.id, opened.pk)


@pytest.mark.parametrize("address", ["dieu-hanh/", "thu-ky/", "man-hinh/", "nhat-ky/"])
def test_a_delegate_is_told_why_the_desk_is_not_theirs(
    opened: Sitting, cuc: Actor, address: str
) -> None:
    assert browser(cuc).get(HALL + address).status_code == 403


def test_a_paper_is_a_link_only_for_who_may_open_it(
    opened: Sitting, council: Any, cuc: Actor, giang: Actor
) -> None:
    def sent(**fields: Any) -> Paper:
        return Paper.objects.create(
            council=council,
            kind="draft_resolution",
            title="Dự thảo",
            fold="du thao",
            state="released",
            released_at=timezone.now(),
            **fields,
        )

    own = sent(issuing_body_id=next(iter(giang.body_ids)))
    sent(issuer="Sở khác")
    page = browser(giang).get(HALL)
    assert state_of(page)["readable"] == [str(own.pk)]
    assert 'class="nt-bell"' in page.content.decode()
    assert state_of(browser(cuc).get(HALL))["readable"] is None


def test_somebody_of_another_council_learns_nothing(opened: Sitting, commune: Any) -> None:
    client = Client()
    client.force_login(commune.people["nam"].account)
    assert client.get(HALL).status_code == 404
    assert client.post(HALL + "tiep-theo/").status_code == 404


def test_an_unknown_sitting_is_404(opened: Sitting, cuc: Actor) -> None:
    assert browser(cuc).get("/lao-cai/ky-hop/4/phien/9/").status_code == 404


def test_behind_closed_doors_the_press_is_outside(
    opened: Sitting, province: Any, cuc: Actor
) -> None:
    client = Client()
    client.force_login(province.people["kim"].account)
    assert client.get(HALL).status_code == 200
    Sitting.objects.filter(pk=opened.pk).update(closed_doors=True)
    assert client.get(HALL).status_code == 404
    assert browser(cuc).get(HALL).status_code == 200


def test_a_step_moves_the_sitting_and_answers_a_script(opened: Sitting, chair: Actor) -> None:
    client = browser(chair)
    response = client.post(HALL + "tiep-theo/", headers={"Accept": "application/json"})
    assert (response.status_code, response.json()) == (200, {"ok": True})
    assert queries.hall_state(opened.pk)["item"]["title"] == "Biểu quyết nghị quyết"
    response = client.post(HALL + "tiep-theo/", headers={"Accept": "application/json"})
    assert response.status_code == 409
    assert response.json()["code"] == "no_next_item"


def test_a_plain_form_goes_back_to_its_page(opened: Sitting, clerk: Actor) -> None:
    response = browser(clerk).post(
        HALL + "ghi-dien-bien/", {"text": "Chào cờ", "back": "journal"}, follow=True
    )
    text = response.content.decode()
    assert response.redirect_chain == [(HALL + "nhat-ky/", 302)]
    assert "Chào cờ" in text
    assert "Đã ghi vào diễn biến." in text


def test_a_delegate_posts_a_step_in_vain(opened: Sitting, cuc: Actor) -> None:
    response = browser(cuc).post(HALL + "tam-nghi/", headers={"Accept": "application/json"})
    assert response.status_code == 403
    assert response.json()["code"] == "chair_only"
    assert Sitting.objects.get().state == "open"


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        ("den-noi-dung", {"item": "not-a-key"}),
        ("moi-phat-bieu", {}),
        ("diem-danh", {"membership": "x", "presence": "present"}),
        ("them-thoi-gian", {"speech": "018f0000-0000-7000-8000-000000000000", "seconds": "-5"}),
        ("moi-khach-phat-bieu", {"name": "", "kind": "answer"}),
        ("moi-khach-phat-bieu", {"name": "A", "kind": "song"}),
    ],
)
def test_nonsense_is_refused_in_words(
    opened: Sitting, chair: Actor, step: str, fields: dict[str, str]
) -> None:
    response = browser(chair).post(f"{HALL}{step}/", fields, headers={"Accept": "application/json"})
    assert response.status_code == 422
    assert response.json()["message"]


def test_statements_do_not_grow_with_the_queue(
    opened: Sitting, chair: Actor, django_assert_max_num_queries: Any
) -> None:
    from nghitruong.session.floor.tests.conftest import apply, request
    from nghitruong.session.meetings.models import RollEntry

    people = list(RollEntry.objects.values_list("person_id", flat=True))
    apply("ask", *[request("ask", opened, person, kind="speech") for person in people])
    client = browser(chair)
    with django_assert_max_num_queries(60):
        client.get(HALL + "dieu-hanh/")


def test_the_clock_of_a_running_speech_is_on_the_first_page(
    opened: Sitting, chair: Actor, cuc: Actor, tap: Any
) -> None:
    request_id = tap("ask", cuc, kind="speech")["request"]["id"]
    actions.call_speaker(opened, request_id, by=chair)
    page = state_of(browser(cuc).get(HALL))
    assert page["state"]["queue"]["speaker"]["limit_seconds"] == 420

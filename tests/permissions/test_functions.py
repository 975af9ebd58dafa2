"""A function that is off: not offered, not accepted, by page, POST or command; records stay."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.urls import get_resolver
from django_scopes import scope

from nghitruong.config.live import register_apps
from nghitruong.config.today import tasks_for
from nghitruong.council.councils import actions, queries
from nghitruong.council.councils.models import CouncilFunction, Function
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.errors import Refused
from nghitruong.session.floor.queries import hall_state
from nghitruong.session.meetings.models import RollEntry, Sitting
from nghitruong.session.voting.models import Poll
from tests.permissions.matrix import MATRIX
from tests.permissions.rows import ROLES
from tests.permissions.test_live import body_of, run, ticket_of
from tests.permissions.test_urls import URLS, ask, data_of, path_of, sign_in
from tests.permissions.world import World

# Every URL of these apps belongs to a function; of the floor and the sessions, these do.
APPS = {
    **dict.fromkeys(
        ("papers", "reading", "opinions", "intake", "binder", "submissions", "delivery"), "papers"
    ),
    "voting": "voting",
    "minutes": "minutes",
}
OTHERS = {
    **{
        f"floor:{step}": "roll_call"
        for step in ("open_roll", "close_roll", "set_presence", "present_rest")
    },
    **{
        f"floor:{step}": "speaking"
        for step in ("call", "start", "extend", "give_floor", "speech_minutes")
    },
    **dict.fromkeys(("briefcase:manifest", "briefcase:notes", "briefcase:text"), "papers"),
    "meetings:papers": "papers",
    "meetings:add_papers": "papers",
}
READABLE = {
    "papers:paper", "papers:file", "minutes:versions", "minutes:file",
    "binder:packet_file", "reading:notes", "reading:export", "intake:state", "intake:thumbnail",
    "opinions:papers", "opinions:table", "opinions:table_docx", "opinions:table_xlsx",
    "opinions:report_docx", "opinions:opinion", "submissions:rooms", "submissions:room",
    "voting:polls", "voting:poll", "voting:json", "voting:xlsx", "voting:print", "voting:my_votes",
}  # fmt: skip


def off(world: World, *functions: Function) -> None:
    with scope(council=world.built.council.pk):
        CouncilFunction.objects.filter(function__in=functions).update(enabled=False)


@pytest.fixture(autouse=True)
def apps_registered() -> None:
    register_apps()


def callback_of(path: str) -> Any:
    return get_resolver().resolve(path).func


def test_every_url_of_a_function_says_so(here: World) -> None:
    slug = here.built.council.slug
    said = {}
    for url in URLS:
        function = getattr(callback_of(path_of(url, slug, here)), "function", None)
        if function is not None:
            said[url.name] = function.value
    wanted = {url.name: APPS[app] for url in URLS if (app := url.name.split(":")[0]) in APPS}
    assert said == {**wanted, **OTHERS}


@pytest.mark.parametrize("function", list(Function)[:5])
def test_what_is_off_is_refused_by_every_page_and_step_with_its_name(
    here: World, function: Function
) -> None:
    off(here, function)
    slug = here.built.council.slug
    wrong = []
    for url in URLS:
        if (OTHERS.get(url.name) or APPS.get(url.name.split(":")[0])) != function.value:
            continue
        for row in MATRIX[url.name]:
            role = next(iter(sorted(row.allow)), None)
            if role is None:
                continue
            client = sign_in(here, ROLES[role])
            answer = ask(client, row.method, path_of(url, slug, here), data_of(row, here))
            if row.method == "GET" and url.name in READABLE:
                passed = answer.status_code in {
                    200,
                    404,
                    409,
                }  # nothing made, nothing to export yet
            else:
                words = f"chức năng «{function.label}»"
                passed = answer.status_code == 403 and words in answer.content.decode()
            if not passed:
                wrong.append(f"{row.method} {url.name}: {answer.status_code}")
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("function", "command"), [(Function.SPEAKING, "ask"), (Function.ROLL_CALL, "check-in")]
)
def test_a_command_of_the_hall_is_refused_too(
    here: World, function: Function, command: str
) -> None:
    off(here, function)
    status, answer, wrote = run(command, ticket_of(here, "cuc"), body_of(here))
    assert (status, answer["code"], wrote) == (403, "function_off", False)
    assert f"chức năng «{function.label}»" in answer["message"]


def test_the_navigation_the_tabs_and_the_screens_hide_it(here: World) -> None:
    slug, sitting = here.built.council.slug, here.key("", "sitting_id")
    client = sign_in(here, "cuc")
    assert f'href="/{slug}/tai-lieu/"' in client.get(f"/{slug}/").content.decode()
    with scope(council=here.built.council.pk):
        assert set(hall_state(sitting)["sitting"]["functions"]) == {
            f.value for f in list(Function)[:5]
        }
    off(here, Function.PAPERS, Function.SPEAKING, Function.VOTING, Function.MINUTES)
    home = client.get(f"/{slug}/").content.decode()
    for address in ("tai-lieu/", "phieu-cua-toi/"):
        assert f'href="/{slug}/{address}"' not in home
    assert "/tai-lieu/" not in client.get(f"/{slug}/ky-hop/4/").content.decode()
    desk = sign_in(here, "binh").get(f"/{slug}/ky-hop/4/phien/1/thu-ky/").content.decode()
    for address in ("bieu-quyet/", "bien-ban/"):
        assert f'href="/{slug}/ky-hop/4/phien/1/{address}"' not in desk
    assert 'id="floor-name"' not in desk
    with scope(council=here.built.council.pk):
        assert hall_state(sitting)["sitting"]["functions"] == ["roll_call"]


def admin(here: World) -> Actor:
    return Actor.system(here.built.council)


def test_a_switch_reaches_the_screens_and_says_what_needs_what(here: World) -> None:
    council = here.built.council
    with scope(council=council.pk):
        Poll.objects.update(state="prepared")
        Sitting.objects.update(roll_open=False)
        with pytest.raises(Refused, match="Hãy tắt «Đăng ký phát biểu», «Biểu quyết» trước"):
            actions.set_function(Function.ROLL_CALL, False, by=admin(here))
        actions.set_function(Function.VOTING, False, by=admin(here))
        assert Function.VOTING not in queries.enabled_functions(council)
        from nghitruong.platform.live.models import Event

        event = Event.objects.filter(type__startswith="sitting.").order_by("pk").last()
        assert event is not None
        assert "voting" not in str(event.data)
        assert "speaking" in str(event.data)


def test_nothing_is_taken_away_in_the_middle_of_its_use(here: World) -> None:
    with scope(council=here.built.council.pk):
        Poll.objects.update(state="open", opened_at="2026-12-08T02:00:00Z")
        with pytest.raises(Refused, match="Đang biểu quyết"):
            actions.set_function(Function.VOTING, False, by=admin(here))
        assert Function.VOTING in queries.enabled_functions(here.built.council)
        with pytest.raises(Refused, match="Đang có người phát biểu"):
            actions.set_function(Function.SPEAKING, False, by=admin(here))


def test_home_has_no_work_of_a_function_that_is_off(here: World) -> None:
    with scope(council=here.built.council.pk):
        from nghitruong.council.councils.roles import actor_of_person

        cuc = actor_of_person(here.built.people["cuc"])
        words = [task.title for task in tasks_for(cuc, ["papers"])]
        without = [task.title for task in tasks_for(cuc, [])]
    assert not any("tài liệu" in title for title in without)
    assert len(without) <= len(words)


def test_a_sitting_is_opened_without_a_roll_where_the_council_does_not_call_it_here(
    here: World,
) -> None:
    from nghitruong.session.floor import actions as floor
    from nghitruong.session.floor.models import JournalEntry

    off(here, Function.ROLL_CALL, Function.SPEAKING, Function.VOTING)
    with scope(council=here.built.council.pk):
        sitting = Sitting.objects.get(pk=here.key("", "sitting_id"))
        RollEntry.objects.filter(sitting=sitting).update(presence="unknown")
        Sitting.objects.filter(pk=sitting.pk).update(state="planned", opened_at=None)
        floor.open_sitting(sitting, by=_chair(here))
        line = JournalEntry.objects.filter(kind="floor.open_sitting").order_by("at").last()
        assert line is not None
        assert "có mặt" not in line.text


def _chair(here: World) -> Actor:
    from nghitruong.council.councils.roles import actor_of_person

    return actor_of_person(here.built.people["an"])


def test_an_item_keeps_its_papers_when_edited_while_papers_are_off(here: World) -> None:
    from nghitruong.session.meetings.models import AgendaPaper

    off(here, Function.PAPERS)
    item: uuid.UUID = here.key("", "item")
    with scope(council=here.built.council.pk):
        before = AgendaPaper.objects.filter(item=item).count()
    slug = here.built.council.slug
    data = {"title": "Tên mới", "kind": "report", "minutes": "10"}
    answer = sign_in(here, "binh").post(f"/{slug}/ky-hop/4/chuong-trinh/{item}/", data)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    with scope(council=here.built.council.pk):
        assert AgendaPaper.objects.filter(item=item).count() == before

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path
from django_scopes import scope
from django_scopes.exceptions import ScopeError

from nghitruong.council.councils import actions, queries
from nghitruong.council.councils.middleware import open_to_anonymous
from nghitruong.council.councils.models import Person
from nghitruong.council.councils.roles import Actor, Role, actor_for
from nghitruong.council.councils.tests.factories import (
    make_account,
    make_cast,
    make_commune_council,
    make_council,
    make_delegate,
)
from nghitruong.platform.errors import Refused

pytestmark = pytest.mark.django_db


def names(request, number=0):
    people = ",".join(Person.objects.order_by("sort_key").values_list("full_name", flat=True))
    return HttpResponse(f"{request.council.slug}|{request.actor.name}|{number}|{people}")


@open_to_anonymous
def anybody(request):
    return HttpResponse(f"{request.council.slug}|{request.actor}")


def refusing(request):
    raise Refused("too_late", "Đã hết hạn. Hãy hỏi thư ký.", article="Luật 72/2025/QH15 Đ35")


urlpatterns = [
    path("<slug:council>/tu-choi/", refusing),
    path("<slug:council>/so/<int:number>/", names),
    path("<slug:council>/ai/", anybody),
    path("ngoai/", lambda request: HttpResponse(str(request.council))),
]
here = override_settings(ROOT_URLCONF=__name__, LOGIN_URL="/tai-khoan/login/")


@pytest.fixture
def two():
    province, commune = make_council(), make_commune_council()
    make_delegate(province, "Lê Thị Cúc", username="cuc")
    make_delegate(commune, "Phạm Thị Em", username="em")
    return province, commune


@here
def test_a_view_behind_the_wall_sees_its_council_only(client, two):
    client.force_login(actor_account("cuc"))
    body = client.get("/lao-cai/so/7/").content.decode()
    assert body == "lao-cai|Lê Thị Cúc|7|Lê Thị Cúc"


def actor_account(username):
    from nghitruong.platform.accounts.models import Account

    return Account.objects.get(username=username)


@here
def test_another_council_and_an_unknown_slug_are_the_same_404(client, two):
    client.force_login(actor_account("cuc"))
    assert client.get("/xa-mau-a/so/7/").status_code == 404
    assert client.get("/khong-co/so/7/").status_code == 404


@here
def test_without_sign_in_every_slug_leads_to_the_sign_in(client, two):
    for slug in ("lao-cai", "khong-co"):
        answer = client.get(f"/{slug}/so/7/")
        assert answer.status_code == 302
        assert "/so/7/" in answer.headers["Location"]


@here
def test_a_page_marked_open_needs_no_sign_in_but_a_council(client, two):
    assert client.get("/lao-cai/ai/").content.decode() == "lao-cai|None"
    assert client.get("/khong-co/ai/").status_code == 404
    assert client.get("/ngoai/").content.decode() == "None"


@here
def test_whoever_has_no_role_any_more_may_not_know_the_council(client, two):
    province, _commune = two
    account = actor_account("cuc")
    actor = actor_for(account, province)
    with scope(council=province.pk):
        from datetime import timedelta

        from django.utils import timezone

        actions.end_membership(
            actor.delegate_membership,
            ends_on=timezone.localdate() - timedelta(days=1),
            reason="sức khỏe",
            by=Actor.system(province),
        )
    client.force_login(account)
    assert client.get("/lao-cai/so/7/").status_code == 404
    assert queries.councils_for(account) == []


def test_rows_are_unreachable_outside_a_scope(two):
    with pytest.raises(ScopeError):
        list(Person.objects.all())


def test_a_superuser_administers_every_council_without_being_a_person(two):
    account = make_account("goc", is_superuser=True)
    for council in two:
        actor = actor_for(account, council)
        assert actor.roles == {Role.ADMIN}
        assert actor.person is None
    assert set(queries.councils_for(account)) == set(two)


def test_a_locked_account_is_nobody(two):
    account = actor_account("cuc")
    account.is_active = False
    account.save()
    assert actor_for(account, two[0]) is None


def test_one_account_may_act_in_two_councils_as_two_persons(two):
    province, commune = two
    account = actor_account("cuc")
    cast = make_cast(commune)
    with scope(council=commune.pk):
        actions.link_account(cast.agency.person, account, by=cast.clerk)
    assert actor_for(account, province).roles == {Role.DELEGATE}
    assert actor_for(account, commune).roles == {Role.AGENCY}
    assert {c.slug for c in queries.councils_for(account)} == {"lao-cai", "xa-mau-a"}


@here
def test_a_refusal_is_told_to_a_program_with_its_code_and_article(client, two):
    client.force_login(actor_account("cuc"))
    answer = client.get("/lao-cai/tu-choi/", headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json() == {
        "code": "too_late",
        "message": "Đã hết hạn. Hãy hỏi thư ký.",
        "article": "Luật 72/2025/QH15 Đ35",
    }


def test_a_duty_and_a_role_are_both_asked_with_has(two):
    from nghitruong.council.councils.models import DutyKind

    with scope(council=two[0].pk):
        cuc = actor_for(actor_account("cuc"), two[0])
    assert cuc.has("delegate")
    assert cuc.id == cuc.person.pk
    assert not cuc.has(DutyKind.CLERK_VOTING, "admin")

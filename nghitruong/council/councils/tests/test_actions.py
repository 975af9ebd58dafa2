from datetime import UTC, date, datetime, timedelta

import pytest
from django_scopes import scope, scopes_disabled

from nghitruong.council.councils import actions, queries
from nghitruong.council.councils.models import (
    Council,
    DutyKind,
    Function,
    Organization,
    OrganizationKind,
    UnitLevel,
)
from nghitruong.council.councils.roles import Actor
from nghitruong.council.councils.tests.factories import (
    TERM_START,
    make_cast,
    make_commune_council,
    make_council,
    make_delegate,
    make_unit,
)
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db


def audited(council, action):
    with scope(council=council.pk):
        return list(Entry.objects.filter(action=action).order_by("at"))


def test_a_council_is_made_with_its_bodies_and_functions_and_audited():
    council = make_council()
    assert (council.name, council.short_name, council.slug, council.place) == (
        "Hội đồng nhân dân tỉnh Lào Cai",
        "HĐND tỉnh Lào Cai",
        "lao-cai",
        "Lào Cai",
    )
    with scope(council=council.pk):
        codes = set(Organization.objects.values_list("code", flat=True))
    assert {"plenary", "standing_committee", "legal", "secretariat", "peoples_committee"} <= codes
    assert queries.enabled_functions(council) >= {Function.PAPERS, Function.VOTING}
    assert Function.PETITIONS not in queries.enabled_functions(council)
    assert len(audited(council, "councils.create_council")) == 1


def test_a_commune_has_the_two_ban_of_its_level_and_a_city_four():
    commune = make_commune_council()
    city = make_council("Thành phố Đà Nẵng", code="48")
    for council, expected in (
        (commune, {"economy_budget", "culture_society"}),
        (city, {"legal", "economy_budget", "culture_society", "urban"}),
    ):
        with scope(council=council.pk):
            bans = Organization.objects.filter(kind=OrganizationKind.COMMITTEE)
            assert set(bans.values_list("code", flat=True)) == expected
    assert commune.slug == "xa-mau-a"


def test_a_unit_may_have_no_council_and_never_two():
    unit = make_unit("Đặc khu Bạch Long Vĩ", code="11948", level=UnitLevel.COMMUNE)
    assert not Council.objects.filter(unit=unit).exists()
    make_council()
    with pytest.raises(Refused) as refused:
        actions.create_council(make_unit(), by_name="kiểm thử")
    assert refused.value.code == "council_exists"


def test_a_district_gets_no_council():
    unit = make_unit("Huyện Văn Yên", code="136", level=UnitLevel.DISTRICT)
    with pytest.raises(Refused) as refused:
        actions.create_council(unit, by_name="kiểm thử")
    assert refused.value.code == "no_district_council"


@pytest.mark.parametrize("slug", ["live", "tai-khoan", "Lào Cai", "-a", ""])
def test_an_address_that_is_not_a_councils_is_refused_or_made(slug):
    if slug:
        with pytest.raises(Refused):
            actions.create_council(make_unit(), by_name="x", slug=slug)
    else:
        assert actions.create_council(make_unit(), by_name="x", slug=slug).slug == "lao-cai"


def test_a_new_term_ends_the_one_before():
    council = make_council()
    by = Actor.system(council)
    with scope(council=council.pk):
        actions.start_term(number=18, starts_on=date(2031, 3, 20), statutory_seats=63, by=by)
    assert queries.term_at(council, date(2031, 3, 19)).number == 17
    assert queries.term_at(council, date(2031, 3, 20)).number == 18
    assert queries.term_at(council, TERM_START - timedelta(days=1)) is None
    with scope(council=council.pk), pytest.raises(Refused):
        actions.start_term(number=18, starts_on=date(2036, 3, 20), statutory_seats=63, by=by)


def test_counts_follow_vacancies_and_suspensions_at_any_moment():
    council = make_council(seats=5)
    by = Actor.system(council)
    members = [make_delegate(council, f"Nguyễn Văn {x}") for x in ("Anh", "Bảo", "Chi", "Đạt")]
    suspended_at = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
    with scope(council=council.pk):
        actions.suspend_delegate(members[0], reason="bị khởi tố", by=by, at=suspended_at)
        actions.end_membership(
            members[1], ends_on=date(2026, 10, 15), reason="thôi làm nhiệm vụ", by=by
        )
        later = suspended_at + timedelta(days=60)
        actions.restore_delegate(members[0], reason="đình chỉ vụ án", by=by, at=later)

    def counts(moment):
        found = queries.counts_at(council, moment)
        return found.statutory, found.in_office, found.suspended, found.entitled, found.vacant

    assert counts(date(2026, 3, 30)) == (0, 0, 0, 0, 0)
    assert counts(TERM_START) == (5, 4, 0, 4, 1)
    assert counts(suspended_at - timedelta(minutes=1)) == (5, 4, 0, 4, 1)
    assert counts(suspended_at) == (5, 4, 1, 3, 1)
    assert counts(datetime(2026, 10, 15, 12, tzinfo=UTC)) == (5, 4, 1, 3, 1)
    assert counts(datetime(2026, 10, 16, 1, tzinfo=UTC)) == (5, 3, 1, 2, 2)
    assert counts(later) == (5, 3, 0, 3, 2)
    assert queries.counts_at(council, later, present=3).present == 3


@pytest.mark.parametrize("role", ["chair", "support", "agency"])
def test_only_the_office_keeps_the_lists(role):
    council = make_council()
    cast = make_cast(council)
    with scope(council=council.pk), pytest.raises(NotAllowed) as refused:
        actions.add_person(full_name="Ai Đó", by=getattr(cast, role))
    assert refused.value.status == 403


def test_a_clerk_may_not_make_administrators_or_switch_functions():
    council = make_council()
    cast = make_cast(council)
    with scope(council=council.pk):
        with pytest.raises(NotAllowed):
            actions.give_duty(cast.clerk.person, DutyKind.ADMIN, by=cast.clerk)
        with pytest.raises(NotAllowed):
            actions.set_function(Function.VOTING, False, by=cast.clerk)
        actions.set_function(Function.VOTING, False, by=cast.admin)
    assert Function.VOTING not in queries.enabled_functions(council)


def test_private_data_do_not_enter_the_log():
    council = make_council()
    cast = make_cast(council)
    with scope(council=council.pk):
        actions.update_person(cast.agency.person, by=cast.clerk, phone="0912345678")
    entry = audited(council, "councils.update_person")[0]
    assert entry.payload == {"fields": ["phone"]}


def test_a_row_of_another_council_is_refused():
    province, commune = make_council(), make_commune_council()
    stranger = make_delegate(commune, "Lê Thị Cúc")
    with scopes_disabled(), pytest.raises(NotAllowed):
        actions.end_membership(
            stranger, ends_on=date(2026, 10, 1), reason="x", by=Actor.system(province)
        )


def test_sending_up_is_logged_on_both_sides_and_received_once():
    province, commune = make_council(), make_commune_council()
    clerk_up, clerk_down = make_cast(province).clerk, make_cast(commune).clerk
    with scope(council=commune.pk):
        transfer = actions.send_transfer(
            province,
            kind="resolution",
            subject="Nghị quyết về dự toán 2027",
            payload={"number": "12/NQ-HĐND"},
            by=clerk_down,
        )
    assert len(audited(commune, "councils.send_transfer")) == 1
    assert len(audited(province, "councils.transfer_arrived")) == 1
    with scope(council=province.pk):
        assert list(queries.transfers_for(clerk_up)) == [transfer]
        actions.receive_transfer(transfer, by=clerk_up)
        with pytest.raises(Refused):
            actions.receive_transfer(transfer, by=clerk_up)
    with scope(council=commune.pk), pytest.raises(Refused):
        actions.receive_transfer(transfer, by=clerk_down)


def test_councils_that_are_not_above_or_below_cannot_send_to_each_other():
    province = make_council()
    other = make_council("Tỉnh Sơn La", code="14")
    by = Actor.system(province)
    with scope(council=province.pk), pytest.raises(Refused) as refused:
        actions.send_transfer(other, kind="x", subject="x", payload={}, by=by)
    assert refused.value.code == "not_up_or_down"
    assert not audited(other, "councils.transfer_arrived")


def test_delegates_are_listed_by_given_name_with_their_posts_in_few_queries(
    django_assert_max_num_queries,
):
    council = make_council()
    cast = make_cast(council)
    with scope(council=council.pk), django_assert_max_num_queries(2):
        rows = list(queries.delegates_for(cast.clerk))
        posts = queries.post_summary(rows[0].person.posts)
    names = [row.person.full_name for row in rows]
    assert names == ["Nguyễn Văn An", "Lê Thị Cúc", "Giàng A Dũng", "Vũ Thị Hoa"]
    assert posts == "Chủ tịch HĐND"

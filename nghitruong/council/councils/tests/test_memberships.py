"""Memberships, suspensions, seats and duties: when they begin and end, and the roles they give."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django_scopes import scope

from nghitruong.council.councils import actions, queries
from nghitruong.council.councils.models import (
    Duty,
    DutyKind,
    Membership,
    Organization,
    OrganizationKind,
)
from nghitruong.council.councils.roles import Actor, Role, actor_of_person
from nghitruong.council.councils.tests.factories import (
    TERM_START,
    make_cast,
    make_council,
    make_delegate,
)
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db


def audited(council, action):
    with scope(council=council.pk):
        return list(Entry.objects.filter(action=action).order_by("at"))


def test_a_suspended_delegate_loses_the_role_at_once_and_gets_it_back():
    council = make_council()
    cast = make_cast(council)
    by = Actor.system(council)
    cuc = cast.delegates[0]
    assert cuc.roles == {Role.DELEGATE}
    with scope(council=council.pk):
        actions.suspend_delegate(cuc.delegate_membership, reason="bị khởi tố", by=by)
        assert actor_of_person(cuc.person).roles == {Role.SUSPENDED}
        with pytest.raises(Refused) as twice:
            actions.suspend_delegate(cuc.delegate_membership, reason="lần hai", by=by)
        assert twice.value.code == "already_suspended"
        actions.restore_delegate(cuc.delegate_membership, reason="không vi phạm", by=by)
        assert actor_of_person(cuc.person).roles == {Role.DELEGATE}
        with pytest.raises(Refused):
            actions.restore_delegate(cuc.delegate_membership, reason="lần hai", by=by)


def test_a_suspended_chair_does_not_preside():
    council = make_council()
    cast = make_cast(council)
    assert cast.chair.roles >= {Role.CHAIR, Role.DELEGATE}
    with scope(council=council.pk):
        actions.suspend_delegate(
            cast.chair.delegate_membership, reason="bị khởi tố", by=Actor.system(council)
        )
        assert not actor_of_person(cast.chair.person).is_chair


def test_leaving_the_council_ends_every_post_that_needs_a_delegate():
    council = make_council()
    cast = make_cast(council)
    with scope(council=council.pk):
        actions.end_membership(
            cast.chair.delegate_membership,
            ends_on=date(2026, 11, 1),
            reason="chuyển công tác",
            by=Actor.system(council),
        )
        rows = Membership.objects.filter(person=cast.chair.person)
        assert [row.ends_on for row in rows] == [date(2026, 11, 1)] * 2
    (also,) = audited(council, "councils.end_membership")[0].payload["also_ended"]
    assert also.startswith("Chủ tịch HĐND, Thường trực")


def test_a_membership_is_ended_once_with_a_reason():
    council = make_council()
    member = make_delegate(council, "Lê Thị Cúc")
    by = Actor.system(council)
    with scope(council=council.pk):
        with pytest.raises(Refused) as no_reason:
            actions.end_membership(member, ends_on=date(2026, 10, 1), reason="  ", by=by)
        assert no_reason.value.code == "reason_missing"
        actions.end_membership(member, ends_on=date(2026, 10, 1), reason="sức khỏe", by=by)
        with pytest.raises(Refused):
            actions.end_membership(member, ends_on=date(2026, 10, 2), reason="sức khỏe", by=by)


def test_a_seat_has_one_holder_and_is_free_again_when_vacant():
    council = make_council()
    first = make_delegate(council, "Lê Thị Cúc", seat=7)
    second = make_delegate(council, "Giàng A Dũng")
    by = Actor.system(council)
    with scope(council=council.pk):
        with pytest.raises(Refused) as held:
            actions.set_seat(second, number=7, by=by)
        assert held.value.code == "seat_held"
        assert "Lê Thị Cúc" in held.value.sentence
        yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011
        actions.end_membership(first, ends_on=yesterday, reason="sức khỏe", by=by)
        assert actions.set_seat(second, number=7, label="B7", by=by).label == "B7"


def test_nobody_holds_the_same_post_twice():
    council = make_council()
    member = make_delegate(council, "Lê Thị Cúc")
    with scope(council=council.pk), pytest.raises(Refused) as twice:
        actions.appoint(
            member.person,
            member.organization,
            post="delegate",
            post_label="Đại biểu",
            starts_on=TERM_START,
            term=member.term,
            by=Actor.system(council),
        )
    assert twice.value.code == "already_member"


def test_a_dissolved_body_ends_its_memberships_and_takes_no_new_ones():
    council = make_council()
    by = Actor.system(council)
    member = make_delegate(council, "Giàng A Dũng")
    with scope(council=council.pk):
        body = actions.establish_organization(
            kind=OrganizationKind.COMMITTEE, code="ethnic_affairs", name="Ban Dân tộc", by=by
        )
        post = {"post": "committee_chair", "post_label": "Trưởng Ban", "by": by}
        held = actions.appoint(member.person, body, starts_on=TERM_START, **post)
        actions.dissolve_organization(body, reason="sắp xếp lại", by=by, on=date(2026, 9, 30))
        held.refresh_from_db()
        assert (held.ends_on, held.end_reason) == (date(2026, 9, 30), "sắp xếp lại")
        with pytest.raises(Refused) as closed:
            actions.appoint(member.person, body, starts_on=date(2026, 10, 1), **post)
        assert closed.value.code == "body_dissolved"


def test_duties_give_roles_and_end_at_once():
    council = make_council()
    cast = make_cast(council)
    assert cast.clerk.is_clerk
    assert cast.clerk.on_duty(DutyKind.CLERK_VOTING)
    assert cast.support.roles == {Role.SUPPORT}
    assert cast.agency.roles == {Role.AGENCY}
    assert cast.admin.is_office
    with scope(council=council.pk):
        for duty in Duty.objects.filter(person=cast.clerk.person):
            actions.end_duty(duty, by=cast.admin)
        assert actor_of_person(cast.clerk.person).roles == set()


def test_a_clerk_does_not_end_the_duty_of_who_presides():
    council = make_council()
    cast = make_cast(council)
    with scope(council=council.pk):
        given = actions.give_duty(cast.agency.person, DutyKind.CHAIR, by=cast.admin)
        with pytest.raises(NotAllowed) as refused:
            actions.end_duty(given, by=cast.clerk)
        assert refused.value.code == "chair_gives_chair"
        assert actor_of_person(cast.agency.person).is_chair
        actions.end_duty(given, by=cast.admin)
        assert not actor_of_person(cast.agency.person).is_chair


def test_a_post_begun_today_goes_with_a_delegate_who_leaves_at_once():
    council = make_council()
    cast = make_cast(council)
    with scope(council=council.pk):
        delegate = make_delegate(council, "Giàng Thị Mới")
        body = Organization.objects.filter(council=council, kind=OrganizationKind.STANDING).get()
        actions.appoint(
            delegate.person,
            body,
            post="council_vice_chair",
            post_label="Phó Chủ tịch HĐND",
            starts_on=timezone.localdate(),
            by=cast.admin,
        )
        assert actor_of_person(delegate.person).is_chair
        actions.end_membership(
            delegate, ends_on=timezone.localdate(), reason="bãi nhiệm", by=cast.admin, at_once=True
        )
        assert actor_of_person(delegate.person).roles == set()
    entry = audited(council, "councils.end_membership")[-1]
    assert entry.payload["posts_withdrawn"][0].startswith("Phó Chủ tịch HĐND, Thường trực")


def test_a_last_day_still_to_come_is_brought_forward_with_the_posts_that_go_with_it():
    council = make_council()
    cast = make_cast(council)
    today = timezone.localdate()
    held = cast.chair.delegate_membership
    with scope(council=council.pk):
        by = Actor.system(council)
        actions.end_membership(held, ends_on=today, reason="chuyển công tác", by=by)
        with pytest.raises(Refused) as later:
            actions.end_membership(held, ends_on=today, reason="chuyển công tác", by=by)
        assert f"{today:%d/%m/%Y}" in later.value.sentence
        actions.end_membership(held, ends_on=today, reason="bãi nhiệm", by=by, at_once=True)
        yesterday = today - timedelta(days=1)
        rows = Membership.objects.filter(person=cast.chair.person)
        assert {row.ends_on for row in rows} == {yesterday}
        assert actor_of_person(cast.chair.person).roles == set()
        with pytest.raises(Refused) as over:
            actions.end_membership(
                held, ends_on=yesterday - timedelta(days=1), reason="ghi nhầm", by=by
            )
        assert over.value.code == "membership_ended"
    entry = audited(council, "councils.end_membership")[-1]
    assert entry.payload["ended_before_on"] == str(today)
    assert len(entry.payload["also_ended"]) == 1


def test_bringing_forward_a_wrong_last_day_leaves_the_mandate_given_again_whole():
    council = make_council()
    cast = make_cast(council)
    today = timezone.localdate()
    wrong = cast.chair.delegate_membership
    with scope(council=council.pk):
        by = Actor.system(council)
        last = today + timedelta(days=8)
        actions.end_membership(wrong, ends_on=last, reason="ghi nhầm", by=by)
        again = actions.appoint(
            cast.chair.person,
            wrong.organization,
            post=wrong.post,
            post_label=wrong.post_label,
            starts_on=today,
            term=wrong.term,
            by=by,
        )
        posts = Membership.objects.filter(person=cast.chair.person).exclude(pk=wrong.pk)
        before = list(posts.order_by("pk").values_list("pk", "ends_on"))
        assert len(before) == 2
        actions.end_membership(wrong, ends_on=today, reason="ghi nhầm", by=by)
        assert list(posts.order_by("pk").values_list("pk", "ends_on")) == before
        again.refresh_from_db()
        assert again.ends_on is None
        assert audited(council, "councils.end_membership")[-1].payload["also_ended"] == []
        # Removed after all, before the wrong day has come: nothing of either stays.
        Membership.objects.filter(pk=wrong.pk).update(ends_on=last)
        Membership.objects.exclude(pk=wrong.pk).filter(person=cast.chair.person).update(
            starts_on=today - timedelta(days=1)
        )
        again.refresh_from_db()
        actions.end_membership(again, ends_on=today, reason="bãi nhiệm", by=by, at_once=True)
        assert actor_of_person(cast.chair.person).roles == set()


def test_a_mandate_that_begins_later_is_not_ended_at_once():
    council = make_council()
    member = make_delegate(council, "Giàng Thị Mới")
    today = timezone.localdate()
    with scope(council=council.pk):
        Membership.objects.filter(pk=member.pk).update(starts_on=today + timedelta(days=9))
        member.refresh_from_db()
        with pytest.raises(Refused) as refused:
            actions.end_membership(
                member, ends_on=today, reason="bãi nhiệm", by=Actor.system(council), at_once=True
            )
        assert refused.value.code == "not_begun"
        assert f"{today + timedelta(days=9):%d/%m/%Y}" in refused.value.sentence


def test_only_the_moment_of_a_removal_is_for_everybody_the_reason_is_not():
    council = make_council()
    member = make_delegate(council, "Giàng Thị Mới")
    by = Actor.system(council)
    with scope(council=council.pk):
        today = timezone.localdate()
        actions.end_membership(member, ends_on=today, reason="bãi nhiệm", by=by, at_once=True)
        member.refresh_from_db()
        assert member.ended_at_once.startswith("từ ")
        for said in ("bị bắt lúc 21 giờ 30 tại chợ", "từ 21 giờ 30 ngày 01/02/2026, ở chợ"):
            assert Membership(end_reason=f"cho thôi ({said})").ended_at_once == ""


def test_a_delegate_whose_last_day_is_known_is_suspended_and_restored():
    council = make_council()
    cast = make_cast(council)
    today = timezone.localdate()
    cuc = cast.delegates[0]
    held = cuc.delegate_membership
    with scope(council=council.pk):
        actions.end_membership(
            held, ends_on=today + timedelta(days=7), reason="chuyển công tác", by=cast.admin
        )
        actions.suspend_delegate(held, reason="bị khởi tố", by=cast.admin)
        assert actor_of_person(cuc.person).roles == {Role.SUSPENDED}
        with pytest.raises(Refused) as twice:
            actions.suspend_delegate(held, reason="lần hai", by=cast.admin)
        assert twice.value.code == "already_suspended"
        # A nearer last day is no reason to let them act again.
        actions.end_membership(held, ends_on=today, reason="miễn nhiệm", by=cast.admin)
        assert queries.counts_at(council, timezone.now()).suspended == 1
        actions.restore_delegate(held, reason="không vi phạm", by=cast.admin)
        assert actor_of_person(cuc.person).roles == {Role.DELEGATE}


def test_a_post_really_held_after_a_past_last_day_is_ended_first_and_never_deleted():
    council = make_council()
    cast = make_cast(council)
    today = timezone.localdate()
    with scope(council=council.pk):
        delegate = make_delegate(council, "Giàng Thị Mới")
        legal = Organization.objects.get(council=council, code="legal")
        begun = today - timedelta(days=10)
        post = actions.appoint(
            delegate.person,
            legal,
            post="committee_member",
            post_label="Ủy viên Ban",
            starts_on=begun,
            by=cast.admin,
        )
        last = begun - timedelta(days=1)
        with pytest.raises(Refused) as refused:
            actions.end_membership(delegate, ends_on=last, reason="từ trần", by=cast.admin)
        assert refused.value.code == "post_begun_after"
        assert "Ủy viên Ban, Ban Pháp chế" in refused.value.sentence
        delegate.refresh_from_db()
        assert delegate.ends_on is None
        actions.end_membership(post, ends_on=begun, reason="ghi nhầm", by=cast.admin)
        actions.end_membership(delegate, ends_on=last, reason="từ trần", by=cast.admin)
        post.refresh_from_db()
        assert post.ends_on == begun

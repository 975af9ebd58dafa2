import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from nghitruong.council.councils import actions, queries
from nghitruong.council.councils.models import Function, ImportBatch, Membership, Person
from nghitruong.council.councils.roles import Role, actor_of_person
from nghitruong.council.councils.tests.factories import (
    TERM_START,
    make_cast,
    make_commune_council,
    make_council,
)
from nghitruong.council.councils.tests.test_import_delegates import GOOD, csv_of

pytestmark = pytest.mark.django_db
STAFF_PAGES = ["people", "import", "person_add", "establish"]
COMMON_PAGES = ["delegates", "organizations", "transfers", "functions"]


@pytest.fixture
def council():
    return make_council(seats=10)


@pytest.fixture
def cast(council):
    return make_cast(council, accounts=True)


def url(name, council, *args):
    return reverse(f"councils:{name}", args=[council.slug, *args])


def sign_in(client, actor):
    client.force_login(actor.account)
    return client


@pytest.mark.parametrize("page", [*COMMON_PAGES, *STAFF_PAGES])
def test_the_clerk_opens_every_page(client, council, cast, page):
    assert sign_in(client, cast.clerk).get(url(page, council)).status_code == 200


@pytest.mark.parametrize("page", ["import", "person_add"])
def test_a_delegate_is_told_why_the_offices_pages_do_not_open(client, council, cast, page):
    answer = sign_in(client, cast.delegates[0]).get(url(page, council))
    assert answer.status_code == 403
    assert "Văn phòng" in answer.content.decode()


def test_delegates_are_listed_in_order_with_the_three_counts(client, council, cast):
    body = sign_in(client, cast.delegates[0]).get(url("delegates", council)).content.decode()
    table = body[body.index("<tbody>") :]
    places = [table.index(name) for name in ("Nguyễn Văn An", "Lê Thị Cúc", "Giàng A Dũng")]
    assert places == sorted(places)
    assert body.count("nt-stat-value") == 4


@pytest.mark.parametrize("wanted", ["dung", "DŨNG", "giang a"])
def test_the_list_is_searched_without_marks(client, council, cast, wanted):
    answer = sign_in(client, cast.clerk).get(url("delegates", council), {"q": wanted})
    body = answer.content.decode()
    assert "Giàng A Dũng" in body
    assert "Lê Thị Cúc" not in body


def test_the_number_of_statements_does_not_grow_with_the_list(
    client, council, cast, django_assert_max_num_queries
):
    sign_in(client, cast.clerk)
    client.get(url("delegates", council))
    with django_assert_max_num_queries(16):
        client.get(url("delegates", council))


def test_a_delegate_sees_no_phone_number_of_another(client, council, cast):
    with scope(council=council.pk):
        actions.update_person(cast.delegates[1].person, by=cast.clerk, phone="0912345678")
    page = url("person", council, cast.delegates[1].person.pk)
    assert "0912345678" not in sign_in(client, cast.delegates[0]).get(page).content.decode()
    assert "0912345678" in sign_in(client, cast.delegates[1]).get(page).content.decode()
    assert "0912345678" in sign_in(client, cast.clerk).get(page).content.decode()


def test_the_clerk_gives_a_post_and_ends_it(client, council, cast):
    sign_in(client, cast.clerk)
    with scope(council=council.pk):
        legal = queries.organization_for(cast.clerk, "legal")
    person = cast.delegates[2].person
    data = {"organization": legal.pk, "post": "committee_chair", "starts_on": "2026-10-01"}
    answer = client.post(url("appoint", council, person.pk), data)
    assert answer.status_code == 302
    with scope(council=council.pk):
        held = Membership.objects.get(person=person, post="committee_chair")
    assert held.post_label == "Trưởng Ban"
    client.post(url("end", council, held.pk), {"ends_on": "2026-11-01", "reason": "luân chuyển"})
    with scope(council=council.pk):
        held.refresh_from_db()
    assert held.end_reason == "luân chuyển"


def test_a_removal_may_hold_at_once(client, council, cast):
    """Removed in the middle of a sitting: no delegate this afternoon."""
    held = cast.delegates[0].delegate_membership
    today = timezone.localdate()
    data = {"ends_on": f"{today:%Y-%m-%d}", "reason": "bãi nhiệm", "at_once": "on"}
    answer = sign_in(client, cast.clerk).post(url("end", council, held.pk), data)
    assert answer.status_code == 302
    with scope(council=council.pk):
        held.refresh_from_db()
        assert Role.DELEGATE not in actor_of_person(held.person).roles
    assert held.ends_on == today - timedelta(days=1)
    assert re.fullmatch(rf"bãi nhiệm \(từ \d\d giờ \d\d ngày {today:%d/%m/%Y}\)", held.end_reason)


def test_the_page_of_a_delegate_whose_last_day_is_known(client, council, cast):
    """What is offered is what can be done; a removal at once shows its moment to everybody."""
    held = cast.delegates[0].delegate_membership
    page = url("person", council, held.person_id)
    today = timezone.localdate()
    sign_in(client, cast.clerk)
    data = {"ends_on": f"{today:%Y-%m-%d}", "reason": "chuyển công tác"}
    client.post(url("end", council, held.pk), data)
    body = client.get(page).content.decode()
    assert "Kết thúc sớm hơn" in body
    assert "(chuyển công tác)" in body
    assert url("suspend", council, held.pk) in body
    assert "chỉ ghi được ngày sớm hơn" in client.get(url("end", council, held.pk)).content.decode()
    client.post(url("suspend", council, held.pk), {"reason": "bị khởi tố"})
    with scope(council=council.pk):
        assert actor_of_person(held.person).roles == {Role.SUSPENDED}
    assert "data-confirm=" in client.get(url("end", council, held.pk)).content.decode()
    data["at_once"] = "on"
    body = client.post(url("end", council, held.pk), data, follow=True).content.decode()
    assert "thôi giữ chức vụ «Đại biểu» ngay từ lúc này." in body
    moment = rf"– thôi từ \d\d giờ \d\d ngày {today:%d/%m/%Y}"
    assert re.search(rf"{moment}; chuyển công tác\)", body)  # and not the day before
    body = sign_in(client, cast.delegates[1]).get(page).content.decode()
    assert re.search(rf"{moment}\)", body)
    assert "chuyển công tác" not in body


def test_a_delegate_does_not_begin_before_the_term(client, council, cast):
    """Elected before, in office from the first day of the term: else the sitting would let them
    vote and not count them."""
    with scope(council=council.pk):
        plenary = queries.organization_for(cast.clerk, "plenary")
        person = cast.agency.person
    page = url("appoint", council, person.pk)
    data = {"organization": plenary.pk, "post": "delegate"}
    sign_in(client, cast.clerk)
    early = f"{TERM_START - timedelta(days=1):%Y-%m-%d}"
    answer = client.post(page, {**data, "starts_on": early})
    assert answer.status_code == 200
    assert f"Hãy ghi ngày {TERM_START:%d/%m/%Y}" in answer.content.decode()
    with scope(council=council.pk):
        assert not Membership.objects.filter(person=person, organization=plenary).exists()
    assert client.post(page, {**data, "starts_on": f"{TERM_START:%Y-%m-%d}"}).status_code == 302
    with scope(council=council.pk):
        assert Membership.objects.get(person=person, organization=plenary).term is not None


def test_a_post_that_does_not_fit_the_body_is_explained(client, council, cast):
    with scope(council=council.pk):
        legal = queries.organization_for(cast.clerk, "legal")
    data = {"organization": legal.pk, "post": "council_chair", "starts_on": "2026-10-01"}
    page = url("appoint", council, cast.delegates[2].person.pk)
    answer = sign_in(client, cast.clerk).post(page, data)
    assert answer.status_code == 200
    assert "không thuộc tổ chức" in answer.content.decode()


def test_suspending_and_restoring_from_the_page(client, council, cast):
    sign_in(client, cast.clerk)
    held = cast.delegates[0].delegate_membership
    client.post(url("suspend", council, held.pk), {"reason": "bị khởi tố"})
    with scope(council=council.pk):
        assert actor_of_person(cast.delegates[0].person).roles == {Role.SUSPENDED}
    client.post(url("restore", council, held.pk), {"reason": "không vi phạm"})
    with scope(council=council.pk):
        assert actor_of_person(cast.delegates[0].person).roles == {Role.DELEGATE}


def test_a_refusal_stands_above_the_form(client, council, cast):
    held = cast.delegates[0].delegate_membership
    taken = cast.delegates[1].delegate_membership.seat.number
    answer = sign_in(client, cast.clerk).post(url("seat", council, held.pk), {"number": taken})
    assert answer.status_code == 200
    assert "đang của Giàng A Dũng" in answer.content.decode()


def test_functions_are_switched_by_the_administrator_only(client, council, cast):
    data = {"function": "voting", "enabled": "0"}
    assert sign_in(client, cast.clerk).post(url("functions", council), data).status_code == 403
    assert sign_in(client, cast.admin).post(url("functions", council), data).status_code == 302
    assert Function.VOTING not in queries.enabled_functions(council)


def test_another_councils_person_is_a_404(client, council, cast):
    other = make_cast(make_commune_council())
    for page in ("person", "person_edit", "appoint"):
        address = url(page, council, other.clerk.person.pk)
        assert sign_in(client, cast.clerk).get(address).status_code == 404
    address = url("end", council, other.delegates[0].delegate_membership.pk)
    assert client.get(address).status_code == 404


def fields_of(body):
    found = re.findall(r'name="(\d+\.\w+)" value="([^"]*)"', body)
    return {name: value for name, value in found if not name.endswith(".skip")}


def test_a_list_is_previewed_corrected_applied_and_undone(client, council, cast):
    sign_in(client, cast.clerk)
    rows = [["", "Đặng Văn Sơn", "Nam", "1/1/1980", "", "", "Tổ số 1", "99"], *GOOD[1:2]]
    rows[1][1], rows[1][7] = "Bùi Thị Thu", "8"
    file = io.BytesIO(csv_of(rows))
    file.name = "danh-sach.csv"
    preview = client.post(url("import", council), {"file": file}).content.decode()
    assert "Số ghế từ 1 đến 10" in preview
    with scope(council=council.pk):
        assert not Person.objects.filter(full_name="Đặng Văn Sơn").exists()
    data = fields_of(preview) | {"file_name": "danh-sach.csv"}
    again = client.post(url("import_apply", council), data).content.decode()
    assert "Còn dòng chưa đúng" in again
    data["2.seat"] = "7"
    done = client.post(url("import_apply", council), data)
    with scope(council=council.pk):
        batch = ImportBatch.objects.get()
    assert done.headers["Location"] == url("import_done", council, batch.pk)
    assert "Đặng Văn Sơn" in client.get(done.headers["Location"]).content.decode()
    client.post(url("import_undo", council, batch.pk))
    with scope(council=council.pk):
        assert not Person.objects.filter(full_name="Đặng Văn Sơn").exists()


def test_a_faulty_line_can_be_left_out(client, council, cast):
    sign_in(client, cast.clerk)
    data = {
        "file_name": "a.csv",
        "2.full_name": "Đặng Văn Sơn",
        "3.full_name": "Sai",
        "3.skip": "1",
    }
    assert client.post(url("import_apply", council), data).status_code == 302
    with scope(council=council.pk):
        assert Person.objects.filter(full_name="Đặng Văn Sơn").exists()


def test_what_is_no_spreadsheet_is_refused_on_the_same_page(client, council, cast):
    file = io.BytesIO(b"%PDF-1.7")
    file.name = "danh-sach.xlsx"
    body = sign_in(client, cast.clerk).post(url("import", council), {"file": file}).content.decode()
    assert "Không đọc được tệp này" in body


def test_the_model_sheet_downloads(client, council, cast):
    answer = sign_in(client, cast.clerk).get(url("import_model", council))
    assert answer.content.decode("utf-8-sig").startswith("Họ và tên;")


def test_what_was_sent_up_is_received_on_the_page(client, council, cast):
    below = make_commune_council()
    clerk = make_cast(below).clerk
    with scope(council=below.pk):
        sent = actions.send_transfer(
            council, kind="resolution", subject="Nghị quyết dự toán", payload={}, by=clerk
        )
    sign_in(client, cast.clerk)
    assert "Nghị quyết dự toán" in client.get(url("transfers", council)).content.decode()
    client.post(url("receive", council, sent.pk))
    sent.refresh_from_db()
    assert sent.received_by_name == "Trần Thị Bình"


def test_a_body_is_established_and_dissolved_from_the_pages(client, council, cast):
    sign_in(client, cast.clerk)
    client.post(url("establish", council), {"kind": "committee", "name": "Ban Dân tộc"})
    page = url("organization", council, "ban_dan_toc")
    assert "Ban Dân tộc" in client.get(page).content.decode()
    client.post(url("dissolve", council, "ban_dan_toc"), {"d-reason": "sắp xếp"})
    with scope(council=council.pk):
        assert queries.organization_for(cast.clerk, "ban_dan_toc").ends_on is not None

import io
import json
import re

import pytest
from python_calamine import CalamineWorkbook

from nghitruong.council.councils.models import Duty, DutyKind, LegislativeTerm
from nghitruong.platform.audit.models import Entry
from nghitruong.session.meetings.models import RollEntry
from nghitruong.session.voting import actions
from nghitruong.session.voting.casting import cast_votes
from nghitruong.session.voting.models import Poll, Vote
from nghitruong.session.voting.record import verify
from nghitruong.session.voting.slices import result_slice
from nghitruong.session.voting.tests.conftest import ballot

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def base(hall, council):
    return f"/{council.slug}/ky-hop/{hall.session.number}/phien/{hall.number}/bieu-quyet/"


@pytest.fixture
def at(client):
    def go(actor):
        client.force_login(actor.account)
        return client

    return go


@pytest.fixture
def published(poll, chair, cast):
    cast(poll, "yes", 9)
    cast(poll, "no", 2)
    return actions.publish_poll(actions.close_poll(poll, by=chair), by=chair)


def test_the_chair_walks_a_poll_through_its_steps(at, base, item, draft, chair, cast):
    client = at(chair)
    answer = client.post(base + "chuan-bi/", {"item": str(item.pk)}, **JSON)
    assert answer.json() == {"ok": True, "number": 1, "state": "prepared"}
    assert Poll.objects.get().text_sha256 == draft.sha256
    assert client.post(base + "1/bat-dau/", **JSON).json()["state"] == "open"
    cast(Poll.objects.get(), "yes", 8)
    assert client.post(base + "1/ket-thuc/", **JSON).json()["passed"] is True
    assert client.post(base + "1/cong-bo/", **JSON).json()["state"] == "published"
    refused = client.post(base + "1/huy/", {"reason": "bấm nhầm", "seen": "closed"}, **JSON)
    assert (refused.status_code, refused.json()["code"]) == (409, "poll_published")


def test_annulling_from_the_cockpit_prepares_the_repeat(at, base, poll, chair):
    answer = at(chair).post(base + "1/huy/", {"reason": "nhầm bản", "seen": "open"}, **JSON)
    assert answer.json() == {"ok": True, "number": 2, "state": "prepared"}


def test_a_vote_that_was_annulled_has_no_outcome_in_the_list(at, base, poll, chair, cast):
    cast(poll, "yes", 1)
    actions.annul_poll(actions.close_poll(poll, by=chair), by=chair, reason="nhầm bản")
    page = at(chair).get(base).content.decode()
    assert "đã hủy" in page
    assert "Không được thông qua" not in page


def test_the_session_page_has_each_ones_door_to_the_sitting(at, base, poll, chair, clerk, cuc):
    hall = base.removesuffix("bieu-quyet/")
    session = hall.partition("phien/")[0]
    doors = {
        chair: ("", "dieu-hanh/", "man-hinh/"),
        clerk: ("thu-ky/", "man-hinh/"),
        cuc: ("",),
    }
    for who, own in doors.items():
        page = at(who).get(session).content.decode()
        for door in ("", "dieu-hanh/", "thu-ky/", "man-hinh/"):
            assert (f'href="{hall}{door}"' in page) == (door in own), (who.name, door)


def test_a_page_that_shows_a_prepared_poll_does_not_annul_the_running_one(
    at, base, prepared, chair, clerk, cast
):
    client = at(clerk)
    page = client.get(base + "1/").content.decode()
    hidden = re.search(r'<input type="hidden" name="seen" value="(\w+)"', page)
    assert hidden is not None
    assert hidden[1] == "prepared"
    fields = {"reason": "không cần nữa", "seen": hidden[1]}
    poll = actions.open_poll(prepared, by=chair)
    cast(poll, "yes", 3)
    refused = client.post(base + "1/huy/", fields, **JSON)
    assert (refused.status_code, refused.json()["code"]) == (409, "poll_moved_on")
    assert "đang biểu quyết" in refused.json()["message"]
    assert Poll.objects.get().state == "open"
    # Without a word about what was seen nothing is annulled either.
    assert client.post(base + "1/huy/", {"reason": "nhầm"}, **JSON).status_code == 422
    assert Poll.objects.get().state == "open"


def test_a_prepared_poll_that_is_taken_away_is_not_prepared_again(at, base, prepared, chair):
    fields = {"reason": "không cần nữa", "seen": "prepared"}
    answer = at(chair).post(base + "1/huy/", fields, **JSON)
    assert answer.status_code == 200
    poll = Poll.objects.get()
    assert (poll.state, poll.annul_reason) == ("annulled", "không cần nữa")


def test_a_form_without_a_reason_is_told_so(at, base, poll, chair):
    refused = at(chair).post(base + "1/huy/", {}, **JSON)
    assert refused.status_code == 422
    assert "Lý do hủy" in refused.json()["message"]


@pytest.mark.parametrize("step", ["bat-dau", "ket-thuc", "cong-bo", "huy", "ghi-ho"])
def test_a_delegate_may_not_take_the_chairs_steps(at, base, poll, cuc, step, hall):
    fields = {"reason": "x", "choice": "yes", "entry": str(hall.roll.first().pk), "seen": "open"}
    refused = at(cuc).post(f"{base}1/{step}/", fields, **JSON)
    assert refused.status_code == 403


def test_a_prepared_poll_is_unknown_to_a_delegate(at, base, prepared, cuc):
    assert at(cuc).get(base + "1/").status_code == 404
    assert prepared.question not in at(cuc).get(base).content.decode()


def test_before_the_announcement_a_delegate_sees_no_number(at, base, poll, cast, chair, cuc):
    cast(poll, "yes", 9)
    actions.close_poll(poll, by=chair)
    page = at(cuc).get(base + "1/").content.decode()
    assert "60,00" not in page
    assert "thông qua" not in page.lower().replace("chưa công bố", "")
    assert at(cuc).get(base + "1/ket-qua.json").status_code == 403
    assert "60,00" in at(chair).get(base + "1/").content.decode()


def test_the_result_page_has_picture_table_and_words(at, base, published, cuc):
    page = at(cuc).get(base + "1/").content.decode()
    assert page.count('<g class="nt-seat ') == 15
    assert page.count("nt-seat nt-seat-yes") == 9
    assert "Sơ đồ ghế: 9 tán thành" in page
    assert "ĐƯỢC THÔNG QUA" in page
    assert "Nghị quyết được Hội đồng nhân dân thông qua" in page
    assert re.search(r'cx="-?\d+\.\d+"', page)
    assert "Lê Thị Cúc" in page


def test_the_exported_json_verifies_elsewhere(at, base, published, cuc):
    document = json.loads(at(cuc).get(base + "1/ket-qua.json").content)
    checked = verify(document, expected_sha256=published.record_sha256)
    assert checked.ok, checked.differences
    assert document["published_at"]


def test_the_spreadsheet_holds_the_counts_and_every_name(at, base, published, cuc):
    answer = at(cuc).get(base + "1/ket-qua.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    result = {row[0]: row[1] for row in book.get_sheet_by_name("Kết quả").to_python()}
    assert (result["Tán thành"], result["Không tán thành"]) == (9, 2)
    assert result["Kết quả"] == "Được thông qua"
    names = book.get_sheet_by_name("Từng đại biểu").to_python()
    assert len(names) == 16
    assert "Lê Thị Cúc" in [row[1] for row in names]


def test_the_printable_list_says_what_and_by_which_rule(at, base, published, cuc):
    page = at(cuc).get(base + "1/in/").content.decode()
    assert "KẾT QUẢ BIỂU QUYẾT" in page
    assert "Điều 35" in page
    assert published.record_sha256 in page


def test_every_percentage_is_of_the_total_the_rule_chose(at, base, hall, poll, chair, cast):
    """«Tổng số đại biểu = theo luật»: 9 of 20 seats is 45 % wherever it is written (law.md 3.7)."""
    LegislativeTerm.objects.filter(pk=hall.session.term_id).update(statutory_seats=20)
    Poll.objects.filter(pk=poll.pk).update(rule={**poll.rule, "base": "seats_by_law"})
    poll.refresh_from_db()
    cast(poll, "yes", 9)
    published = actions.publish_poll(actions.close_poll(poll, by=chair), by=chair)
    value = result_slice(hall.pk)
    assert (value["base"], value["total"], value["total_name"]) == (20, 20, "seats_by_law")
    assert "9 đại biểu tán thành, bằng 45,00 %" in value["sentence"]
    assert "Có 9/20 đại biểu tham gia biểu quyết, bằng 45,00 % " in value["sentence"]
    assert "được bầu theo quy định của Luật; 9 đại biểu" in value["sentence"]
    page = at(chair).get(base + "1/").content.decode()
    assert "Tỷ lệ tính trên tổng số đại biểu theo luật." in page
    assert "9/20 (45,00" in at(chair).get(base).content.decode()
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(at(chair).get(base + "1/ket-qua.xlsx").content)
    )
    rows = {row[0]: row[1:] for row in book.get_sheet_by_name("Kết quả").to_python()}
    assert rows["Tán thành"] == [9, "45,00 %"]
    assert rows["Tỷ lệ tính trên"][0] == "tổng số đại biểu theo luật"
    assert "60,00 %" not in page + str(rows)  # 9 of the 15 in office
    assert published.total == 20


def test_the_spreadsheet_of_what_is_no_result_says_so_first(at, base, poll, chair, cast):
    def rows():
        book = CalamineWorkbook.from_filelike(
            io.BytesIO(at(chair).get(base + "1/ket-qua.xlsx").content)
        )
        lines = book.get_sheet_by_name("Kết quả").to_python()
        return {str(row[0]): row[1:] for row in lines}

    cast(poll, "yes", 15)
    closed = actions.close_poll(poll, by=chair)
    assert rows()["Tình trạng"][0] == "CHƯA CÔNG BỐ"
    assert rows()["Kết quả"][0] == "Được thông qua"
    actions.annul_poll(closed, by=chair, reason="nhầm bản")
    after = rows()
    assert next(iter(after)) == "Tình trạng"
    assert after["Tình trạng"] == ["ĐÃ HỦY, không có kết quả", "Lý do: nhầm bản"]
    assert not {"Kết quả", "Câu công bố"} & after.keys()
    for page in (base + "1/", base + "1/in/"):
        shown = at(chair).get(page).content.decode()
        assert "đã hủy, không có kết quả" in shown
        assert "ĐƯỢC THÔNG QUA" not in shown


def test_those_present_are_no_total_of_a_percentage(poll, chair, cast, hall):
    poll.rule["base"] = "present"
    Poll.objects.filter(pk=poll.pk).update(rule=poll.rule)
    away = RollEntry.objects.filter(sitting=hall).first()
    RollEntry.objects.filter(pk=away.pk).update(presence="absent")
    cast(poll, "yes", 9)
    actions.publish_poll(actions.close_poll(poll, by=chair), by=chair)
    value = result_slice(hall.pk)
    assert (value["base"], value["total"], value["total_name"]) == (14, 15, "in_office")
    assert "9 đại biểu tán thành, bằng 60,00 %" in value["sentence"]


def test_a_closed_sitting_is_not_exported_to_delegates(at, base, published, hall, cuc, chair):
    hall.closed_doors = True
    hall.save(update_fields=["closed_doors"])
    assert at(cuc).get(base + "1/ket-qua.json").status_code == 403
    assert at(chair).get(base + "1/ket-qua.json").status_code == 200


def test_a_closed_sitting_is_not_exported_to_the_clerk_of_the_screen(
    at, base, published, hall, province, clerk
):
    hall.closed_doors = True
    hall.save(update_fields=["closed_doors"])
    assert at(clerk).get(base + "1/ket-qua.json").status_code == 200
    Duty.objects.filter(person_id=clerk.id).exclude(kind=DutyKind.CLERK_SCREEN).delete()
    assert at(clerk).get(base + "1/ket-qua.json").status_code == 403


def test_guests_see_the_totals_without_names(at, base, published, giang):
    page = at(giang).get(base + "1/").content.decode()
    assert "60,00" in page
    assert "Lê Thị Cúc" not in page
    assert at(giang).get(base + "1/ket-qua.json").status_code == 403


def test_a_delegate_finds_the_own_vote_by_its_receipt_and_nobody_elses(
    at, council, poll, cuc, dung
):
    mine, other = cast_votes(
        [ballot(poll, cuc.id, "no"), ballot(poll, dung.id, "yes")], council_id=poll.council_id
    )
    client, url = at(cuc), f"/{council.slug}/phieu-cua-toi/"
    typed = f" {mine['receipt'][:6].upper()} {mine['receipt'][6:]} "
    assert "Đã ghi nhận: Không tán thành" in client.get(url, {"ma": typed}).content.decode()
    assert "Đã ghi nhận" not in client.get(url, {"ma": other["receipt"]}).content.decode()
    assert other["receipt"] not in client.get(url).content.decode()


def test_the_clerk_enters_a_vote_given_by_hand(at, base, poll, clerk, hall, cuc):
    entry = hall.roll.get(person_id=cuc.id)
    fields = {"entry": str(entry.pk), "choice": "yes", "reason": "máy hỏng, giơ tay"}
    answer = at(clerk).post(base + "1/ghi-ho/", fields, **JSON)
    assert answer.status_code == 200, answer.content
    vote = Vote.objects.get()
    assert (vote.person_id, vote.assisted_by, vote.assisted_reason) == (
        cuc.id,
        clerk.name,
        "máy hỏng, giơ tay",
    )


@pytest.mark.parametrize(("present_only", "status"), [(True, 422), (False, 200)])
def test_the_clerk_enters_a_vote_for_whoever_may_vote(
    at, base, poll, clerk, hall, cuc, present_only, status
):
    poll.present_only = present_only
    poll.save(update_fields=["present_only"])
    hall.roll.filter(person_id=cuc.id).update(presence="left")
    entry = hall.roll.get(person_id=cuc.id)
    assert (str(entry.pk) in at(clerk).get(base + "1/").content.decode()) is not present_only
    fields = {"entry": str(entry.pk), "choice": "yes", "reason": "gọi điện cho thư ký"}
    answer = at(clerk).post(base + "1/ghi-ho/", fields, **JSON)
    assert answer.status_code == status, answer.content


def test_the_other_council_knows_nothing_of_it(client, province, commune, base, published, council):
    account = next(p.account for p in commune.people.values() if p.account is not None)
    client.force_login(account)
    assert client.get(base + "1/").status_code == 404
    assert client.post(base + "1/cong-bo/").status_code == 404


@pytest.mark.parametrize("annulled", [False, True])
def test_the_log_says_no_count_to_who_may_not_hear_it(
    at, poll, chair, cast, clerk, council, annulled
):
    cast(poll, "yes", 9)
    cast(poll, "no", 2)
    closed = actions.close_poll(poll, by=chair)
    if annulled:
        actions.annul_poll(closed, by=chair, reason="bấm nhầm")
    Duty.objects.filter(person=clerk.person).exclude(kind=DutyKind.CLERK_PAPERS).delete()
    client = at(clerk)
    line = Entry.objects.get(action="voting.closed")
    assert line.payload["counts"]["yes"] == 9  # what the chain covers stays
    log = f"/{council.slug}/nhat-ky/"
    page = client.get(f"{log}{line.pk}/").content.decode()
    assert "Kết thúc biểu quyết" in page
    assert "Số liệu" not in page
    answer = client.get(log + "?xuat=xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer)))
    rows = book.get_sheet_by_index(0).to_python()
    facts = [row[-1] for row in rows if "Kết thúc biểu quyết" in row]
    assert facts == ["1"]  # the poll's number, nothing else

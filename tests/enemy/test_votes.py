"""Taps that come twice, too late, from nobody, from elsewhere: what the person reads, what is kept.

Each refusal is compared word for word: it is the sentence on the tablet.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from django.core import signing
from django_scopes import scope, scopes_disabled

from nghitruong.council.councils.actions.people import suspend_delegate
from nghitruong.council.councils.models import Membership
from nghitruong.platform.live import tickets
from nghitruong.platform.live.commands import Ticket
from nghitruong.platform.live.models import Event, Receipt
from nghitruong.session.meetings.models import Sitting
from nghitruong.session.voting import actions
from nghitruong.session.voting.models import Vote
from tests.enemy.conftest import Room, told
from tests.support.hall import fill_council, ticket_of

TOO_LATE = "Phiếu đến sau khi kết thúc biểu quyết, không được tính."


def my_events(room: Room, username: str) -> int:
    return Event.objects.filter(stream=f"person:{room.person(username).pk.hex}").count()


# --- twice ---------------------------------------------------------------------------------------


def test_a_double_tap_is_one_vote_and_both_taps_get_the_same_receipt(room):
    nonce = uuid.uuid4().hex
    replies = room.at_once(*(room.sending("cuc", "yes", nonce=nonce) for _ in range(5)))
    assert [reply.status for reply in replies] == [200] * 5
    assert len({reply.content for reply in replies}) == 1
    assert room.votes() == {room.person("cuc").pk: "yes"}
    assert (room.acts(), my_events(room, "cuc"), Receipt.objects.count()) == (1, 1, 1)


def test_two_devices_of_one_delegate_tapping_the_same_are_one_vote_unchanged(room):
    first, second = room.at_once(room.sending("cuc", "no"), room.sending("cuc", "no"))
    assert first.json()["receipt"] == second.json()["receipt"]
    assert second.json()["changes"] == 0
    assert room.acts() == 1


def test_a_replayed_nonce_gets_the_old_answer_even_after_the_close(room):
    nonce = uuid.uuid4().hex
    first = room.vote("cuc", "yes", nonce=nonce)
    assert room.post("close-poll", "an", poll=room.hall.poll).status == 200
    assert room.vote("cuc", "yes", nonce=nonce).json() == first.json()
    assert (room.poll.yes, room.acts()) == (1, 1)


def test_an_old_retry_after_a_newer_choice_leaves_the_newer_choice(room):
    nonce = uuid.uuid4().hex
    old = room.vote("cuc", "yes", nonce=nonce)
    new = room.vote("cuc", "no")
    again = room.vote("cuc", "yes", nonce=nonce)
    assert again.json() == old.json()
    stored = room.vote_of("cuc")
    assert (stored.choice, stored.receipt, stored.changes) == ("no", new.json()["receipt"], 1)
    assert room.acts() == 2


def test_a_nonce_used_for_another_command_answers_nothing_of_the_first(room):
    nonce = uuid.uuid4().hex
    assert room.vote("an", "yes", nonce=nonce).status == 200
    reply = room.post("close-poll", "an", nonce=nonce, poll=room.hall.poll)
    assert told(reply, 409, "nonce_reused") == (
        "Mã gửi này đã dùng cho lệnh khác. Xin tải lại trang."
    )
    assert room.poll.state == "open"


def test_one_persons_nonce_is_not_another_persons(room):
    nonce = uuid.uuid4().hex
    assert room.vote("cuc", "yes", nonce=nonce).json()["choice"] == "yes"
    assert room.vote("dung", "no", nonce=nonce).json()["choice"] == "no"
    assert len(room.votes()) == 2


# --- too late ------------------------------------------------------------------------------------


def test_a_vote_after_the_close_in_the_same_batch_is_not_counted(room):
    taken, closed, late = room.batch(
        room.request("vote", "cuc", choice="yes"),
        room.request("close-poll", "an"),
        room.request("vote", "dung", choice="yes"),
    )
    assert (taken[0], closed[0], late[0]) == (200, 200, 409)
    assert (late[1]["code"], late[1]["message"]) == ("poll_closed", TOO_LATE)
    assert room.votes() == {room.person("cuc").pk: "yes"}
    assert (room.poll.yes, room.poll.not_voting) == (1, 14)


def test_a_vote_one_millisecond_after_the_close_is_not_counted(room):
    room.batch(room.request("close-poll", "an"))
    at = room.poll.closed_at + timedelta(milliseconds=1)
    ((status, body),) = room.batch(room.request("vote", "dung", at=at, choice="yes"))
    assert (status, body["message"]) == (409, TOO_LATE)
    assert room.votes() == {}


def test_a_clock_that_says_before_the_close_does_not_bring_a_late_vote_in(room):
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    room.batch(room.request("close-poll", "an"))
    ((status, body),) = room.batch(room.request("vote", "dung", at=long_ago, choice="yes"))
    assert (status, body["message"]) == (409, TOO_LATE)


def test_a_vote_before_the_beginning_is_refused_and_so_is_one_for_an_annulled_poll(
    room, chair_of_room
):
    again = actions.annul_poll(room.poll, by=chair_of_room, reason="máy chiếu hỏng", repeat=True)
    assert told(room.vote("cuc"), 409, "poll_annulled") == (
        "Cuộc biểu quyết này đã hủy. Hãy chờ chủ tọa cho biểu quyết lại."
    )
    assert told(room.vote("cuc", poll=str(again.pk)), 409, "poll_not_open") == (
        "Chủ tọa chưa bắt đầu biểu quyết. Phiếu này không được ghi."
    )
    assert Vote.objects.count() == 0


# --- who may not ---------------------------------------------------------------------------------


def test_an_absent_delegate_is_told_to_check_in_and_then_votes(room):
    room.entry("cuc").update(presence="absent")
    assert told(room.vote("cuc"), 409, "not_present") == (
        "Quý vị chưa được ghi nhận có mặt. Hãy bấm «Tôi có mặt», hoặc báo Thư ký nếu "
        "điểm danh đã kết thúc, rồi biểu quyết."
    )
    assert room.votes() == {}
    room.entry("cuc").update(presence="present")
    assert room.vote("cuc").status == 200


SUSPENDED = "Đại biểu tạm đình chỉ hoặc thôi nhiệm vụ thì không biểu quyết. Hãy báo thư ký."


def test_a_delegate_suspended_in_the_middle_of_the_vote_may_no_longer_change_it(
    room, clerk_of_room
):
    assert room.vote("cuc", "yes").status == 200
    membership = Membership.objects.get(person=room.person("cuc"), organization__kind="plenary")
    suspend_delegate(membership, reason="đang bị khởi tố", by=clerk_of_room)
    reply = room.vote("cuc", "no")
    assert told(reply, 403, "suspended") == SUSPENDED
    assert "Điều 38" in reply.json()["article"]
    assert room.vote_of("cuc").choice == "yes"


def test_a_clerk_or_a_guest_with_a_true_ticket_has_no_vote(room):
    value = ticket_of(room.built.council, room.person("binh"), uuid.UUID(room.hall.sitting))
    assert told(room.vote(value), 403, "not_on_roll") == (
        "Quý vị không có tên trong danh sách đại biểu của phiên họp này. Hãy báo thư ký."
    )
    assert room.votes() == {}


def test_a_delegate_of_another_council_cannot_vote_here_by_any_ticket_of_theirs(room, commune):
    with scopes_disabled(), scope(council=commune.council.pk):
        theirs = fill_council(commune, presides="nam")
    person, ticket = next(iter(theirs.people.items()))
    elsewhere = "Trang này thuộc phiên họp khác với phiên đang mở trên máy. Xin mở lại trang."
    # At our door, with our sitting named or theirs; then at their own door, naming our poll.
    assert told(room.vote(ticket), 403, "other_sitting") == elsewhere
    assert told(room.vote(ticket, sitting=theirs.sitting), 403, "other_sitting") == elsewhere
    assert (
        told(room.vote(ticket, slug="mau-a", sitting=theirs.sitting), 404, "poll_unknown")
        == "Không có cuộc biểu quyết này trong phiên họp. Hãy tải lại trang."
    )
    # A ticket that mixes their person into our council proves a person who is not on the roll.
    mixed = tickets.make(
        Ticket(
            room.built.council.pk,
            uuid.UUID(person),
            uuid.UUID(room.hall.sitting),
            "máy lạ",
            "",
            "lao-cai",
        )
    )
    told(room.vote(mixed), 403, "not_on_roll")
    assert room.votes() == {}
    assert Vote.objects.count() == 0


def test_the_ticket_of_another_sitting_does_not_vote_in_this_one(room):
    now = room.sitting
    other = Sitting.objects.create(
        council=room.built.council,
        session=now.session,
        number=2,
        kind="plenary",
        title="Phiên thứ hai",
        starts_at=now.starts_at,
    )
    ticket = ticket_of(room.built.council, room.person("cuc"), other.pk)
    told(room.vote(ticket), 403, "other_sitting")
    told(room.vote(ticket, sitting=str(other.pk)), 404, "poll_unknown")
    assert room.votes() == {}


# --- tickets and doors ---------------------------------------------------------------------------

EXPIRED = "Phiên làm việc của máy này đã hết hạn; xin mở lại trang."
NO_TICKET = "Máy này chưa vào phiên họp. Xin mở lại trang từ mục Kỳ họp."
FOREIGN = "Lệnh không đến từ trang của hệ thống này nên không được nhận."


def test_an_expired_ticket_says_so(room):
    council, person = room.built.council, room.person("cuc")
    ticket = Ticket(council.pk, person.pk, uuid.UUID(room.hall.sitting), "máy", "", council.slug)
    old = tickets.make(ticket, now=datetime.now(UTC).timestamp() - tickets.LIFETIME - 1)
    assert told(room.vote(old), 401, "ticket_expired") == EXPIRED
    assert room.votes() == {}


def test_a_forged_ticket_is_no_ticket(room):
    true = room.ticket("cuc")
    content, _, signature = true.rpartition(":")
    others = room.ticket("dung").rpartition(":")[0]
    forged = {
        "another person under my signature": f"{others}:{signature}",
        "a letter changed": true[:-1] + ("A" if true[-1] != "A" else "B"),
        "no signature": content,
        "another key": signing.dumps(["x"], key="khóa khác", salt=tickets.SALT),
        "another purpose": signing.dumps(["x"], salt="sessions"),
        "rubbish": "💥".encode().decode("latin-1"),
    }
    for name, value in forged.items():
        assert told(room.vote(value), 401, "no_ticket") == NO_TICKET, name
    assert told(room.vote(None), 401, "no_ticket") == NO_TICKET
    assert room.votes() == {}


def test_a_command_from_another_sites_page_is_refused(room):
    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://localhost.evil.example"},
        {"host": "evil.example", "origin": "http://evil.example"},
    ):
        assert told(room.vote("cuc", headers=headers), 403, "foreign_origin") == FOREIGN
    assert room.votes() == {}


def test_what_is_no_command_is_refused_with_a_sentence(room):
    unread = "Máy chủ không đọc được lệnh này. Xin tải lại trang."
    for content in (b"", b"[]", b"{", b"\xff\xfe", b"null"):
        assert told(room.post("vote", "cuc", content=content), 400, "bad_request") == unread
    form = {"content-type": "application/x-www-form-urlencoded"}
    told(room.vote("cuc", headers=form), 400, "bad_request")
    told(room.vote("cuc", nonce=5), 400, "bad_request")
    told(room.vote("cuc", nonce="../../etc"), 400, "bad_request")
    told(room.vote("cuc", note="x" * 70_000), 413, "too_large")
    told(room.post("delete-everything", "an"), 404, "unknown_command")
    assert room.votes() == {}


def test_a_choice_that_is_none_of_the_three_is_refused(room):
    for choice in (None, 1, True, [], {"yes": 1}, "YES", "tán thành", "yes "):
        assert told(room.vote("cuc", choice), 422, "choice_unknown") == (
            "Lựa chọn không hợp lệ. Hãy chọn Tán thành, Không tán thành hoặc Không biểu quyết."
        )
    assert room.votes() == {}


def test_a_poll_that_does_not_exist_is_refused(room):
    for poll in (None, 5, "x", [], "00000000-0000-0000-0000-000000000000"):
        told(room.vote("cuc", poll=poll), 404, "poll_unknown")
    assert room.votes() == {}


def test_one_bad_vote_among_good_ones_falls_alone(room):
    replies = room.at_once(
        room.sending("cuc", "yes"),
        room.sending("dung", "rubbish"),
        room.sending("hoa", "no"),
        room.sending("an", "yes", poll="rubbish"),
    )
    assert [reply.status for reply in replies] == [200, 422, 200, 404]
    assert sorted(room.votes().values()) == ["no", "yes"]


def test_a_note_with_letters_the_database_cannot_hold_falls_alone_and_says_so(room):
    def note(who: str, text: str):
        return room.send("note", who, text=text)

    bad, good, vote = room.at_once(
        note("cuc", "xin\x00 chào"), note("dung", "xin nghỉ"), room.sending("hoa", "yes")
    )
    assert (good.status, vote.status) == (200, 200)
    told(bad, 400, "bad_request")
    assert room.gapless()

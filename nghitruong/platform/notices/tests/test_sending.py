"""Notices that leave: over a real mail server, gateway and push service, with their failures."""

from __future__ import annotations

import base64
import json
import os
import stat
from datetime import timedelta

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import call_command
from django.utils import timezone

from nghitruong.platform.jobs import api as jobs
from nghitruong.platform.jobs.models import Job
from nghitruong.platform.jobs.sweeper import ask_apps
from nghitruong.platform.notices import addresses, api, sending
from nghitruong.platform.notices.models import Address, Delivery, Recipient
from nghitruong.platform.notices.tests.servers import HttpServer, running
from nghitruong.platform.notices.ways import push

TITLE = "Kỳ họp thứ 4: có tài liệu mới"
SECRET_OF_THE_HOUSE = "Tờ trình về phương án sắp xếp"


@pytest.fixture
def gateway(settings):
    with running(HttpServer()) as server:
        settings.NOTICE_GATEWAYS = {"sms": (f"{server.url}/sms", "khoa-cua-toi"), "zalo": ("", "")}
        yield server


def agreed(actor, channel, value, **fields):
    return Address.objects.create(
        council_id=actor.council_id,
        person_id=actor.person_id,
        channel=channel,
        value=value,
        consented_at=timezone.now(),
        **{"verified_at": timezone.now(), **fields},
    )


def tell(council, *actors, key="1"):
    return api.tell(
        council_id=council.pk,
        people=[actor.person_id for actor in actors],
        kind="papers.release",
        subject=SECRET_OF_THE_HOUSE,
        text=SECRET_OF_THE_HOUSE,
        url="/lao-cai/ky-hop/4/tai-lieu/",
        key=key,
        outside=TITLE,
    )


def out():
    return Delivery.objects.exclude(channel="app")


def later():
    """The next try's time has come; the sweeper of jobs finds it."""
    out().update(due_at=timezone.now())
    Job.objects.update(due_at=timezone.now())
    ask_apps()
    jobs.run_now()


def test_nothing_leaves_while_nothing_is_set_up(council, cuc):
    agreed(cuc, "email", "cuc@example.vn")
    tell(council, cuc)
    assert not out().exists()
    assert not Job.objects.filter(name=sending.JOB).exists()


def test_a_letter_says_the_sessions_title_and_the_way_to_it_and_no_more(
    council, cuc, dung, hoa, mail
):
    agreed(cuc, "email", "cuc@example.vn")
    agreed(dung, "email", "dung@example.vn", verified_at=None)  # not proven to be his
    agreed(hoa, "email", "hoa@example.vn", ended_at=timezone.now())
    tell(council, cuc, dung, hoa)
    jobs.run_now()
    (letter,) = mail.letters
    assert letter["To"] == "cuc@example.vn"
    words = letter.get_payload(decode=True).decode()
    row = out().get()
    assert TITLE in words
    assert f"https://hdnd.lan/lao-cai/thong-bao/{row.recipient_id}/?qua=email" in words
    assert SECRET_OF_THE_HOUSE not in letter.as_string() + words
    assert (row.state, row.tries, row.uncertain) == ("sent", 1, False)
    key = sending.key_of(row, Address.objects.get(value="cuc@example.vn"))
    assert row.reference == letter["Message-ID"] == f"<{key}@hdnd.lan>"
    jobs.run_now()
    later()
    assert len(mail.letters) == 1


def test_a_busy_mail_server_is_tried_again_later_a_refusing_one_is_not(council, cuc, dung, mail):
    agreed(cuc, "email", "cuc@example.vn")
    mail.answers = ["451 come back"]
    tell(council, cuc)
    jobs.run_now()
    row = out().get()
    assert (row.state, row.tries) == ("queued", 1)
    assert row.reason == "máy chủ thư tạm thời không nhận (mã 451)"
    assert row.due_at > timezone.now() + timedelta(seconds=50)
    later()
    row.refresh_from_db()
    assert (row.state, row.tries, row.reason) == ("sent", 2, "")

    agreed(dung, "email", "khong-co@example.vn")
    mail.answers = ["550 nobody here"]
    tell(council, dung, key="2")
    jobs.run_now()
    row = out().get(recipient__person_id=dung.person_id)
    assert (row.state, row.reason) == ("failed", "máy chủ thư từ chối (mã 550)")


def test_a_server_that_is_away_is_given_up_after_its_tries(council, cuc, mail, settings):
    agreed(cuc, "email", "cuc@example.vn")
    settings.EMAIL_PORT = 1
    tell(council, cuc)
    jobs.run_now()
    for _ in range(len(sending.PAUSES)):
        later()
    row = out().get()
    assert (row.state, row.tries) == ("failed", 6)
    assert "không trả lời" in row.reason


def test_a_lost_answer_is_asked_again_with_the_same_message_id(council, cuc, mail):
    agreed(cuc, "email", "cuc@example.vn")
    mail.hang_up = 1
    tell(council, cuc)
    jobs.run_now()
    later()
    assert out().get().state == "sent"
    assert len({letter["Message-ID"] for letter in mail.letters}) == 1


def test_a_worker_that_died_between_sending_and_recording_is_not_hidden(council, cuc, gateway):
    agreed(cuc, "sms", "+84912345678")
    tell(council, cuc)
    out().update(state="sending", tries=1)  # handed over; nobody knows whether it arrived
    gateway.answers = [(409, {"id": "sms-7"})]  # the gateway knows: it has this key
    jobs.run_now()
    row = out().get()
    assert (row.state, row.uncertain, row.reference) == ("sent", True, "sms-7")


def test_sms_is_one_line_and_a_link_under_one_key(council, cuc, gateway):
    agreed(cuc, "sms", "+84912345678")
    gateway.answers = [(503, {}), (0, {}), (200, {"id": "sms-8", "status": "delivered"})]
    tell(council, cuc)
    jobs.run_now()
    assert out().get().reason == "nơi chuyển tin đang bận hoặc lỗi (mã 503)"
    later()
    assert "không trả lời" in out().get().reason
    later()
    row = out().get()
    assert (row.state, row.reference) == ("delivered", "sms-8")
    assert Recipient.objects.get().reached_at is not None
    assert len(gateway.asked) == 3
    key = sending.key_of(row, Address.objects.get())
    assert {headers["Idempotency-Key"] for headers, _, _ in gateway.asked} == {key}
    headers, body, _path = gateway.asked[-1]
    assert headers["Authorization"] == "Bearer khoa-cua-toi"
    said = body.decode()
    assert f"thong-bao/{row.recipient_id}/?qua=sms" in said
    assert "sắp xếp" not in said
    assert "s\\u1eafp x\\u1ebfp" not in said


def test_of_two_numbers_the_one_that_failed_is_tried_again_and_the_other_is_not(
    council, cuc, gateway
):
    agreed(cuc, "sms", "+84912345678")
    agreed(cuc, "sms", "+84912345679")
    gateway.answers = [
        (200, {"id": "sms-1", "status": "delivered"}),
        (503, {}),
        (503, {}),
        (200, {}),
    ]
    tell(council, cuc)
    jobs.run_now()
    assert out().get().state == "queued"
    assert Recipient.objects.get().reached_at is not None
    later()
    assert out().get().state == "queued"
    later()
    row = out().get()
    assert (row.state, row.tries, row.reason) == ("delivered", 3, "")
    told = [json.loads(body)["to"] for _, body, _ in gateway.asked]
    assert len(told) == 4
    assert len(set(told[1:])) == 1
    assert told[0] != told[1]


@pytest.mark.parametrize("channel", ["sms", "zalo"])
def test_both_numbers_of_a_person_are_told_by_a_gateway_that_takes_a_key_once(
    council, cuc, gateway, settings, channel
):
    settings.NOTICE_GATEWAYS = {"sms": ("", ""), "zalo": ("", ""), channel: (gateway.url, "")}
    numbers = ["+84912345678", "+84912345679"]
    for number in numbers:
        agreed(cuc, channel, number)
    tell(council, cuc)
    jobs.run_now()
    assert sorted(gateway.taken.values()) == numbers
    assert len(gateway.taken) == len(gateway.asked) == 2
    assert out().get().state == "sent"
    out().update(state="sending")  # as if the worker had died before it recorded anything
    later()
    assert out().get().state == "sent"
    assert len(gateway.asked) == 4
    assert len(gateway.taken) == 2  # asked again under the same two keys


def test_two_letters_of_a_person_are_two_messages(council, cuc, mail):
    for place in ("cuc@example.vn", "cuc@rieng.example.vn"):
        agreed(cuc, "email", place)
    tell(council, cuc)
    jobs.run_now()
    assert len({letter["Message-ID"] for letter in mail.letters}) == len(mail.letters) == 2


def test_what_the_gateway_refuses_and_what_is_switched_off_fail_in_words(
    council, cuc, dung, gateway, settings
):
    agreed(cuc, "sms", "+84912345678")
    gateway.answers = [(422, {})]
    tell(council, cuc)
    jobs.run_now()
    assert out().get().reason == "nơi chuyển tin từ chối (mã 422)"
    agreed(dung, "sms", "+84912345679")
    tell(council, dung, key="2")
    settings.NOTICE_GATEWAYS = {"sms": ("", ""), "zalo": ("", "")}
    jobs.run_now()
    row = out().get(recipient__person_id=dung.person_id)
    assert (row.state, row.reason) == ("failed", "máy chủ đã tắt cách gửi này")


def test_zalo_goes_through_a_gateway_of_its_own(council, cuc, gateway, settings):
    settings.NOTICE_GATEWAYS = {"sms": ("", ""), "zalo": (f"{gateway.url}/zalo", "")}
    agreed(cuc, "zalo", "+84912345678")
    tell(council, cuc)
    jobs.run_now()
    assert out().get().state == "sent"
    headers, _body, path = gateway.asked[0]
    assert path == "/zalo"
    assert "Authorization" not in headers


def test_push_is_encrypted_for_the_browser_and_a_gone_browser_is_taken_off(
    council, cuc, settings, capsys
):
    call_command("push_keys")
    first = push.public_key()
    call_command("push_keys")
    assert push.public_key() == first
    assert stat.S_IMODE(push.key_file().stat().st_mode) == 0o600
    settings.PUSH_CONTACT = "vanphong@hdnd.example.vn"
    browser_key, auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
    point = browser_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = {
        "p256dh": base64.urlsafe_b64encode(point).decode(),
        "auth": base64.urlsafe_b64encode(auth).decode(),
    }
    with running(HttpServer()) as service:
        settings.PUSH_SERVICES = [service.url]
        addresses.add_device(f"{service.url}/may-cua-cuc", keys, "iPad", by=cuc)
        tell(council, cuc)
        jobs.run_now()
        headers, body, _path = service.asked[0]
        assert TITLE.encode() not in body
        plain = http_ece.decrypt(
            body, private_key=browser_key, auth_secret=auth, version="aes128gcm"
        )
        assert TITLE in plain.decode()
        assert SECRET_OF_THE_HOUSE not in plain.decode()
        assert headers["authorization" if "authorization" in headers else "Authorization"]
        assert out().get().state == "sent"
        asked = len(service.asked)
        service.answers = [(307, {})]  # to another place: not followed
        tell(council, cuc, key="1b")
        jobs.run_now()
        assert len(service.asked) == asked + 1
        assert "mã 307" in out().get(recipient__message__key="1b").reason
        service.answers = [(410, {})]
        tell(council, cuc, key="2")
        jobs.run_now()
    row = out().get(recipient__message__key="2")
    assert (row.state, row.reason) == ("failed", "nơi nhận không còn")
    assert Address.objects.get().ended_at is not None
    tell(council, cuc, key="3")
    assert not out().filter(recipient__message__key="3").exists()


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1:8000/x",
        "https://10.0.0.1/x",
        "https://fcm.googleapis.com.noi-khac.vn/x",
        "https://a@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://127.0.0.1:8443\\.push.apple.com/x",
        "https://127.0.0.1/.push.apple.com/x",
        "https://127.0.0.1#.push.apple.com/x",
        "https://127.0.0.1:8443\t.push.apple.com/x",
    ],
)
def test_a_browser_leads_the_server_to_push_services_only(endpoint):
    assert not push.is_known_service(endpoint)
    assert push.is_known_service("https://fcm.googleapis.com/fcm/send/x")
    assert push.is_known_service("https://web.push.apple.com/x")


def test_a_job_that_breaks_for_good_leaves_no_row_on_its_way(council, cuc, mail):
    agreed(cuc, "email", "cuc@example.vn")
    message = tell(council, cuc)
    sending.gave_up(str(message.pk), "hỏng")
    assert out().get().state == "failed"

"""A person's own addresses: agreed to, proven by a code, ended; and the administrator's page."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import Refused
from nghitruong.platform.jobs import api as jobs
from nghitruong.platform.notices import addresses, sending
from nghitruong.platform.notices.models import Address, Channel


def code_in(letter):
    return re.search(r"mã xác nhận (\d{6})", letter.get_payload(decode=True).decode())[1]


def test_an_address_is_used_only_after_its_code_came_back(council, cuc, mail, browser):
    client = browser(cuc)
    ways = reverse("notices:ways", args=[council.slug])
    add = reverse("notices:add_address", args=[council.slug])
    assert client.post(add, {"channel": "email", "value": "khong-phai"}).status_code == 422
    assert client.post(add, {"channel": "sms", "value": "0912345678"}).status_code == 409  # off
    assert client.post(add, {"channel": "email", "value": " cuc@example.vn "}).status_code == 302
    jobs.run_now()
    row = Address.objects.get()
    assert row.value == "cuc@example.vn"
    assert row.verified_at is None
    code = code_in(mail.letters[-1])
    assert code not in row.code_hash
    verify = reverse("notices:verify", args=[council.slug, row.pk])
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert "Mã chưa đúng" in client.post(verify, {"code": wrong}, follow=True).content.decode()
    page = client.post(verify, {"code": f"{code[:3]} {code[3:]}"}, follow=True).content.decode()
    assert "đã xác nhận" in page
    row.refresh_from_db()
    assert row.verified_at is not None
    said = list(Entry.objects.filter(action__startswith="notices.").values_list("payload"))
    assert said
    assert "cuc@example.vn" not in str(said)
    remove = reverse("notices:remove", args=[council.slug, row.pk])
    assert client.post(remove)["Location"] == ways
    assert not addresses.addresses_for(cuc).exists()


def test_five_wrong_codes_or_half_an_hour_need_another(council, cuc, mail):
    row = addresses.add_address("email", "cuc@example.vn", by=cuc)
    jobs.run_now()
    code = code_in(mail.letters[-1])
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert not addresses.verify(row, wrong, by=cuc)
    with pytest.raises(Refused, match="quá 5 lần"):
        addresses.verify(row, code, by=cuc)
    with pytest.raises(Refused, match="một phút"):
        addresses.send_code_again(row, by=cuc)
    Address.objects.update(code_sent_at=timezone.now() - timedelta(minutes=2))
    addresses.send_code_again(row, by=cuc)
    jobs.run_now()
    assert len(mail.letters) == 2
    Address.objects.update(code_sent_at=timezone.now() - timedelta(minutes=31))
    with pytest.raises(Refused, match="hết hạn"):
        addresses.verify(row, code_in(mail.letters[-1]), by=cuc)


@pytest.mark.parametrize(
    ("typed", "kept"), [("0912 345 678", "+84912345678"), ("+84.912.345.678", "+84912345678")]
)
def test_a_telephone_number_is_kept_in_one_form(typed, kept):
    assert addresses.plain("sms", typed) == kept
    for bad in ("12345", "0012345678", "abc"):
        with pytest.raises(Refused):
            addresses.plain("sms", bad)


def test_codes_do_not_go_to_strangers_without_end(council, cuc, mail):
    for n in range(addresses.A_DAY):
        row = addresses.add_address("email", f"nguoi-la-{n}@example.vn", by=cuc)
        addresses.remove(row, by=cuc)
    with pytest.raises(Refused, match="ngày mai"):
        addresses.add_address("email", "nguoi-la@example.vn", by=cuc)


def test_codes_to_one_number_and_of_one_person_end_for_the_day(council, cuc, dung, mail):
    row = addresses.add_address("email", "a@example.vn", by=cuc)
    for _ in range(addresses.CODES_TO_ONE - 1):
        Address.objects.update(code_sent_at=timezone.now() - timedelta(minutes=2))
        addresses.send_code_again(row, by=cuc)
    Address.objects.update(code_sent_at=timezone.now() - timedelta(minutes=2))
    with pytest.raises(Refused, match="ngày mai"):
        addresses.send_code_again(row, by=cuc)
    # Neither by taking it off and adding it again, nor in another's name.
    addresses.remove(row, by=cuc)
    for actor in (cuc, dung):
        with pytest.raises(Refused, match="ngày mai"):
            addresses.add_address("email", "a@example.vn", by=actor)
    for n in range(addresses.CODES_OF_ONE - addresses.CODES_TO_ONE):
        addresses.remove(addresses.add_address("email", f"b{n}@example.vn", by=cuc), by=cuc)
    with pytest.raises(Refused, match="ngày mai"):
        addresses.add_address("email", "c@example.vn", by=cuc)
    Address.objects.update(codes_on=timezone.localdate() - timedelta(days=1))
    addresses.add_address("email", "c@example.vn", by=cuc)


def test_a_device_that_changed_hands_is_silent_for_its_owner_in_another_council(
    council, commune, cuc, settings, monkeypatch
):
    monkeypatch.setattr(sending, "usable", lambda: {Channel.PUSH: None})
    endpoint = "https://fcm.googleapis.com/fcm/send/x"
    with scope(council=commune.council.pk):
        Address.objects.create(
            council_id=commune.council.pk,
            person_id=uuid.uuid4(),
            channel="push",
            value=endpoint,
            consented_at=timezone.now(),
            verified_at=timezone.now(),
        )
    addresses.add_device(endpoint, {"p256dh": "x", "auth": "y"}, "iPad", by=cuc)
    assert Address.objects.get().ended_at is None
    with scope(council=commune.council.pk):
        assert Address.objects.get().end_reason == "máy đã chuyển cho người khác"


def test_nobody_touches_another_persons_address(council, cuc, dung, mail, browser):
    row = addresses.add_address("email", "cuc@example.vn", by=cuc)
    for name in ("verify", "send_code", "remove"):
        url = reverse(f"notices:{name}", args=[council.slug, row.pk])
        assert browser(dung).post(url, {"code": "1"}).status_code == 404


def test_the_administrator_sees_what_is_set_up_and_sends_a_test(council, khai, cuc, mail, browser):
    client = browser(khai)
    url = reverse("notices:settings", args=[council.slug])
    page = client.get(url).content.decode()
    assert "đã cấu hình" in page
    assert "chưa đặt NGHITRUONG_SMS_URL" in page
    assert browser(cuc).get(url).status_code == 403
    row = addresses.add_address("email", "khai@example.vn", by=khai)
    Address.objects.filter(pk=row.pk).update(verified_at=timezone.now())
    mail.letters.clear()
    client.post(reverse("notices:send_test", args=[council.slug]))
    jobs.run_now("notices.send")
    assert "Tin thử" in mail.letters[0].get_payload(decode=True).decode()
    page = client.get(url).content.decode()
    assert "Thư điện tử</strong>: đã gửi" in page


def test_the_ways_page_without_internet_says_so(council, cuc, browser):
    page = browser(cuc).get(reverse("notices:ways", args=[council.slug])).content.decode()
    assert "Máy chủ này chỉ báo trong hệ thống" in page


def test_the_push_script_is_everybodys_and_has_no_data(client):
    answer = client.get("/bao-tren-may/sw.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"

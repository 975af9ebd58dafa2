"""A pass for a guest: in once, on one device, until its day; what was given and nothing else."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from nghitruong.config.logs import JsonFormatter
from nghitruong.council.councils.actions import give_duty
from nghitruong.council.councils.models import Duty, DutyKind, Person
from nghitruong.council.councils.roles import Role, actor_of_person
from nghitruong.council.guests import actions, queries, views
from nghitruong.council.guests.apps import END_SCREENS
from nghitruong.council.guests.models import GuestPaper, GuestPass
from nghitruong.council.papers import actions as papers
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.council.papers.queries import papers_for
from nghitruong.platform.accounts.models import Account
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.platform.jobs import api as jobs
from nghitruong.platform.jobs import sweeper
from nghitruong.platform.live import api as live
from nghitruong.platform.live.events import RightsMoved
from nghitruong.platform.live.models import Event, TicketEnd
from nghitruong.platform.notices.models import Recipient


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def guest(council, clerk):
    return Person.objects.create(
        council=council, full_name="Lò Văn Khách", sort_key="khach lo van", fold="lo van khach"
    )


@pytest.fixture
def until():
    return timezone.localdate() + timedelta(days=3)


def paper(council, title, state="released"):
    row = Paper.objects.create(
        council=council,
        kind="report",
        title=title,
        fold=title.lower(),
        state=state,
        released_at=timezone.now() if state == "released" else None,
    )
    PaperVersion.objects.create(
        council=council,
        paper=row,
        number=1,
        sha256=row.pk.hex * 2,
        size=1,
        media_type="application/pdf",
        file_name="a.pdf",
        pages=1,
        uploaded_by_name="Bình",
    )
    return row


def door(council, issued):
    return reverse("guest_token", args=[council.slug, issued.token])


def type_pin(client, council, number, pin):
    return client.post(reverse("guest_entry", args=[council.slug]), {"number": number, "pin": pin})


def test_the_square_opens_once_on_one_device_until_the_end_of_the_day(council, clerk, guest, until):
    issued = actions.issue(guest, ends_on=until, by=clerk)
    assert issued.token not in str(GuestPass.objects.values())
    assert issued.pin not in str(GuestPass.objects.values())
    tablet = Client()
    assert tablet.get(door(council, issued)).status_code == 200  # a preview uses nothing up
    assert GuestPass.objects.get().used_at is None
    answer = tablet.post(door(council, issued))
    assert answer["Location"] == reverse("papers:papers", args=[council.slug])
    assert tablet.get(f"/{council.slug}/").status_code == 200
    assert tablet.session.get_expiry_date() == actions.end_of(GuestPass.objects.get())
    assert Entry.objects.filter(action="guests.enter", actor_id=guest.pk).exists()
    assert actor_of_person(guest).roles == {Role.GUEST}
    # A photograph of the badge, or its PIN: used is used.
    other = Client()
    assert other.post(door(council, issued)).status_code == 403
    assert type_pin(other, council, issued.row.number, issued.pin).status_code == 403
    assert other.get(f"/{council.slug}/").status_code == 302


def test_number_and_pin_open_as_printed_with_a_blank_in_it(council, clerk, guest, until):
    issued = actions.issue(guest, ends_on=until, by=clerk)
    tablet = Client()
    printed = f"{issued.pin[:4]} {issued.pin[4:]}"
    assert type_pin(tablet, council, issued.row.number, printed).status_code == 302
    assert tablet.get(f"/{council.slug}/").status_code == 200


def test_five_wrong_pins_close_a_pass_and_every_refusal_sounds_the_same(
    council, clerk, guest, until
):
    issued = actions.issue(guest, ends_on=until, by=clerk)
    wrong = f"{(int(issued.pin) + 1) % 10**8:08d}"
    client = Client()
    said = set()
    for _ in range(5):
        answer = type_pin(client, council, issued.row.number, wrong)
        assert answer.status_code == 403
        said.add(re.search(r'role="alert">.*?</p>', answer.content.decode(), re.DOTALL)[0])
    assert type_pin(client, council, issued.row.number, issued.pin).status_code == 403
    assert "chỉ còn vào được bằng mã vuông" in queries.state_words(GuestPass.objects.get())
    unknown = type_pin(client, council, 999_999, "12345678")
    said.add(re.search(r'role="alert">.*?</p>', unknown.content.decode(), re.DOTALL)[0])
    nowhere = client.post(
        reverse("guest_entry", args=["khong-co"]), {"number": "1", "pin": "12345678"}
    )
    said.add(re.search(r'role="alert">.*?</p>', nowhere.content.decode(), re.DOTALL)[0])
    assert len(said) == 1
    assert type_pin(client, council, "abc", "1").status_code == 422
    # Whoever guesses keeps no guest out: the square opens as before.
    assert Client().post(door(council, issued)).status_code == 302


def test_the_door_for_typed_numbers_rests_for_those_who_try_and_not_for_the_hall(
    council, clerk, guest, until
):
    issued = actions.issue(guest, ends_on=until, by=clerk)
    assert 100_000 <= issued.row.number <= 999_999
    near = issued.row.number // 10_000 * 10_000
    client = Client()
    for n in range(10):
        assert type_pin(client, council, near + n, "12345678").status_code in {403, 429}
    answer = type_pin(client, council, issued.row.number, issued.pin)
    assert answer.status_code == 429
    assert "mã vuông" in answer.content.decode()
    assert GuestPass.objects.get().tries <= 1
    from axes.models import AccessAttempt

    assert "12345678" not in str(AccessAttempt.objects.values())
    # A number from elsewhere in the row, from the same hall (address): as ever.
    GuestPass.objects.update(
        number=(near + 10_000 if near < 900_000 else 100_000),
        pin_digest=actions.pin_digest(
            council.pk, near + 10_000 if near < 900_000 else 100_000, issued.pin
        ),
    )
    number = GuestPass.objects.get().number
    assert type_pin(Client(), council, number, issued.pin).status_code == 302


def test_a_pass_taken_back_ends_the_screen_with_its_next_request(council, clerk, guest, until):
    first = actions.issue(guest, ends_on=until, by=clerk)
    tablet = Client()
    tablet.post(door(council, first))
    given = paper(council, "Báo cáo cho khách")
    actions.give_papers(guest, [given], by=clerk)
    assert queries.readers_of([given]) == [guest.pk]
    assert not TicketEnd.objects.exists()
    actions.revoke(first.row, by=clerk)
    assert tablet.get(f"/{council.slug}/").status_code == 302
    assert TicketEnd.objects.filter(
        person_id=guest.pk
    ).exists()  # nor in the hall, by any invitation
    TicketEnd.objects.all().delete()
    # No guest any more: nothing of the hall, no notice; screens in the hall are cut off.
    assert actor_of_person(guest).roles == frozenset()
    assert queries.readers_of([given]) == []
    assert Event.objects.filter(stream=live.person_stream(guest.pk), type=RightsMoved.type).exists()
    with pytest.raises(Refused, match="thu hồi rồi"):
        actions.revoke(first.row, by=clerk)
    # Another pass for the same person ends the one before, and its screens.
    guest.refresh_from_db()
    second = actions.issue(guest, ends_on=until, by=clerk)
    tablet.post(door(council, second))
    assert tablet.get(f"/{council.slug}/").status_code == 200
    guest.refresh_from_db()
    third = actions.issue(guest, ends_on=until, by=clerk)
    assert TicketEnd.objects.filter(person_id=guest.pk).exists()
    assert tablet.get(f"/{council.slug}/").status_code == 302
    assert third.row.number != first.row.number
    assert GuestPass.objects.filter(revoked_at__isnull=True).count() == 1


def test_a_pass_ends_with_its_day(council, clerk, guest, until):
    issued = actions.issue(guest, ends_on=until, by=clerk)
    tablet = Client()
    tablet.post(door(council, issued))
    yesterday = timezone.localdate() - timedelta(days=1)
    GuestPass.objects.update(ends_on=yesterday, used_at=None)
    Duty.objects.filter(person=guest).update(starts_on=yesterday, ends_on=yesterday)
    assert tablet.get(f"/{council.slug}/").status_code == 404  # nobody here any more
    assert Client().post(door(council, issued)).status_code == 403
    # The ticket of the hall was good for a whole day: it ends with the pass, once.
    GuestPass.objects.update(used_at=timezone.now() - timedelta(hours=8))
    assert queries.passes_over() == [(issued.row.pk, council.pk)]
    sweeper.ask_apps()
    assert jobs.run_now(END_SCREENS) == 1
    assert TicketEnd.objects.get().person_id == guest.pk
    assert queries.passes_over() == []
    with pytest.raises(Refused, match="đã qua"):
        actions.issue(guest, ends_on=yesterday, by=clerk)


def test_a_guest_reads_what_was_given_and_nothing_else(council, clerk, guest, until):
    given, other = paper(council, "Báo cáo cho khách"), paper(council, "Báo cáo khác")
    draft = paper(council, "Bản nháp", state="draft")
    issued = actions.issue(guest, ends_on=until, by=clerk)
    actions.give_papers(guest, [given, draft], by=clerk)
    tablet = Client()
    tablet.post(door(council, issued))
    page = tablet.get(reverse("papers:papers", args=[council.slug])).content.decode()
    assert "Báo cáo cho khách" in page
    assert "Báo cáo khác" not in page
    assert "Bản nháp" not in page
    for row, status in ((given, 200), (other, 404), (draft, 404)):
        assert tablet.get(reverse("papers:paper", args=[council.slug, row.pk])).status_code == (
            status
        )
    # A paper given before its release: the guest is told when it is released.
    papers.release_papers([draft], by=clerk)
    assert Recipient.objects.filter(person_id=guest.pk).count() == 1
    assert actions.give_papers(guest, [], by=clerk) == 2
    answer = tablet.get(reverse("papers:paper", args=[council.slug, given.pk]))
    assert answer.status_code == 404


def test_a_guest_reads_no_withdrawn_paper_and_delegates_still_do(council, clerk, cuc, guest, until):
    given = paper(council, "Báo cáo cho khách")
    issued = actions.issue(guest, ends_on=until, by=clerk)
    actions.give_papers(guest, [given], by=clerk)
    tablet = Client()
    tablet.post(door(council, issued))
    reader = reverse("papers:paper", args=[council.slug, given.pk])
    assert tablet.get(reader).status_code == 200
    papers.withdraw_paper(given, reason="Nhầm số liệu", by=clerk)
    listing = reverse("papers:papers", args=[council.slug])
    assert "Báo cáo cho khách" not in tablet.get(listing).content.decode()
    assert tablet.get(reader).status_code == 404
    file = reverse("papers:file", args=[council.slug, given.pk, 1])
    assert tablet.get(file).status_code == 404
    # Told of it all the same, and led to a page that opens.
    told = Recipient.objects.select_related("message").get(person_id=guest.pk)
    assert (told.message.kind, told.message.url) == ("papers.withdrawn", listing)
    assert papers_for(cuc).filter(pk=given.pk).exists()  # marked: they worked with it


def test_what_was_given_long_ago_can_still_be_seen_and_taken_back(
    council, clerk, guest, settings, monkeypatch
):
    old = paper(council, "Báo cáo năm cũ")
    actions.give_papers(guest, [old], by=clerk)
    for number in range(3):
        paper(council, f"Báo cáo mới {number}")
    monkeypatch.setattr(views, "SHOWN", 2)
    client = Client()
    client.force_login(clerk.person.account, backend=settings.AUTHENTICATION_BACKENDS[-1])
    page = client.get(reverse("guests:guest", args=[council.slug, guest.pk])).content.decode()
    assert page.count('name="shown"') == 3
    assert "Báo cáo năm cũ" in page
    give = reverse("guests:give_papers", args=[council.slug, guest.pk])
    client.post(give, {"shown": [str(old.pk)]})
    assert not GuestPaper.objects.exists()


def test_a_pass_is_for_guests_only_and_given_by_the_office(council, clerk, cuc, khai, guest, until):
    with pytest.raises(Refused, match="nhiệm vụ khác"):
        actions.issue(cuc.person, ends_on=until, by=clerk)
    with pytest.raises(Refused, match="nhiệm vụ khác"):
        actions.issue(khai.person, ends_on=until, by=clerk)
    # A guest with a password of her own.
    em = Person.objects.select_related("account").get(account__username="em")
    Account.objects.filter(pk=em.account_id).update(password="argon2$x")
    em.account.refresh_from_db()
    with pytest.raises(Refused, match="đã có tài khoản"):
        actions.issue(em, ends_on=until, by=clerk)
    with pytest.raises(NotAllowed):
        actions.issue(guest, ends_on=until, by=cuc)
    with pytest.raises(NotAllowed):
        actions.give_papers(guest, [], by=cuc)


def test_a_pass_opens_no_more_than_a_guests_rights_whatever_its_owner_became(
    council, clerk, guest, until
):
    issued = actions.issue(guest, ends_on=until, by=clerk)
    give_duty(guest, DutyKind.CLERK_PAPERS, by=clerk)
    assert Client().post(door(council, issued)).status_code == 403
    assert type_pin(Client(), council, issued.row.number, issued.pin).status_code == 403
    Duty.objects.filter(person=guest, kind=DutyKind.CLERK_PAPERS).delete()
    tablet = Client()
    assert tablet.post(door(council, issued)).status_code == 302
    assert tablet.get(f"/{council.slug}/").status_code == 200
    assert not TicketEnd.objects.exists()
    give_duty(guest, DutyKind.CLERK_PAPERS, by=clerk)
    assert TicketEnd.objects.get().person_id == guest.pk
    answer = tablet.get(reverse("guests:guests", args=[council.slug]))
    assert "/tai-khoan/" in answer["Location"]
    assert "_auth_user_id" not in tablet.session


def test_no_log_holds_the_square(council):
    line = JsonFormatter().format(
        logging.makeLogRecord({"msg": "Forbidden: %s", "args": ("/khach/lao-cai/bi-mat_9/",)})
    )
    assert "bi-mat" not in line
    assert "/khach/lao-cai/…" in line


def test_another_councils_pass_opens_nothing_here(council, commune, clerk, guest, until):
    issued = actions.issue(guest, ends_on=until, by=clerk)
    elsewhere = reverse("guest_token", args=[commune.council.slug, issued.token])
    assert Client().post(elsewhere).status_code == 403
    assert type_pin(Client(), commune.council, issued.row.number, issued.pin).status_code == 403
    assert GuestPass.objects.get().used_at is None


def test_the_offices_pages_from_a_new_guest_to_the_printed_pass(council, clerk, settings, until):
    shown = paper(council, "Báo cáo cho khách")
    client = Client()
    client.force_login(clerk.person.account, backend=settings.AUTHENTICATION_BACKENDS[-1])
    add = reverse("guests:add", args=[council.slug])
    page = client.post(add, {"full_name": "Phạm Văn Mời", "title": "Sở Tài chính"}, follow=True)
    person = Person.objects.get(full_name="Phạm Văn Mời")
    assert "chưa có thẻ" in page.content.decode()
    give = reverse("guests:give_papers", args=[council.slug, person.pk])
    client.post(give, {"shown": [str(shown.pk)], "paper": [str(shown.pk)]})
    assert GuestPaper.objects.get().paper == shown
    issue = reverse("guests:issue", args=[council.slug, person.pk])
    assert client.post(issue, {"ends_on": "2020-01-01"}).status_code == 422
    answer = client.post(issue, {"ends_on": until.isoformat()})
    text = answer.content.decode()
    pin = re.search(r'id="ma-pin">(\d{4} \d{4})<', text)[1]
    assert "data:image/svg+xml" in text
    assert "no-store" in answer["Cache-Control"]
    number = GuestPass.objects.get().number
    assert type_pin(Client(), council, number, pin).status_code == 302
    listed = client.get(reverse("guests:guests", args=[council.slug])).content.decode()
    assert "đang dùng" in listed
    assert "Lê Thị Cúc" not in listed

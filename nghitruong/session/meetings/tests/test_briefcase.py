"""What goes onto a device, for whom, and how a lost one is emptied."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session as SignIn
from django.test import Client
from django.utils import timezone

from nghitruong.council.briefcase import actions, rules
from nghitruong.council.briefcase.models import Device
from nghitruong.council.intake.models import PageText
from nghitruong.council.papers import actions as papers
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.council.papers.tests.conftest import make_pdf, send
from nghitruong.council.reading.tests.conftest import note
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.platform.live import sql
from nghitruong.platform.notices.models import Address
from nghitruong.session.meetings import actions as meetings

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
KEY = "0193c0de-0000-4000-8000-000000000001"


@pytest.fixture
def session(cast, council):
    return meetings.create_session(
        by=cast.clerk,
        number=6,
        kind="regular",
        expected_opening=timezone.localdate() + timedelta(days=20),
    )


@pytest.fixture
def sent(cast, session):
    """Two papers of the session that were sent, one that was not."""
    for title in ("Báo cáo một", "Báo cáo hai", "Còn soạn"):
        send(
            cast.clerk,
            make_pdf(title, pages=2),
            file_name=f"{title}.pdf",
            title=title,
            session_id=session.pk,
        )
    found = {paper.title: paper for paper in Paper.objects.all()}
    papers.release_papers([found["Báo cáo một"], found["Báo cáo hai"]], by=cast.clerk)
    return {paper.title: paper for paper in Paper.objects.all()}


def url(council, rest):
    return f"/{council.slug}/{rest}"


def listed(client, council):
    return client.get(url(council, "ky-hop/6/cap-tai-lieu.json"))


def test_it_holds_what_was_sent_and_nothing_else(cast, council, sent, signed_in):
    for actor in (cast.delegates[0], cast.clerk):  # the clerk sees drafts on pages, not on a device
        told = listed(signed_in(actor), council).json()
        assert [paper["title"] for paper in told["papers"]] == ["Báo cáo một", "Báo cáo hai"]
        assert told["person"] == str(actor.person_id)
    first = told["papers"][0]
    version = PaperVersion.objects.get(paper=sent["Báo cáo một"])
    assert first["file"]["sha256"] == version.sha256
    assert first["file"]["size"] == version.size
    assert [(one["first"], one["last"]) for one in told["papers"]] == [(1, 2), (3, 4)]
    assert told["keep_until"] > timezone.localdate().isoformat()


def test_pages_are_counted_as_the_packet_counts_them(cast, council, sent, signed_in):
    """A Word file that could not be converted is one page of the packet, however long it is."""
    PaperVersion.objects.filter(paper=sent["Báo cáo một"]).update(
        media_type="application/msword", pages=12
    )
    told = listed(signed_in(cast.delegates[0]), council).json()
    counted = [(one["pages"], one["first"], one["last"]) for one in told["papers"]]
    assert counted == [(12, 1, 1), (2, 2, 3)]


def test_a_text_not_read_for_a_mark_of_secrecy_stays_out(cast, council, sent, signed_in):
    PaperVersion.objects.filter(paper=sent["Báo cáo hai"]).update(unread=True)
    told = listed(signed_in(cast.clerk), council).json()
    assert [paper["title"] for paper in told["papers"]] == ["Báo cáo một"]


def test_what_changed_is_told_and_what_did_not_is_not_sent_again(cast, council, sent, signed_in):
    client = signed_in(cast.delegates[0])
    tag = listed(client, council)["ETag"]
    again = client.get(url(council, "ky-hop/6/cap-tai-lieu.json"), headers={"If-None-Match": tag})
    assert again.status_code == 304
    papers.withdraw_paper(sent["Báo cáo một"], reason="Gửi nhầm", by=cast.clerk)
    later = client.get(url(council, "ky-hop/6/cap-tai-lieu.json"), headers={"If-None-Match": tag})
    assert later.status_code == 200
    marks = {paper["title"]: paper["withdrawn"] for paper in later.json()["papers"]}
    assert marks == {"Báo cáo một": "Gửi nhầm", "Báo cáo hai": ""}


def test_texts_and_own_notes_come_with_it(cast, council, sent, signed_in):
    client = signed_in(cast.delegates[0])
    paper = listed(client, council).json()["papers"][0]
    version = PaperVersion.objects.get(pk=paper["version_id"])
    PageText.objects.bulk_create(
        PageText(council=council, version=version, number=n, text=f"Trang {n}", source="layer")
        for n in (1, 2)
    )
    assert client.get(paper["text"]["url"]).json()["pages"] == ["Trang 1", "Trang 2"]
    told = {"since": 0, "changes": [note("Hỏi lại")]}
    client.post(paper["notes"], told, content_type="application/json")
    notes = client.get(url(council, "ky-hop/6/cap-tai-lieu/ghi-chu.json?since=0")).json()
    assert [row["text"] for row in notes["changes"][paper["version_id"]]] == ["Hỏi lại"]
    rest = client.get(
        url(council, f"ky-hop/6/cap-tai-lieu/ghi-chu.json?since={notes['cursor']}")
    ).json()
    assert rest["changes"] == {}
    other = signed_in(cast.chair)
    theirs = other.get(url(council, "ky-hop/6/cap-tai-lieu/ghi-chu.json?since=0")).json()
    assert theirs["changes"] == {}


def test_a_device_of_another_person_is_answered_nothing(cast, council, sent, signed_in):
    client = signed_in(cast.delegates[0])
    answer = client.get(
        url(council, "ky-hop/6/cap-tai-lieu.json"),
        headers={"X-Person": str(cast.chair.person_id), "Accept": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "another_person")


def test_a_session_past_its_date_goes_onto_no_device(cast, council, session, signed_in):
    session.expected_opening = timezone.localdate() - rules.KEPT - timedelta(days=1)
    session.save(update_fields=["expected_opening"])
    answer = signed_in(cast.delegates[0]).get(
        url(council, "ky-hop/6/cap-tai-lieu.json"), headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "briefcase_over")
    assert rules.keep_until(date(2026, 12, 10)) == date(2027, 2, 8)


def report(client, council, key=KEY, **more):
    told = {"device": key, "label": "iPad · Safari", "holdings": [], **more}
    return client.post(
        url(council, "cap-tai-lieu/"),
        told,
        content_type="application/json",
        headers={"Accept": "application/json"},
    )


def test_a_lost_device_is_signed_out_now_and_emptied_at_its_next_contact(cast, council, signed_in):
    tablet = signed_in(cast.delegates[0])
    held = [{"session": 6, "title": "Kỳ họp", "papers": 2, "bytes": 10, "at": "nay", "x": "<b>"}]
    assert report(tablet, council, holdings=held).json()["wipe"] is False
    device = Device.objects.get()
    assert device.holdings == [
        {"session": 6, "title": "Kỳ họp", "papers": 2, "bytes": 10, "at": "nay"}
    ]
    stranger = Client()
    assert stranger.get(f"/may/{KEY}/").json() == {"wipe": False}
    assert stranger.post(f"/may/{KEY}/").json() == {"wipe": False}
    with pytest.raises(Refused):
        actions.order_wipe(device, reason=" ", by=cast.admin)
    with pytest.raises(NotAllowed):
        actions.order_wipe(device, reason="Mất", by=cast.chair)

    assert SignIn.objects.filter(session_key=device.sign_in).exists()
    device = actions.order_wipe(device, reason="Để quên trên xe", by=cast.admin)
    assert not SignIn.objects.filter(session_key=device.sign_in).exists()
    assert stranger.get(f"/may/{KEY}/").json() == {"wipe": True}
    assert Device.objects.get().wiped_at is None
    assert stranger.post(f"/may/{KEY}/").json() == {"wipe": True}
    stranger.post(f"/may/{KEY}/")  # told twice, recorded once
    device = Device.objects.get()
    assert device.wiped_at is not None
    assert device.holdings == []
    actions_logged = list(
        Entry.objects.filter(action__startswith="briefcase.").values_list("action", flat=True)
    )
    assert sorted(actions_logged) == ["briefcase.order_wipe", "briefcase.take", "briefcase.wiped"]
    # Signed in again on it before it heard of the order: still the order.
    assert report(signed_in(cast.delegates[0]), council).json()["wipe"] is True
    # Somebody else on the same tablet hears it too; a tablet of another name does not.
    assert report(signed_in(cast.chair), council).json()["wipe"] is True
    assert report(signed_in(cast.chair), council, key=str(uuid.uuid4())).json()["wipe"] is False


def test_an_order_ends_every_sign_in_ticket_and_push_of_the_person(cast, council, signed_in):
    for n in (0, 1):
        signed_in(cast.delegates[n])  # makes the account
    lost, again, elsewhere, other = (Client() for _n in range(4))
    for client, n in ((lost, 0), (elsewhere, 0), (other, 1)):
        client.force_login(cast.delegates[n].person.account, backend=BACKEND)
    report(lost, council)
    # Signed in again on the lost tablet since; nobody has told of it.
    again.force_login(cast.delegates[0].person.account, backend=BACKEND)
    told = {"council_id": council.pk, "channel": "push", "consented_at": timezone.now()}
    for n, actor in enumerate(cast.delegates[:2]):
        Address.objects.create(person_id=actor.person_id, value=f"https://push/{n}", **told)
    page = url(council, "ky-hop/")
    assert [client.get(page).status_code for client in (again, elsewhere, other)] == [200, 200, 200]
    # The delegate reports it from a browser of their own, which stays signed in.
    at = url(council, f"cap-tai-lieu/may/{Device.objects.get().pk}/bao-mat/")
    elsewhere.post(at, {"reason": "Mất"})
    codes = [client.get(page).status_code for client in (lost, again, elsewhere, other)]
    assert codes == [302, 302, 200, 200]
    ended = sql.ended_tickets(timezone.now() - timedelta(minutes=1))
    assert list(ended) == [cast.delegates[0].person_id]
    assert ended[cast.delegates[0].person_id] >= timezone.now().timestamp()
    left = Address.objects.filter(channel="push", ended_at__isnull=True)
    assert [row.person_id for row in left] == [cast.delegates[1].person_id]


def test_two_people_of_one_tablet_each_have_their_row(cast, council, signed_in):
    first, second = cast.delegates[:2]
    for actor in (first, second, first):
        assert report(signed_in(actor), council).json()["wipe"] is False
    assert Device.objects.count() == 2
    at = url(council, f"cap-tai-lieu/may/cua/{second.person_id}/")
    assert signed_in(second).get(at).content.decode().count("data-device=") == 1
    actions.order_wipe(Device.objects.get(person=first.person), reason="Mất", by=cast.admin)
    assert report(signed_in(second), council).json()["wipe"] is True


def test_the_page_of_devices_is_the_persons_own_and_the_supports(cast, council, signed_in):
    report(signed_in(cast.delegates[0]), council)
    at = url(council, f"cap-tai-lieu/may/cua/{cast.delegates[0].person_id}/")
    assert "iPad · Safari" in signed_in(cast.delegates[0]).get(at).content.decode()
    assert "Báo mất máy này" in signed_in(cast.admin).get(at).content.decode()
    assert signed_in(cast.chair).get(at).status_code == 403
    device = Device.objects.get()
    client = signed_in(cast.admin)
    client.post(url(council, f"cap-tai-lieu/may/{device.pk}/bao-mat/"), {"reason": "Mất ở sân bay"})
    shown = client.get(at).content.decode()
    assert "Mất ở sân bay" in shown
    assert "chưa nối lại" in shown


def test_the_page_without_network_and_its_worker_know_nobody(cast, council, signed_in):
    signed, nobody = signed_in(cast.delegates[0]), Client()
    page = signed.get("/ngoai-tuyen/").content
    assert page == nobody.get("/ngoai-tuyen/").content
    assert cast.delegates[0].name.encode() not in page
    assert b'name="csrf-token" content=""' in page
    worker = nobody.get("/sw.js")
    assert worker["Cache-Control"] == "no-cache"
    assert worker["Service-Worker-Allowed"] == "/"
    assert b'"/ngoai-tuyen/"' in worker.content
    application = signed.get(url(council, "ung-dung.webmanifest")).json()
    assert application["start_url"] == f"/{council.slug}/"
    assert application["name"] == council.name
    assert {icon["sizes"] for icon in application["icons"]} == {"192x192", "512x512"}

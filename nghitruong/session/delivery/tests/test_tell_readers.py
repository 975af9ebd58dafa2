"""Releasing, replacing and withdrawing papers tells everybody who may read them, once per act."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from nghitruong.council.councils.models import Organization
from nghitruong.council.papers import actions as papers
from nghitruong.council.papers.models import PaperVersion
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.platform.notices.models import Message, Recipient
from nghitruong.session.delivery import actions, queries
from nghitruong.session.delivery.models import Release, ReleaseKind
from nghitruong.session.meetings import actions as meetings
from nghitruong.session.meetings.models import AgendaPaper

TITLES = ("Tờ trình một", "Tờ trình hai", "Tờ trình ba")


@pytest.fixture
def released(session, clerk, paper_of):
    found = [paper_of(session, title) for title in TITLES]
    papers.release_papers(found, by=clerk)
    return found


def mine(actor):
    return Recipient.objects.filter(person_id=actor.person_id)


def test_a_release_of_many_papers_is_one_notice_for_each_delegate(
    council, session, released, clerk, cuc, giang, province
):
    release = Release.objects.get()
    assert (release.kind, release.session, release.delegates) == ("released", session, 15)
    assert release.papers.count() == 3
    assert mine(cuc).count() == 1
    notice = mine(cuc).get().message
    assert notice.subject == "Kỳ họp thứ 4: 3 tài liệu mới"
    assert notice.text.splitlines() == list(TITLES)
    assert notice.url == reverse("meetings:papers", args=[council.slug, 4])
    # What may leave the system names the session, never a paper.
    assert notice.outside == f"{session.title}: có tài liệu mới"
    # The office sends; the agency's own papers are not among these.
    assert not mine(clerk).exists()
    assert not mine(giang).exists()
    assert Recipient.objects.count() == 15
    # A second tap sends nothing.
    assert papers.release_papers(released, by=clerk) == []
    assert Release.objects.count() == 1
    assert Recipient.objects.count() == 15


def test_one_paper_is_named_and_opens_at_once(council, session, clerk, cuc, paper_of):
    paper = paper_of(session)
    papers.release_papers([paper], by=clerk)
    notice = mine(cuc).get().message
    assert notice.subject == "Kỳ họp thứ 4: tài liệu mới Tờ trình về học phí"
    assert notice.url == reverse("papers:paper", args=[council.slug, paper.pk])


def test_an_agency_hears_of_its_own_papers_without_the_titles_of_others(
    council, session, clerk, giang, paper_of
):
    body = Organization.objects.get(pk=next(iter(giang.body_ids)))
    own = paper_of(session, "Của Sở", issuing_body=body)
    papers.release_papers([own, paper_of(session, "Của người khác")], by=clerk)
    notice = mine(giang).get().message
    assert notice.subject == notice.outside == f"{session.title}: có tài liệu mới"
    assert notice.text == ""
    release = Release.objects.get()
    assert release.others == notice
    assert queries.counts_of([release])[release.pk].told == 16


def test_a_paper_only_on_the_agenda_belongs_to_that_session(
    council, sitting, session, clerk, paper_of
):
    paper = paper_of()
    AgendaPaper.objects.create(council=council, item=sitting.items.first(), paper=paper)
    papers.release_papers([paper, paper_of(None, "Không của kỳ nào")], by=clerk)
    found = {r.session_id: r for r in Release.objects.all()}
    assert set(found) == {session.pk, None}
    assert found[None].message.subject == "tài liệu mới Không của kỳ nào"


def test_a_paper_on_two_agendas_is_told_of_the_session_that_opens_last(
    council, sitting, session, clerk, cuc, paper_of
):
    paper = paper_of()
    day = session.expected_opening + timedelta(days=90)
    later = meetings.create_session(by=clerk, number=5, kind="regular", expected_opening=day)
    item = meetings.add_item(later, by=clerk, kind="report", title="Nội dung sau")
    for row in (item, sitting.items.first()):
        AgendaPaper.objects.create(council=council, item=row, paper=paper)
    papers.release_papers([paper], by=clerk)
    assert Release.objects.get().session == later
    assert mine(cuc).get().message.subject.startswith("Kỳ họp thứ 5:")


def test_a_new_text_and_a_withdrawal_are_told_with_their_reason(
    session, released, clerk, cuc, council
):
    paper = released[0]
    paper.refresh_from_db()
    version = PaperVersion.objects.create(
        council=council,
        paper=paper,
        number=2,
        sha256="0" * 64,
        size=10,
        media_type="application/pdf",
        file_name="b.pdf",
        pages=12,
        uploaded_by_name="Trần Thị Bình",
        reason="sửa Điều 3",
        unread=True,
    )
    papers.show_version(version)
    papers.show_version(version)
    replaced = Release.objects.get(kind=ReleaseKind.VERSION)
    assert replaced.papers.get().version == 2
    assert replaced.message.text == "Lý do: sửa Điều 3"
    papers.withdraw_paper(paper, reason="trùng", by=clerk)
    gone = Release.objects.get(kind=ReleaseKind.WITHDRAWN)
    assert gone.message.subject == "Kỳ họp thứ 4: đã rút Tờ trình một"
    assert mine(cuc).count() == 3


def test_a_text_read_after_the_one_that_replaced_it_is_no_news(
    session, released, clerk, council, browser
):
    """The office sees which text readers have, and which is still looked at."""
    paper = released[0]
    paper.refresh_from_db()

    def text(number: int) -> PaperVersion:
        return PaperVersion.objects.create(
            council=council, paper=paper, number=number, sha256=f"{number}" * 64, size=10,
            media_type="application/pdf", file_name="b.pdf", pages=12,
            uploaded_by_name="Trần Thị Bình", reason="sửa Điều 3", unread=True,
        )  # fmt: skip

    client = browser(clerk)

    def marks() -> list[list[str]]:
        address = reverse("papers:details", args=[council.slug, paper.pk])
        page = client.get(address).content.decode()
        texts = page.split("<strong>Bản ")[1:]
        known = ("ĐÃ THAY", "CHƯA XEM XONG DẤU MẬT")
        return [[mark for mark in known if mark in one] for one in texts]

    scan = text(2)
    assert marks() == [["CHƯA XEM XONG DẤU MẬT"], []]
    papers.show_version(text(3))
    assert marks() == [[], ["ĐÃ THAY", "CHƯA XEM XONG DẤU MẬT"], ["ĐÃ THAY"]]
    papers.show_version(scan)
    assert marks() == [[], ["ĐÃ THAY"], ["ĐÃ THAY"]]
    told = Release.objects.get(kind=ReleaseKind.VERSION)
    assert told.papers.get().version == 3


def test_a_draft_withdrawn_tells_nobody(session, clerk, paper_of):
    papers.withdraw_paper(paper_of(session), reason="nhầm", by=clerk)
    assert not Message.objects.exists()


def test_opening_one_of_its_papers_opens_the_notice(released, cuc, dung):
    version = released[1].versions.get()
    papers.open_version(version, by=cuc)
    papers.open_version(version, by=cuc)
    assert mine(cuc).get().opened_at is not None
    assert mine(dung).get().opened_at is None
    # A copy read on the device without the page is an opening too.
    papers.remember_page(version, 3, by=dung)
    assert mine(dung).get().opened_at is not None


def test_a_paper_open_before_is_no_news_when_it_is_told_again(released, cuc):
    """A second notice of the same text is settled by the next opening, not only by the first."""
    version = released[1].versions.get()
    papers.open_version(version, by=cuc)
    mine(cuc).update(opened_at=None)
    papers.open_version(version, by=cuc)
    assert mine(cuc).get().opened_at is not None


def test_the_log_tells_whether_somebody_opened_it_but_not_when(
    council, released, clerk, cuc, browser
):
    papers.open_version(released[0].versions.get(), by=cuc)
    hour = timezone.localtime() + timedelta(hours=5, minutes=17)
    mine(cuc).update(opened_at=hour)
    address = reverse("delivery:log", args=[council.slug, Release.objects.get().pk])
    sheet = b"".join(browser(clerk).get(address, {"xuat": "csv"}).streaming_content).decode()
    states = [row["Đã mở"] for row in csv.DictReader(io.StringIO(sheet.removeprefix("\ufeff")))]
    assert sorted(states) == ["chưa mở"] * 14 + ["đã mở"]
    assert f"{hour:%H:%M}" not in sheet
    assert f"{hour:%H:%M}" not in browser(clerk).get(address).content.decode()


def test_who_has_not_opened_it_is_told_again_once(released, clerk, cuc, hoa):
    release = Release.objects.get()
    papers.open_version(released[0].versions.get(), by=cuc)
    with pytest.raises(Refused, match="hai phút"):
        actions.resend(release, by=clerk)
    with pytest.raises(NotAllowed):
        actions.resend(release, by=hoa)
    Recipient.objects.update(last_round_at=timezone.now() - timedelta(minutes=3))
    assert actions.resend(release, by=clerk) == 14
    assert mine(hoa).get().rounds == 2
    assert mine(cuc).get().rounds == 1
    with pytest.raises(Refused, match="hai phút"):
        actions.resend(release, by=clerk)
    assert Entry.objects.filter(action="delivery.resend").count() == 1
    Recipient.objects.update(
        opened_at=timezone.now(), last_round_at=timezone.now() - timedelta(hours=1)
    )
    with pytest.raises(Refused, match="đều đã mở"):
        actions.resend(release, by=clerk)


def test_a_secret_papers_title_leaves_every_notice(session, clerk, released, cuc):
    papers.expunge_secret(released[0], "secret", by=clerk)
    notice = mine(cuc).get().message
    assert notice.subject == f"{session.title}: có tài liệu mới"
    assert notice.text == ""


def test_another_councils_people_hear_nothing_and_see_nothing(
    council, commune, released, browser, clerk
):
    release = Release.objects.get()
    with scope(council=commune.council.pk):
        assert not Recipient.objects.exists()
    nam = commune.people["nam"]
    for slug in (council.slug, commune.council.slug):
        answer = browser(type("A", (), {"person": nam})).get(
            reverse("delivery:log", args=[slug, release.pk])
        )
        assert answer.status_code == 404

"""What becomes of the texts of an ask: later ones, found secrets, what its page says of them."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from nghitruong.council.councils import actions as councils
from nghitruong.council.councils.models import Organization, OrganizationKind
from nghitruong.council.councils.roles import Actor, actor_of_person
from nghitruong.council.councils.tests.factories import TERM_START, make_delegate
from nghitruong.council.papers import actions as papers
from nghitruong.council.papers import queries as paper_queries
from nghitruong.council.papers.models import Paper
from nghitruong.council.papers.tests.conftest import make_pdf, send
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.notices.models import Message
from nghitruong.session.meetings import actions as meetings
from nghitruong.session.submissions import actions
from nghitruong.session.submissions.models import Ask
from nghitruong.session.submissions.tests.conftest import again, sees, upload


def test_the_number_of_a_later_text_is_on_record_and_can_be_searched(asked, people):
    upload(asked, people.director)
    upload(asked, people.director, "Điều 1. Bản ký", number="88/TTr-SXD", reason="Đã ký")
    paper = Paper.objects.get()
    assert (paper.number, "88/ttr-sxd" in paper.fold) == ("88/TTr-SXD", True)
    entry = Entry.objects.get(action="papers.edit")
    assert entry.payload["changed"] == {"number": ["", "88/TTr-SXD"]}


def test_expunging_a_paper_of_a_common_name_leaves_the_notices_about_others(session, people):
    body = people.director.memberships[0].organization
    wanted = [
        actions.Wanted(body=body, kind="submission", title=title)
        for title in ("Tờ trình", "Tờ trình về phí chợ")
    ]
    for one in wanted:
        actions.ask_papers(session, [one], by=people.clerk)
    secret = Ask.objects.get(title="Tờ trình")
    upload(secret, people.director)
    done = papers.expunge_secret(Paper.objects.get(), "secret", by=people.clerk)
    assert done.short == 1
    assert Message.objects.filter(subject__contains="phí chợ").count() == 1
    assert not Message.objects.filter(subject="Đề nghị gửi tài liệu: Tờ trình").exists()


def test_the_ban_keeps_the_text_it_read_when_another_is_circulated(
    asked, session, people, council, signed_in
):
    upload(asked, people.director, "Điều 1. Phí là 10.000 đồng")
    for by in (people.director, people.forwarder, people.clerk):
        actions.pass_on(asked, by=by)
    paper = Paper.objects.get()
    at = reverse("papers:paper", args=[council.slug, paper.pk])
    notes = reverse("reading:notes", args=[council.slug, paper.pk, 1])
    assert signed_in(people.committee).get(at).status_code == 200
    send(people.clerk, make_pdf("Điều 1. Phí là 12.000 đồng"), paper=paper, reason="Tiếp thu")
    actions.circulate(asked, by=people.head)
    paper.refresh_from_db()
    assert [v.number for v in paper_queries.versions_for(people.committee, paper)] == [2, 1]
    assert [v.number for v in paper_queries.versions_for(people.delegate, paper)] == [2]

    client = signed_in(people.committee)
    page = client.get(at).content.decode()
    assert "Thay đổi từ khi tôi đọc" in page
    compare = reverse("papers:compare", args=[council.slug, paper.pk])
    assert f"{compare}?tu=1&amp;den=2" in page
    assert client.get(f"{compare}?tu=1&den=2").status_code == 200
    assert client.get(f"{at}?ban=1").status_code == 200
    assert client.get(notes).status_code == 200
    client = signed_in(people.delegate)
    assert client.get(f"{at}?ban=1").status_code == 404
    assert client.get(notes).status_code == 404
    assert "tu=1" not in client.get(at).content.decode()


def test_a_file_that_waits_to_be_sent_says_so_and_sending_comes_first(
    council, asked, people, signed_in
):
    url = reverse("submissions:ask", args=[council.slug, asked.pk])

    def page():
        return signed_in(people.director).get(url).content.decode()

    waits, sending, another = "CHƯA gửi", ">Việc cần làm<", 'id="gui-tep"'
    before = page()
    assert waits not in before
    assert before.index(another) < before.index(sending)
    upload(asked, people.director)
    there = page()
    where = "ban nhân dân" if again(asked).forwarded else "Hội đồng nhân dân"
    assert "Tệp đã tải lên nhưng CHƯA gửi. Bấm «Gửi đi» để chuyển tới Văn phòng" in there
    assert f"{where}." in there
    assert there.index(sending) < there.index(another)
    actions.pass_on(asked, by=people.director)
    assert waits not in page()
    # Returned: the file there is the one sent before; a corrected one comes first.
    actions.return_ask(again(asked), reason="Thiếu chữ ký", by=people.forwarder)
    back = page()
    assert waits not in back
    assert back.index(another) < back.index(sending)
    upload(asked, people.director, "Điều 1. Phí là 13.000 đồng", reason="Đã ký")
    assert waits in page()


def test_who_is_of_the_office_and_of_the_asked_body_sees_and_sends_what_it_prepares(
    council, cast, session, signed_in
):
    """A vice chair for Thường trực: what they uploaded was hidden from themselves."""
    standing = Organization.objects.get(kind=OrganizationKind.STANDING)
    member = make_delegate(council, "Vàng Thị Sen")
    by = Actor.system(council)
    councils.appoint(
        member.person, standing, post="council_vice_chair", post_label="Phó Chủ tịch",
        starts_on=TERM_START, by=by,
    )  # fmt: skip
    vice = actor_of_person(member.person)
    assert vice.is_office or vice.is_chair
    wanted = actions.Wanted(body=standing, kind="report", title="Báo cáo công tác", item=None)
    (ask,) = actions.ask_papers(session, [wanted], by=cast.clerk)
    upload(ask, vice)
    assert sees(vice, ask)
    assert not sees(cast.clerk, ask)
    page = signed_in(vice).get(reverse("submissions:ask", args=[council.slug, ask.pk]))
    shown = page.content.decode()
    assert "Gửi được khi đã tải tệp lên" not in shown
    actions.pass_on(ask, by=vice)
    assert sees(cast.clerk, ask)


def test_the_item_of_an_ask_is_counted_as_in_the_hall(
    council, session, item, asked, people, signed_in
):
    url = reverse("submissions:ask", args=[council.slug, asked.pk])

    def page():
        return signed_in(people.director).get(url).content.decode()

    assert "Chưa xếp vào phiên nào" in page()
    starts = timezone.now() + timedelta(days=90)
    first, second = (
        meetings.add_sitting(
            session,
            by=people.clerk,
            kind="plenary",
            starts_at=starts + timedelta(days=day),
            ends_at=starts + timedelta(days=day, hours=2),
        )
        for day in (0, 1)
    )
    for sitting in (first, first, second):
        meetings.add_item(session, by=people.clerk, sitting=sitting, kind="report", title="Báo cáo")
    meetings.move_item(item, sitting=second, by=people.clerk)
    item.refresh_from_db()
    assert item.order == 4  # through the session
    told = page()
    assert f"Nội dung 2, Phiên {second.number}: {second.title}" in told
    assert f"4. {item.title}" not in told

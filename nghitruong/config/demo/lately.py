"""What happened in the demo before somebody opens it: the papers were sent and mostly opened, two
sets were printed, delegates gave opinions, one is answered, guests are expected.

By the product's own actions; only the moments of the sending are set back to the day it was.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django_scopes import scope

from nghitruong.config.demo.people import Built
from nghitruong.config.demo.session import ZONE
from nghitruong.council.councils.actions.people import add_person
from nghitruong.council.councils.roles import Actor, actor_for
from nghitruong.council.guests import actions as guests
from nghitruong.council.guests.models import GuestPaper
from nghitruong.council.opinions import actions as opinions
from nghitruong.council.opinions import follow
from nghitruong.council.opinions.models import Decision, Opinion
from nghitruong.council.papers.events import Change, News
from nghitruong.council.papers.models import Paper, PaperKind, PaperState, PaperVersion
from nghitruong.platform.notices.models import Delivery, DeliveryState, Recipient
from nghitruong.platform.storage.ids import new_id
from nghitruong.session.delivery import actions as delivery
from nghitruong.session.delivery.models import Release
from nghitruong.session.meetings.models import Session

SENT = datetime(2026, 11, 20, 16, tzinfo=ZONE)
CAME = datetime(2026, 11, 18, 9, tzinfo=ZONE)
TO_SEE = ("cuc", "dung", "hoa")  # their bell shows what a new notice looks like
GIVEN = (2, 3)  # drafts a guest may read
# who, number of the draft, article and clause («»: the whole text), words
OPINIONS = (
    (
        "cuc",
        24,
        "1",
        "",
        "Đề nghị nêu rõ mức thu đối với hộ kinh doanh nhỏ và thời hạn được miễn.",
    ),
    (
        "dung",
        16,
        "1",
        "2",
        "Đề nghị bổ sung đối tượng khai thác nhỏ lẻ ở vùng đồng bào dân tộc thiểu số.",
    ),
    ("hoa", 24, "", "", "Đề nghị rà soát thẩm quyền ban hành theo Luật Phí và lệ phí."),
)
ANSWER = "Đã bổ sung mức thu riêng cho hộ kinh doanh nhỏ vào bản dự thảo trình kỳ họp."


def build_lately(built: Built, session: Session) -> None:
    """Once, when papers have their words (opinions quote them)."""
    with scope(council=built.council.pk):
        clerk = _actor(built, "binh")
        _give(built, clerk)
        _send(built, session, clerk)
        for username, draft, article, clause, words in OPINIONS:
            _speak(_actor(built, username), draft, article, clause, words)
        first = Opinion.objects.get(author=built.people["cuc"])
        opinions.answer_opinion(
            first, decision=Decision.ACCEPTED, text=ANSWER, by=_actor(built, "giang")
        )


def _actor(built: Built, username: str) -> Actor:
    account = built.people[username].account
    found = actor_for(account, built.council, timezone.localdate()) if account else None
    if found is None:
        raise LookupError(username)
    return found


def _drafts(numbers: tuple[int, ...]) -> list[Paper]:
    files = [f"du-thao-{number:02d}.pdf" for number in numbers]
    found = Paper.objects.filter(kind=PaperKind.DRAFT, versions__file_name__in=files)
    return list(found.order_by("fold"))


def _send(built: Built, session: Session, clerk: Actor) -> None:
    """The sending of 20 November: everybody was told, most have opened it."""
    papers = list(Paper.objects.filter(state=PaperState.RELEASED, session_id=session.pk))
    PaperVersion.objects.filter(paper__in=papers).update(uploaded_at=CAME)
    text = f"Văn phòng vừa gửi {len(papers)} tài liệu mới"
    delivery.tell_readers(
        News(change=Change.RELEASED, papers=papers, text=text, by_name=clerk.name)
    )
    release = Release.objects.get(session=session)
    Release.objects.filter(pk=release.pk).update(at=SENT)
    told = Recipient.objects.filter(message__in=[release.message_id, release.others_id])
    told.update(last_round_at=SENT, reached_at=SENT + timedelta(minutes=42))
    later = [built.people[username].pk for username in TO_SEE]
    told.exclude(person_id__in=later).update(opened_at=SENT + timedelta(hours=3))
    ways = Delivery.objects.filter(recipient__in=told)
    ways.update(state=DeliveryState.DELIVERED, delivered_at=SENT + timedelta(minutes=42))
    ways.exclude(recipient__person_id__in=later).update(
        state=DeliveryState.OPENED, opened_at=SENT + timedelta(hours=3)
    )
    delivery.record_print(session, sets=2, pages=180, note="Đại biểu chưa có máy", by=clerk)


def _speak(by: Actor, draft: int, article: str, clause: str, words: str) -> None:
    version = PaperVersion.objects.get(
        paper__kind=PaperKind.DRAFT, file_name=f"du-thao-{draft:02d}.pdf"
    )
    if article and follow.find(version, article, clause, "") is None:
        article = clause = ""
    opinions.give_opinion(
        version, text=words, by=by, nonce=new_id(), article=article, clause=clause
    )


def _give(built: Built, clerk: Actor) -> None:
    """Two drafts for the voter with an account, a pass for a guest without one."""
    papers = _drafts(GIVEN)
    GuestPaper.objects.bulk_create(
        GuestPaper(
            council=built.council,
            person=built.people["em"],
            paper=paper,
            given_by_name=clerk.name,
        )
        for paper in papers
    )
    guest = add_person(full_name="Mai Thị Xuân", title="Cử tri xã Mậu A", by=clerk)
    guests.issue(guest, ends_on=max(date(2026, 12, 10), timezone.localdate()), by=clerk)
    guests.give_papers(guest, papers, by=clerk)

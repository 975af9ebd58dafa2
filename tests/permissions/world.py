"""Two councils with one of everything, so that every URL of one can be asked with the other's keys.

Numbers differ on purpose (session 4 here, 9 there): a foreign number must not hit by chance.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone
from django_scopes import scope

from nghitruong.config.demo.people import Built
from nghitruong.council.binder.models import Packet, PaperImport
from nghitruong.council.briefcase.models import Device
from nghitruong.council.councils.models import (
    Council,
    Duty,
    DutyKind,
    ImportBatch,
    Membership,
    Organization,
    Person,
    Seat,
    Transfer,
)
from nghitruong.council.councils.roles import Actor
from nghitruong.council.guests import actions as guest_actions
from nghitruong.council.intake.models import Intake, PageText
from nghitruong.council.opinions.models import Opinion
from nghitruong.council.papers.models import (
    Paper,
    PaperState,
    PaperVersion,
    ReadingPosition,
    SecretStub,
    Upload,
)
from nghitruong.council.procedure.models import Holiday
from nghitruong.council.reading.models import Annotation, Notebook
from nghitruong.council.search.models import Law, LawArticle
from nghitruong.platform.audit import api as audit
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.audit.sealer import seal_pending
from nghitruong.platform.files import store as files
from nghitruong.platform.notices import api as notices
from nghitruong.platform.notices.models import Address, Recipient
from nghitruong.platform.storage.ids import new_id
from nghitruong.session.delivery.models import PrintRun, Release, ReleasePaper
from nghitruong.session.floor.models import JournalEntry, NoteToChair, SpeakerRequest, Speech
from nghitruong.session.meetings.models import (
    AgendaItem,
    AgendaPaper,
    ItemKind,
    PlanTask,
    RollEntry,
    Session,
    SessionKind,
    SessionState,
    Sitting,
    SittingKind,
    Summons,
    SummonsKind,
)
from nghitruong.session.minutes.models import MinutesVersion
from nghitruong.session.submissions.models import Ask, AskStep, Room, RoomPaper, RoomReader
from nghitruong.session.voting.models import Poll, Vote

PICTURE = b"RIFF----WEBP"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n"
)


@dataclass
class World:
    """A council's rows by the name of the URL's part that means them: ``("papers", "paper")``."""

    built: Built
    keys: dict[tuple[str, str], Any] = field(default_factory=dict)

    def key(self, name: str, part: str) -> Any:
        """The key for a URL's part: first for the URL, then its app, then for all."""
        app = name.split(":")[0]
        for place in (name, app, ""):
            if (place, part) in self.keys:
                return self.keys[place, part]
        raise LookupError(f"tests/permissions/world.py: thiếu khóa cho {name}, phần «{part}»")


def fill(built: Built, frozen: dict[str, Any], *, number: int) -> World:
    """One of everything; ``number`` makes this council's numbers its own."""
    council, term = built.council, built.term
    delegate = next(p for p in built.people.values() if p.full_name.startswith(("Lê", "Nông")))
    with scope(council=council.pk):
        plenary = Organization.objects.get(code="HD")
        membership = Membership.objects.get(person=delegate, organization=plenary)
        session = Session.objects.create(
            council=council,
            term=term,
            number=number,
            kind=SessionKind.REGULAR,
            title=f"Kỳ họp thứ {number}",
            expected_opening=date(2026, 12, 8),
            state=SessionState.IN_SESSION,
            profile_code="vn-2026-province",
            profile=frozen,
        )
        sitting = Sitting.objects.create(
            council=council,
            session=session,
            number=number + 10,
            kind=SittingKind.PLENARY,
            title=f"Phiên thứ {number + 10}",
            starts_at=datetime(2026, 12, 8, 1, tzinfo=UTC),
            state="open",
            roll_open=True,
            opened_at=timezone.now(),
        )
        item = AgendaItem.objects.create(
            council=council,
            session=session,
            sitting=sitting,
            order=0,
            kind=ItemKind.DECISION,
            title="Thông qua nghị quyết",
            presenting_body=Organization.objects.filter(kind="peoples_committee").first(),
        )
        Sitting.objects.filter(pk=sitting.pk).update(current_item=item)
        paper = Paper.objects.create(
            council=council,
            kind="draft_resolution",
            title=f"Dự thảo {council.slug}",
            fold=f"du thao {council.slug}",
            state=PaperState.RELEASED,
            released_at=timezone.now(),
        )
        sha256 = store(PDF)
        version = PaperVersion.objects.create(
            council=council,
            paper=paper,
            number=1,
            sha256=sha256,
            size=len(PDF),
            media_type="application/pdf",
            file_name="du-thao.pdf",
            pages=1,
            uploaded_by_name="Trần Thị Bình",
        )
        picture = store(PICTURE)
        Intake.objects.filter(version=version).update(thumbnails_sha256=picture)
        PageText.objects.create(
            council=council, version=version, number=1, text="Dự thảo", thumbnail_size=12
        )
        AgendaPaper.objects.create(council=council, item=item, paper=paper)
        ReadingPosition.objects.create(council=council, person=delegate, version=version)
        Notebook.objects.create(council=council, person=delegate, seq=1)
        own_note = Annotation.objects.create(
            council=council,
            person=delegate,
            key=new_id(),
            version=version,
            kind="note",
            page=1,
            data={"at": [0.1, 0.1]},
            text="Hỏi lại mức chi",
            clock=1,
            device=str(new_id()),
            seq=1,
        )
        opinion = Opinion.objects.create(
            council=council,
            paper=paper,
            version=version,
            text="Đề nghị nêu rõ mức chi",
            author=delegate,
            author_name=delegate.full_name,
            nonce=new_id(),
        )
        told = notices.tell(
            council_id=council.pk,
            people=[delegate.pk],
            kind="papers.release",
            subject="Tài liệu mới",
            text="",
            url=f"/{council.slug}/tai-lieu/",
            key="1",
        )
        notice = Recipient.objects.get(message=told)
        address = Address.objects.create(
            council_id=council.pk,
            person_id=delegate.pk,
            channel="email",
            value="cuc@example.vn",
            consented_at=timezone.now(),
        )
        release = Release.objects.create(
            council=council,
            session=session,
            kind="released",
            at=timezone.now(),
            by_name="Trần Thị Bình",
            delegates=1,
            message=told,
        )
        ReleasePaper.objects.create(
            council=council, release=release, paper=paper, version=1, pages=1
        )
        run = PrintRun.objects.create(council=council, session=session, sets=2, pages=10)
        invited = Person.objects.create(
            council=council, full_name="Lò Văn Khách", sort_key="khach", fold="lo van khach"
        )
        by = Actor.system(council)
        issued = guest_actions.issue(invited, ends_on=date(2036, 12, 31), by=by)
        guest_actions.give_papers(invited, [paper], by=by)
        task = PlanTask.objects.create(council=council, session=session, key="t", title="Việc")
        summons = Summons.objects.create(
            council=council,
            session=session,
            kind=SummonsKind.SUMMONS,
            number=number,
            person=delegate,
            name=delegate.full_name,
            issued_at=timezone.now(),
        )
        roll = RollEntry.objects.create(
            council=council,
            sitting=sitting,
            membership=membership,
            person=delegate,
            name=delegate.full_name,
            sort_key=delegate.sort_key,
            presence="present",
        )
        request = SpeakerRequest.objects.create(
            council=council,
            sitting=sitting,
            item=item,
            membership=membership,
            person=delegate,
            name=delegate.full_name,
            position=1,
            requested_at=timezone.now(),
        )
        speech = Speech.objects.create(
            council=council,
            sitting=sitting,
            name="Đại biểu",
            limit_seconds=420,
            started_at=timezone.now(),
        )
        note = NoteToChair.objects.create(
            council=council,
            sitting=sitting,
            person=delegate,
            name=delegate.full_name,
            text="Xin phát biểu trước",
            at=timezone.now(),
        )
        JournalEntry.objects.create(
            council=council,
            sitting=sitting,
            at=timezone.now(),
            kind="note",
            text="Diễn biến",
            by_name="Trần Thị Bình",
        )
        poll = Poll.objects.create(
            council=council,
            sitting=sitting,
            item=item,
            number=number + 20,
            question="Đồng chí có tán thành không?",
            rule=RULE,
            state="open",
            opened_at=timezone.now(),
        )
        Vote.objects.create(
            council=council,
            poll=poll,
            membership=membership,
            person=delegate,
            choice="yes",
            cast_at=timezone.now(),
            receipt="R",
        )
        minutes = MinutesVersion.objects.create(
            council=council,
            sitting=sitting,
            number=1,
            sha256=sha256,
            size=len(PDF),
            made_by_name="Trần Thị Bình",
        )
        duty, _ = Duty.objects.get_or_create(
            council=council,
            person=delegate,
            kind=DutyKind.PRESS,
            ends_on=None,
            defaults={"starts_on": date(2026, 4, 1)},
        )
        duty.delete()  # the delegate stays only a delegate; the duty of somebody else is the key
        duty = Duty.objects.filter(person__account__username__in=["binh", "oanh"]).first()
        audit.record(
            "floor.note", council_id=council.pk, actor_id=delegate.pk, payload={"so": number}
        )
        seal_pending(everything=True)
        entry = Entry.objects.order_by("pk").last()
        body = Organization.objects.create(
            council=council, kind="committee", code=f"lam-thoi-{number}", name="Ban", fold="ban"
        )
        batch = ImportBatch.objects.create(
            council=council, file_name="a.xlsx", created_by_name="Trần Thị Bình", made={}
        )
        holiday = Holiday.objects.create(
            council=council, day=date(2026, 12, number), name="Ngày truyền thống"
        )
        transfer = Transfer.objects.create(
            sender=third_party(council),
            receiver=council,
            kind="paper",
            subject="Báo cáo",
            payload={
                "text": "Kính gửi",
                "files": [
                    {
                        "label": "Báo cáo",
                        "sha256": store(PDF),
                        "file_name": "a.pdf",
                        "media_type": "application/pdf",
                        "size": len(PDF),
                    }
                ],
            },
            sent_by_name="Văn phòng",
        )
        clerk = duty.person if duty else delegate
        stub = SecretStub.objects.create(council=council, degree="secret", number=f"{number}/M")
        upload = Upload.objects.create(council=council, length=10, owner=clerk)
        seat = Seat.objects.filter(memberships=membership).first()
        law = Law.objects.create(
            corpus="rules",
            title="Luật Đất đai",
            kind="Luật",
            number="31/2024/QH15",
            digest="0" * 64,
        )
        article = LawArticle.objects.create(law=law, order=1, number="12", text="Quyền sử dụng đất")
        listed = ImportBatch.objects.create(
            council=council,
            file_name="b.xlsx",
            created_by_name="Trần Thị Bình",
            made={"session": [str(session.pk)], "list": ["meetings:agenda"]},
        )
        imported = PaperImport.objects.create(council=council, session_id=session.pk, owner=clerk)
        device = Device.objects.create(
            council=council, person=delegate, key=new_id(), label="iPad · Safari"
        )
        packet = Packet.objects.create(
            council=council,
            session_id=session.pk,
            state="done",
            sha256=sha256,
            size=len(PDF),
            created_by_name="Trần Thị Bình",
        )
        agency = Organization.objects.filter(code__in=["SXD", "UBND"]).order_by("code").first()
        assert agency is not None
        asked = Ask.objects.create(
            council=council,
            session=session,
            item=item,
            body=agency,
            kind="submission",
            title="Tờ trình",
            fold="to trinh",
            state="checking",
            asked_by_name="Trần Thị Bình",
        )
        AskStep.objects.create(council=council, ask=asked, kind="send", state="checking")
        room = Room.objects.create(council=council, name="Phòng", fold="phong")
        RoomPaper.objects.create(council=council, room=room, paper=paper)
        RoomReader.objects.create(council=council, room=room, person=delegate)
    return World(
        built,
        {
            ("", "number"): session.number,
            ("", "sitting"): sitting.number,
            ("", "poll"): poll.number,
            ("", "paper"): paper.pk,
            ("", "version"): version.number,
            ("intake", "page"): 1,
            ("", "task"): task.pk,
            ("guests", "person"): invited.pk,
            ("guests", "guest_pass"): issued.row.pk,
            ("notices", "notice"): notice.pk,
            ("notices", "address"): address.pk,
            ("delivery", "release"): release.pk,
            ("delivery", "run"): run.pk,
            ("", "item"): item.pk,
            ("", "summons"): summons.pk,
            ("", "entry"): entry.pk if entry else None,
            ("", "person"): delegate.pk,
            ("", "duty"): duty.pk if duty else None,
            ("", "seat"): seat.pk if seat else None,
            ("", "membership"): membership.pk,
            ("", "request"): request.pk,
            ("", "speech"): speech.pk,
            ("", "roll"): roll.pk,
            ("minutes", "version"): minutes.number,
            ("", "session"): session,
            ("", "sitting_id"): sitting.pk,
            ("", "note"): note.pk,
            ("", "upload"): upload.pk,
            ("reading", "note"): own_note.key,
            ("reading", "page"): 1,
            ("opinions", "opinion"): opinion.pk,
            ("", "stub"): stub.pk,
            ("councils", "code"): body.code,
            ("councils", "pk"): delegate.pk,
            **{
                (f"councils:{name}", "pk"): membership.pk
                for name in ("end", "suspend", "restore", "seat")
            },
            ("councils:end_duty", "pk"): duty.pk if duty else None,
            ("councils:import_done", "pk"): batch.pk,
            ("councils:import_undo", "pk"): batch.pk,
            ("councils:receive", "pk"): transfer.pk,
            ("councils:transfer", "pk"): transfer.pk,
            ("councils:transfer_file", "pk"): transfer.pk,
            ("councils:transfer_file", "index"): 1,
            ("binder", "batch"): imported.pk,
            ("meetings", "batch"): listed.pk,
            ("meetings", "what"): "chuong-trinh",
            ("binder", "packet"): packet.pk,
            ("submissions", "ask"): asked.pk,
            ("submissions", "room"): room.pk,
            ("briefcase", "device"): device.pk,
            ("procedure", "pk"): holiday.pk,
            ("search", "article"): article.pk,
            ("procedure", "key"): "vote.majority",
        },
    )


RULE = {
    "numerator": 1,
    "denominator": 2,
    "strict": True,
    "base": "in_office",
    "label": "quá nửa tổng số đại biểu",
    "article": "Luật 72/2025/QH15 Đ35",
}


def third_party(council: Council) -> Council:
    """A council that sends something to each of the two."""
    return Council.objects.get_or_create(
        slug="thu-ba",
        defaults={
            "unit": council.unit,
            "name": "Hội đồng nhân dân thứ ba",
            "short_name": "HĐND thứ ba",
            "level": council.level,
            "place": "X",
            "office_name": "Văn phòng",
        },
    )[0]


def store(data: bytes) -> str:
    """Put bytes where versions of papers are kept; their SHA-256."""
    return files.put([data])[0]

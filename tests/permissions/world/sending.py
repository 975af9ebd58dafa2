"""What was sent to people: notices, releases of papers, a guest's pass, papers asked of a body."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from nghitruong.council.councils.models import Organization, Person
from nghitruong.council.councils.roles import Actor
from nghitruong.council.guests import actions as guests
from nghitruong.platform.notices import api as notices
from nghitruong.platform.notices.models import Address, Recipient
from nghitruong.session.delivery.models import PrintRun, Release, ReleasePaper
from nghitruong.session.submissions.models import Ask, AskStep, Room, RoomPaper, RoomReader
from tests.permissions.world.ground import Ground, Keys


def rows(ground: Ground) -> Keys:
    """The delegate has a notice, an address and a room; the guest a pass and the paper."""
    return {**_told(ground), **_guest(ground), **_asked(ground), **_room(ground)}


def _told(ground: Ground) -> Keys:
    council, delegate = ground.council, ground.delegate
    told = notices.tell(
        council_id=council.pk,
        people=[delegate.pk],
        kind="papers.release",
        subject="Tài liệu mới",
        text="",
        url=f"/{council.slug}/tai-lieu/",
        key="1",
    )
    address = Address.objects.create(
        council_id=council.pk,
        person_id=delegate.pk,
        channel="email",
        value="cuc@example.vn",
        consented_at=timezone.now(),
    )
    release = Release.objects.create(
        council=council,
        session=ground.session,
        kind="released",
        at=timezone.now(),
        by_name="Trần Thị Bình",
        delegates=1,
        message=told,
    )
    ReleasePaper.objects.create(
        council=council, release=release, paper=ground.paper, version=1, pages=1
    )
    run = PrintRun.objects.create(council=council, session=ground.session, sets=2, pages=10)
    return {
        ("notices", "notice"): Recipient.objects.get(message=told).pk,
        ("notices", "address"): address.pk,
        ("delivery", "release"): release.pk,
        ("delivery", "run"): run.pk,
    }


def _guest(ground: Ground) -> Keys:
    invited = Person.objects.create(
        council=ground.council, full_name="Lò Văn Khách", sort_key="khach", fold="lo van khach"
    )
    by = Actor.system(ground.council)
    issued = guests.issue(invited, ends_on=date(2036, 12, 31), by=by)
    guests.give_papers(invited, [ground.paper], by=by)
    return {("guests", "person"): invited.pk, ("guests", "guest_pass"): issued.row.pk}


def _asked(ground: Ground) -> Keys:
    agency = Organization.objects.filter(code__in=["SXD", "UBND"]).order_by("code").first()
    assert agency is not None
    asked = Ask.objects.create(
        council=ground.council,
        session=ground.session,
        item=ground.item,
        body=agency,
        kind="submission",
        title="Tờ trình",
        fold="to trinh",
        state="checking",
        asked_by_name="Trần Thị Bình",
    )
    AskStep.objects.create(council=ground.council, ask=asked, kind="send", state="checking")
    return {("submissions", "ask"): asked.pk}


def _room(ground: Ground) -> Keys:
    council = ground.council
    room = Room.objects.create(council=council, name="Phòng", fold="phong")
    RoomPaper.objects.create(council=council, room=room, paper=ground.paper)
    RoomReader.objects.create(council=council, room=room, person=ground.delegate)
    return {("submissions", "room"): room.pk}

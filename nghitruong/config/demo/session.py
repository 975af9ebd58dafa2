"""The demo's sessions: a province's year-end session of three sittings, a commune's regular one.

What they deal with is in ``business``. The papers lie in ``papers/``: official texts, and draft
resolutions made of real ones, labelled «dữ liệu minh họa».
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django_scopes import scope

from nghitruong.config.demo.business import (
    AFTER_DRAFTS,
    BEFORE_DRAFTS,
    COMMUNE,
    OFFICIAL,
    Line,
)
from nghitruong.config.demo.people import DATA, Built
from nghitruong.council.papers.models import Paper, PaperKind, PaperState, PaperVersion
from nghitruong.council.procedure.profiles import freeze, profile_for
from nghitruong.lib.text import fold
from nghitruong.platform.files import store
from nghitruong.session.meetings.actions import write_plan
from nghitruong.session.meetings.models import (
    AgendaItem,
    AgendaPaper,
    ItemKind,
    PlanTask,
    Session,
    SessionKind,
    SessionState,
    Sitting,
    SittingKind,
    Summons,
    SummonsKind,
)
from nghitruong.session.meetings.queries import plan_lines

PAPERS = DATA.parent / "papers"
TODAY = date(2026, 11, 21)  # the day the demo is set on: the plan's earlier tasks are done
OPENING = date(2026, 12, 8)  # a Tuesday; walkthrough of a real session
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def _paper(built: Built, file: str, kind: PaperKind, title: str, **fields: object) -> PaperVersion:
    """A released paper with its first version stored."""
    path = PAPERS / file
    sha256, size = store.put_file(path)
    pdf = path.suffix == ".pdf"
    paper = Paper.objects.create(
        council=built.council,
        kind=kind,
        title=title,
        fold=fold(title),
        state=PaperState.RELEASED,
        released_at=_moment(date(2026, 11, 20), 16),
        **fields,
    )
    return PaperVersion.objects.create(
        council=built.council,
        paper=paper,
        number=1,
        sha256=sha256,
        size=size,
        media_type="application/pdf" if pdf else DOCX,
        file_name=file,
        pages=_pages(path) if pdf else None,
        uploaded_by_name="Trần Thị Bình",
    )


def _pages(path: object) -> int:
    import pypdfium2

    document = pypdfium2.PdfDocument(str(path))
    try:
        return len(document)
    finally:
        document.close()


def _drafts(built: Built) -> list[PaperVersion]:
    rows = json.loads((DATA / "drafts.json").read_text())
    return [
        _paper(
            built,
            f"du-thao-{index:02d}.pdf",
            PaperKind.DRAFT,
            f"Dự thảo {title}",
            issuer=built.bodies[body].name,
            issuing_body=built.bodies[body],
            dated=date(2026, 11, 18),
        )
        for index, (_, _, title, body) in enumerate(rows, start=1)
    ]


def _session(built: Built, *, number: int, title: str, code: str, place: str) -> Session:
    session = Session.objects.create(
        council=built.council,
        term=built.term,
        number=number,
        kind=SessionKind.REGULAR,
        title=title,
        required_by="Thường trực Hội đồng nhân dân",
        expected_opening=OPENING,
        place=place,
        state=SessionState.CONVENED,
        convened_on=date(2026, 11, 17),
        profile_code=code,
        profile=freeze(profile_for(built.council, OPENING)),
    )
    write_plan(session)
    # What was to be done before the summons went out is done.
    done = {line.task.pk for line in plan_lines(session, OPENING) if line.due and line.due < TODAY}
    PlanTask.objects.filter(pk__in=done).update(
        done_at=_moment(date(2026, 11, 18), 9), done_by_name="Trần Thị Bình"
    )
    return session


def _sitting(session: Session, number: int, kind: SittingKind, title: str, day: int) -> Sitting:
    return Sitting.objects.create(
        council=session.council,
        session=session,
        number=number,
        kind=kind,
        title=title,
        starts_at=_moment(date(2026, 12, day), 7, 30),
        ends_at=_moment(date(2026, 12, day), 17),
        place=session.place,
    )


def _agenda(
    built: Built, session: Session, lines: Sequence[Line], drafts: list[PaperVersion]
) -> None:
    sittings = {sitting.number: sitting for sitting in session.sittings.all()}
    items = [
        AgendaItem(
            council=built.council,
            session=session,
            sitting=sittings[line.sitting],
            order=order,
            kind=line.kind,
            title=line.title,
            presenter=built.bodies[line.body].name if line.body else "",
            presenting_body=built.bodies[line.body] if line.body else None,
            minutes=line.minutes,
        )
        for order, line in enumerate(lines, start=1)
    ]
    AgendaItem.objects.bulk_create(items)
    AgendaPaper.objects.bulk_create(
        AgendaPaper(council=built.council, item=item, paper=drafts[index - 1].paper, order=place)
        for item, line in zip(items, lines, strict=True)
        for place, index in enumerate(line.drafts)
    )


def _summons(built: Built, session: Session, members: list[str]) -> None:
    Summons.objects.bulk_create(
        Summons(
            council=built.council,
            session=session,
            kind=SummonsKind.SUMMONS,
            number=number,
            person=built.people[username],
            name=built.people[username].full_name,
            title=built.people[username].title,
            issued_at=_moment(date(2026, 11, 18), 9),
        )
        for number, username in enumerate(members, start=1)
    )


def _delegates(built: Built) -> list[str]:
    seated = set(
        built.bodies["HD"].memberships.order_by("seat__number").values_list("person_id", flat=True)
    )
    return [username for username, person in built.people.items() if person.pk in seated]


def build_province_session(built: Built) -> Session:
    """Kỳ họp thứ 4, the year-end session of the province."""
    with scope(council=built.council.pk):
        session = _session(
            built,
            number=4,
            title="Kỳ họp thứ 4 (kỳ họp thường lệ cuối năm 2026)",
            code="vn-2026-province",
            place="Hội trường tỉnh",
        )
        _sitting(session, 1, SittingKind.OPENING, "Phiên khai mạc, ngày 08/12/2026", 8)
        _sitting(session, 2, SittingKind.QUESTIONING, "Phiên thảo luận, chất vấn, 09/12/2026", 9)
        _sitting(session, 3, SittingKind.CLOSING, "Phiên biểu quyết, bế mạc, 10/12/2026", 10)
        drafts = _drafts(built)
        for file, kind, number, issuer, dated, title in OFFICIAL:
            _paper(built, file, kind, title, number=number, issuer=issuer, dated=dated)
        Paper.objects.filter(council=built.council, session_id=None).update(session_id=session.pk)
        titles = [version.paper.title.removeprefix("Dự thảo ") for version in drafts]
        bodies = [row[3] for row in json.loads((DATA / "drafts.json").read_text())]
        deciding = [
            Line(3, ItemKind.DECISION, title, bodies[index - 1], 8, (index,))
            for index, title in enumerate(titles, start=1)
            if index != 28
        ]
        lines = [*BEFORE_DRAFTS, *deciding, *AFTER_DRAFTS]
        _agenda(built, session, lines, drafts)
        _summons(built, session, _delegates(built))
    return session


def build_commune_session(built: Built) -> Session:
    """Kỳ họp thứ 3 of the commune: one sitting of a morning."""
    with scope(council=built.council.pk):
        session = _session(
            built,
            number=3,
            title="Kỳ họp thứ 3 (kỳ họp thường lệ cuối năm 2026)",
            code="vn-2026-commune",
            place="Hội trường UBND xã",
        )
        _sitting(session, 1, SittingKind.PLENARY, "Phiên toàn thể, ngày 08/12/2026", 8)
        _agenda(built, session, COMMUNE, [])
        _summons(built, session, _delegates(built))
    return session

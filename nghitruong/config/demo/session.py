"""The demo's sessions: a province's year-end session of three sittings, a commune's regular one.

The order of business follows a real year-end session (reports of NQ 114/2025 Đ15, voters'
petitions, questioning, 28 draft resolutions, a by-election, next year's plans). The papers lie in
``papers/``: official texts, and draft resolutions made of real ones, labelled «dữ liệu minh họa».
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django_scopes import scope

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

# file, kind, number, issuer, date, title: official texts as they are.
OFFICIAL: tuple[tuple[str, PaperKind, str, str, date | None, str], ...] = (
    (
        "luat-72-2025-qh15.docx",
        PaperKind.REFERENCE,
        "72/2025/QH15",
        "Quốc hội",
        date(2025, 6, 16),
        "Luật Tổ chức chính quyền địa phương",
    ),
    (
        "luat-83-2025-qh15.docx",
        PaperKind.REFERENCE,
        "83/2025/QH15",
        "Quốc hội",
        date(2025, 6, 25),
        "Luật sửa đổi Luật Bầu cử đại biểu Quốc hội và đại biểu Hội đồng nhân dân",
    ),
    (
        "luat-87-2025-qh15.docx",
        PaperKind.REFERENCE,
        "87/2025/QH15",
        "Quốc hội",
        date(2025, 6, 25),
        "Luật sửa đổi Luật Ban hành văn bản quy phạm pháp luật",
    ),
    (
        "congbao-luat-55-2024-pccc.pdf",
        PaperKind.REFERENCE,
        "55/2024/QH15",
        "Quốc hội",
        date(2024, 11, 29),
        "Luật Phòng cháy, chữa cháy và cứu nạn, cứu hộ (Công báo)",
    ),
    (
        "qh-luat-40-2013-pccc.pdf",
        PaperKind.REFERENCE,
        "40/2013/QH13",
        "Quốc hội",
        date(2013, 11, 22),
        "Luật sửa đổi Luật Phòng cháy và chữa cháy (bản quét)",
    ),
    (
        "cp-nd-47-2020-broken-font.pdf",
        PaperKind.REFERENCE,
        "47/2020/NĐ-CP",
        "Chính phủ",
        date(2020, 4, 9),
        "Nghị định về quản lý, kết nối và chia sẻ dữ liệu số",
    ),
    (
        "btc-tt-02-2021.pdf",
        PaperKind.REFERENCE,
        "02/2021/TT-BTC",
        "Bộ Tài chính",
        date(2021, 1, 8),
        "Thông tư về phí thẩm định phòng cháy, chữa cháy",
    ),
    (
        "hanoi-qd-67-2024-ubnd.pdf",
        PaperKind.REFERENCE,
        "67/2024/QĐ-UBND",
        "UBND TP Hà Nội",
        None,
        "Quyết định bãi bỏ các quyết định 19/2019 và 07/2023",
    ),
    (
        "hdnd-hanoi-nq-11-2025.pdf",
        PaperKind.REFERENCE,
        "11/2025/NQ-HĐND",
        "HĐND TP Hà Nội",
        None,
        "Nghị quyết của HĐND thành phố Hà Nội (tham khảo)",
    ),
    (
        "hdnd-tuangiao-gm-2020.pdf",
        PaperKind.NOTICE,
        "06/GM-HĐND",
        "HĐND huyện Tuần Giáo",
        None,
        "Giấy mời họp Thường trực HĐND mở rộng (mẫu tham khảo)",
    ),
    (
        "604-qd-ttg-700112.docx",
        PaperKind.REFERENCE,
        "604/QĐ-TTg",
        "Thủ tướng Chính phủ",
        None,
        "Quyết định điều chỉnh Chiến lược phát triển khoa học, công nghệ",
    ),
    (
        "kh-truong-hoc-nd30-2026.docx",
        PaperKind.REFERENCE,
        "",
        "Trường THPT Đốc Binh Kiều",
        None,
        "Kế hoạch tuần sinh hoạt công dân (thể thức Nghị định 30)",
    ),
)


@dataclass(frozen=True)
class Line:
    """A line of the agenda: sitting number, kind, title, presenter's body, minutes, drafts."""

    sitting: int
    kind: ItemKind
    title: str
    body: str | None
    minutes: int
    drafts: tuple[int, ...] = ()


OPENING_DAY: tuple[Line, ...] = (
    Line(1, ItemKind.CEREMONY, "Chào cờ, tuyên bố lý do, giới thiệu đại biểu", "VP", 15),
    Line(1, ItemKind.OTHER, "Phát biểu khai mạc kỳ họp", "TT", 10),
    Line(1, ItemKind.DECISION, "Biểu quyết thông qua chương trình kỳ họp", "TT", 5),
    Line(
        1,
        ItemKind.REPORT,
        "Báo cáo tình hình kinh tế - xã hội năm 2026, nhiệm vụ năm 2027",
        "UBND",
        20,
        (2,),
    ),
    Line(1, ItemKind.REPORT, "Báo cáo tình hình thực hiện ngân sách năm 2026", "STC", 15, (3,)),
    Line(1, ItemKind.REPORT, "Báo cáo công tác phòng, chống tham nhũng", "UBND", 10),
    Line(1, ItemKind.REPORT, "Báo cáo giải quyết khiếu nại, tố cáo", "UBND", 10),
    Line(1, ItemKind.REPORT, "Báo cáo công tác của Tòa án nhân dân tỉnh", "TAND", 10),
    Line(1, ItemKind.REPORT, "Báo cáo công tác của Viện kiểm sát nhân dân tỉnh", "VKSND", 10),
    Line(1, ItemKind.REPORT, "Thông báo của Mặt trận Tổ quốc về xây dựng chính quyền", "MTTQ", 10),
    Line(1, ItemKind.REPORT, "Tổng hợp ý kiến, kiến nghị của cử tri", "MTTQ", 15),
    Line(1, ItemKind.REPORT, "Kết quả giải quyết kiến nghị của cử tri", "UBND", 15),
    Line(1, ItemKind.REPORT, "Báo cáo thẩm tra của các Ban", "PC", 30),
    Line(2, ItemKind.DEBATE, "Thảo luận tại hội trường", None, 150),
    Line(
        2,
        ItemKind.QUESTIONING,
        "Chất vấn nhóm vấn đề: quản lý đất đai, môi trường",
        "SNNMT",
        90,
    ),
    Line(2, ItemKind.QUESTIONING, "Chất vấn nhóm vấn đề: giao thông nông thôn", "SXD", 90),
    Line(
        2,
        ItemKind.DECISION,
        "Nghị quyết về chất vấn và trả lời chất vấn tại kỳ họp",
        "TT",
        10,
        (28,),
    ),
    Line(3, ItemKind.ELECTION, "Bầu bổ sung 01 Phó Chủ tịch UBND tỉnh", "UBND", 60),
)


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


def _agenda(built: Built, session: Session, lines: list[Line], drafts: list[PaperVersion]) -> None:
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
        lines = list(OPENING_DAY)
        lines += [
            Line(
                3,
                ItemKind.DECISION,
                f"{title}",
                bodies[index - 1],
                8,
                (index,),
            )
            for index, title in enumerate(titles, start=1)
            if index != 28
        ]
        lines += [
            Line(3, ItemKind.DECISION, "Kế hoạch tổ chức các kỳ họp thường lệ năm 2027", "TT", 5),
            Line(3, ItemKind.CEREMONY, "Phát biểu bế mạc, chào cờ", "TT", 15),
        ]
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
        lines = [
            Line(1, ItemKind.CEREMONY, "Chào cờ, khai mạc", "TT", 10),
            Line(1, ItemKind.DECISION, "Biểu quyết thông qua chương trình kỳ họp", "TT", 5),
            Line(1, ItemKind.REPORT, "Báo cáo kinh tế - xã hội của Ủy ban nhân dân", "UBND", 20),
            Line(1, ItemKind.DEBATE, "Thảo luận", None, 60),
            Line(1, ItemKind.DECISION, "Nghị quyết về nhiệm vụ năm 2027", "UBND", 10),
        ]
        _agenda(built, session, lines, [])
        _summons(built, session, _delegates(built))
    return session

"""The demo's papers on their way: each stop has one, one was returned, a Ban is asked for a report.
Also a room of papers between sessions."""

from __future__ import annotations

import json
from datetime import datetime

from django_scopes import scope

from nghitruong.config.demo.people import DATA, Built
from nghitruong.config.demo.session import PAPERS, ZONE
from nghitruong.council.councils.models import Organization
from nghitruong.council.papers.models import Paper, PaperKind, PaperVersion
from nghitruong.lib.text import fold
from nghitruong.platform.files import store
from nghitruong.session.meetings.models import AgendaItem, AgendaPaper, Session
from nghitruong.session.submissions.models import (
    Ask,
    AskState,
    AskStep,
    Room,
    RoomPaper,
    RoomReader,
    StepKind,
)

# draft of the session → how many of the usual steps its submission has gone, and whether it came
# back then.
WAYS: tuple[tuple[int, int, str], ...] = (
    (9, 0, ""),
    (24, 3, ""),
    (3, 2, "Chưa có chữ ký của Phó Chủ tịch UBND tỉnh phụ trách"),
    (5, 4, ""),
    (16, 2, ""),
    (26, 3, ""),
)
_FORWARDER, _CLERK = "Bùi Thị Lam", "Trần Thị Bình"
_SENDERS = {"SXD": "Hoàng Văn Giang", "STC": "Đinh Văn Sáng"}
# day of November 2026, hour, what was done, where it was then, by whom («»: the body itself)
USUAL = (
    (18, 9, StepKind.UPLOAD, AskState.PREPARING, ""),
    (18, 10, StepKind.SEND, AskState.FORWARDING, ""),
    (19, 8, StepKind.FORWARD, AskState.CHECKING, _FORWARDER),
    (20, 14, StepKind.CHECK, AskState.CLEARED, _CLERK),
)


def _at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, 5, tzinfo=ZONE)


def _ask(
    session: Session, body: Organization, kind: PaperKind, title: str, item: AgendaItem | None
) -> Ask:
    ask = Ask.objects.create(
        council=session.council,
        session=session,
        item=item,
        body=body,
        kind=kind,
        title=title,
        fold=fold(f"{title} {body.name}")[:500],
        forwarded=kind != PaperKind.VERIFICATION,
        asked_by_name=_CLERK,
    )
    Ask.objects.filter(pk=ask.pk).update(asked_at=_at(16, 9))
    _step(ask, 16, 9, StepKind.ASK, _CLERK)
    return ask


def _step(ask: Ask, day: int, hour: int, kind: StepKind, by: str, reason: str = "") -> None:
    version = 1 if ask.paper_id else None
    step = AskStep.objects.create(
        council=ask.council,
        ask=ask,
        kind=kind,
        state=ask.state,
        version=version,
        reason=reason,
        by_name=by,
    )
    AskStep.objects.filter(pk=step.pk).update(at=_at(day, hour))


def _draft_paper(ask: Ask, file: str, by: str) -> Paper:
    sha256, size = store.put_file(PAPERS / file)
    paper = Paper.objects.create(
        council=ask.council,
        kind=ask.kind,
        title=ask.title,
        fold=fold(ask.title)[:500],
        issuer=ask.body.name,
        issuing_body=ask.body,
        session_id=ask.session_id,
    )
    version = PaperVersion.objects.create(
        council=ask.council,
        paper=paper,
        number=1,
        sha256=sha256,
        size=size,
        media_type="application/pdf",
        file_name=file,
        uploaded_by_name=by,
    )
    PaperVersion.objects.filter(pk=version.pk).update(uploaded_at=_at(18, 9))
    return paper


def build_asks(built: Built, session: Session) -> None:
    """What the office asked the bodies for, each as far as it has come."""
    rows = json.loads((DATA / "drafts.json").read_text())
    with scope(council=built.council.pk):
        items = {item.title: item for item in AgendaItem.objects.filter(session=session)}
        for number, steps, returned in WAYS:
            _old, _place, title, code = rows[number - 1]
            body = built.bodies[code]
            sender = _SENDERS.get(code, body.name)
            words = f"Tờ trình dự thảo {title}"
            ask = _ask(session, body, PaperKind.SUBMISSION, words, items.get(title))
            if steps:
                ask.paper = _draft_paper(ask, f"du-thao-{number:02d}.pdf", sender)
            for day, hour, kind, state, by in USUAL[:steps]:
                ask.state = state
                _step(ask, day, hour, kind, by or sender)
            if returned:
                ask.state = AskState.PREPARING
                _step(ask, 19, 15, StepKind.RETURN, _FORWARDER, returned)
            ask.save(update_fields=["state", "paper"])
            if ask.state == AskState.CLEARED and ask.item and ask.paper:
                AgendaPaper.objects.create(
                    council=ask.council, item=ask.item, paper=ask.paper, order=1
                )
        report = "Báo cáo thẩm tra các dự thảo nghị quyết lĩnh vực pháp chế"
        _ask(session, built.bodies["PC"], PaperKind.VERIFICATION, report, None)
        _room(built)


def _room(built: Built) -> None:
    """For the members of the Ban Pháp chế and the Sở Tài chính: texts to prepare a supervision."""
    name = "Giám sát chi ngân sách năm 2026"
    room = Room.objects.create(
        council=built.council,
        name=name,
        fold=fold(name),
        purpose="Tài liệu cho Đoàn giám sát, dùng đến hết tháng 3/2027",
        opened_by_name=_CLERK,
    )
    for order, paper in enumerate(Paper.objects.filter(number__in=["02/2021/TT-BTC"]), start=1):
        RoomPaper.objects.create(council=built.council, room=room, paper=paper, order=order)
    for code in ("PC", "STC"):
        RoomReader.objects.create(council=built.council, room=room, body=built.bodies[code])

"""Summons, invitations and lists as Word files in official layout."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from nghitruong.lib.days import date_vn, date_words, weekday_date_vn
from nghitruong.lib.numbers import roman
from nghitruong.platform.files.official import Letterhead, OfficialDocument, Signature
from nghitruong.session.meetings.models import Session, Summons, SummonsKind
from nghitruong.session.meetings.queries import Part

SYMBOLS = {SummonsKind.SUMMONS: "GTT-HĐND", SummonsKind.INVITATION: "GM-HĐND"}


def _letterhead(session: Session, row: Summons) -> Letterhead:
    council = session.council
    issued = timezone.localtime(row.issued_at).date()
    return Letterhead(
        body=council.name,
        place=council.place,
        date_words=date_words(issued),
        number=f"{row.number:02d}/{SYMBOLS[SummonsKind(row.kind)]}",
    )


def _programme(parts: Sequence[Part]) -> list[str]:
    """The expected agenda, a line each sitting and item; closed parts are marked."""
    lines: list[str] = []
    for part in parts:
        if part.sitting is not None:
            start = timezone.localtime(part.sitting.starts_at)
            day = weekday_date_vn(start.date())
            closed = " (họp kín)" if part.sitting.closed_doors else ""
            lines.append(f"**{part.sitting.title}{closed}: {start:%H} giờ {start:%M}, {day}**")
        for item in part.items:
            closed = " (họp kín)" if item.closed_doors else ""
            who = f" ({item.presenter})" if item.presenter else ""
            lines.append(f"- {item.title}{closed}{who}.")
    return lines


def _write_programme(document: OfficialDocument, parts: Sequence[Part]) -> None:
    lines = _programme(parts)
    if lines:
        document.heading("Dự kiến chương trình")
        for line in lines:
            document.paragraph(line)


def _write(
    document: OfficialDocument,
    session: Session,
    row: Summons,
    parts: Sequence[Part],
    signer: str,
    *,
    alone: bool,
) -> None:
    summoned = row.kind == SummonsKind.SUMMONS
    council = session.council
    document.title(
        row.get_kind_display(),
        f"{'Dự' if summoned else 'Tham dự'} {session.title}, {council.name} khóa "
        f"{roman(session.term.number)}",
    )
    first = next((part.sitting for part in parts if part.sitting is not None), None)
    if first is not None:
        start = timezone.localtime(first.starts_at)
        when = f"{start:%H} giờ {start:%M}, {weekday_date_vn(start.date())}"
    else:
        when = weekday_date_vn(session.expected_opening)
    if summoned:
        document.paragraph(
            "Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15; Thường trực Hội đồng "
            f"nhân dân triệu tập **{row.name}**, {row.title or 'đại biểu Hội đồng nhân dân'}, dự "
            f"{session.title}."
        )
    else:
        document.paragraph(
            f"Thường trực Hội đồng nhân dân trân trọng kính mời **{row.name}**"
            f"{', ' + row.title if row.title else ''} tham dự {session.title}."
        )
    document.paragraph(f"**Khai mạc:** {when}.")
    if session.place:
        document.paragraph(f"**Địa điểm:** {session.place}.")
    if alone:
        _write_programme(document, parts)
    else:
        document.paragraph("Dự kiến chương trình kỳ họp gửi kèm theo.")
    if summoned:
        document.paragraph(
            "Đại biểu không thể dự họp báo cáo lý do với Chủ tọa và thông báo cho Văn phòng trước "
            "kỳ họp (Điều 33 Luật số 72/2025/QH15); trả lời ngay trên hệ thống phòng họp không "
            "giấy."
        )
    else:
        document.paragraph("Rất mong quý vị thu xếp thời gian tham dự.")
    document.signature(
        Signature(authority="TM. Thường trực HĐND", post="Chủ tịch", name=signer),
        ["Như trên", "Thường trực HĐND", "UBND, Ban Thường trực UBMTTQ", "Lưu: VT"],
    )


def summons_file(
    session: Session, rows: Sequence[Summons], parts: Sequence[Part], *, signer: str
) -> bytes:
    """One file for one person or for all; names and titles are those of the issue.

    A paper alone carries the expected agenda; in the file of all it stands once, at the end.
    """
    document = OfficialDocument(_letterhead(session, rows[0]))
    for index, row in enumerate(rows):
        if index:
            document.new_document(_letterhead(session, row))
        _write(document, session, row, parts, signer, alone=len(rows) == 1)
    if len(rows) > 1:
        document.page_break()
        _write_programme(document, parts)
    return document.to_bytes()


def list_file(session: Session, rows: Sequence[Summons], kind: str) -> bytes:
    """The list of delegates or guests with their answers, by given name."""
    council = session.council
    today = timezone.localdate()
    document = OfficialDocument(
        Letterhead(
            body=council.office_name or council.name,
            parent=council.name if council.office_name else "",
            place=council.place,
            date_words=date_words(today),
        )
    )
    guests = kind == SummonsKind.INVITATION
    document.title(
        "Danh sách khách mời" if guests else "Danh sách đại biểu được triệu tập",
        f"{session.title} (khai mạc {date_vn(session.expected_opening)})",
    )
    document.table(
        ["STT", "Họ và tên", "Chức danh, nơi công tác", "Số giấy", "Trả lời", "Lý do vắng"],
        [
            [
                index,
                row.name,
                row.title,
                f"{row.number:02d}",
                row.get_reply_display(),
                row.reason,
            ]
            for index, row in enumerate(rows, start=1)
        ],
        [12, 42, 44, 13, 27, 22],
        right=[0, 3],
    )
    coming = sum(row.reply == "coming" for row in rows)
    absent = sum(row.reply == "absent" for row in rows)
    document.paragraph(
        f"Tổng số {len(rows)}; sẽ dự {coming}; xin vắng {absent}; chưa trả lời "
        f"{len(rows) - coming - absent}."
    )
    document.signature(Signature(authority="TL. Thường trực HĐND", post="Chánh Văn phòng"))
    return document.to_bytes()

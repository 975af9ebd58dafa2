"""The table of opinions and the report on them, as official documents and as a spreadsheet."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence

import xlsxwriter
from django.utils import timezone

from nghitruong.council.opinions import follow
from nghitruong.council.opinions.models import Decision, Opinion, OpinionState
from nghitruong.council.opinions.queries import Row
from nghitruong.council.papers.models import Paper
from nghitruong.lib.numbers import grouped
from nghitruong.platform.files.official import Letterhead, OfficialDocument, Signature

BASIS = (
    "Thực hiện khoản 4 Điều 15 Quy chế làm việc của Hội đồng nhân dân (theo Quy chế mẫu ban hành "
    "kèm theo Nghị quyết số 104/2025/UBTVQH15 của Ủy ban Thường vụ Quốc hội)"
)


def where_words(row: Row) -> str:
    """Where the place stands in the newest version, in words."""
    where = row.where
    if where.version == row.opinion.version.number:
        return f"bản {where.version}"
    return {
        follow.SAME: f"nguyên văn ở bản {where.version}",
        follow.CHANGED: f"đã sửa ở bản {where.version}",
        follow.MOVED: f"nay là {where.label} của bản {where.version}",
        follow.REMOVED: f"không còn ở bản {where.version}",
        follow.UNKNOWN: f"chưa so được với bản {where.version}",
    }[where.status]


def answer_words(opinion: Opinion) -> str:
    """«Tiếp thu. Đã sửa …», or that nobody has answered yet."""
    if not opinion.decision:
        return "Chưa trả lời"
    return f"{Decision(opinion.decision).label}. {opinion.answer}"


def _head(paper: Paper, body: str) -> Letterhead:
    today = timezone.localdate()
    date_words = f"ngày       tháng {today.month:02d} năm {today.year}"
    return Letterhead(body=body, place=paper.council.place, date_words=date_words)


def table_document(paper: Paper, rows: Sequence[Row]) -> bytes:
    """«Bảng tổng hợp ý kiến», A4 landscape, by the order of the articles."""
    document = OfficialDocument(_head(paper, paper.council.office_name), landscape=True, size=13)
    document.title("Bảng tổng hợp ý kiến của đại biểu", f"đối với {paper.title}")
    document.paragraph(_counts(rows))
    document.table(
        ("TT", "Điều, khoản", "Nội dung dự thảo", "Ý kiến", "Đại biểu", "Tiếp thu, giải trình",
         "Ban"),
        [
            (
                str(n),
                f"{row.opinion.place} ({where_words(row)})",
                _short(row.opinion.quote),
                row.opinion.text,
                ", ".join(p for p in (row.opinion.author_name, row.opinion.author_group) if p),
                answer_words(row.opinion),
                _committee(row),
            )
            for n, row in enumerate(rows, start=1)
        ],
        (10, 32, 55, 60, 32, 40, 18),
        size=11,
        right=(0,),
    )  # fmt: skip
    document.signature(Signature(authority="", post="Người tổng hợp", note="(Ký, ghi rõ họ tên)"))
    return document.to_bytes()


def report_document(paper: Paper, rows: Sequence[Row]) -> bytes:
    """«Báo cáo giải trình, tiếp thu» of the drafting agency, ready to be numbered and signed."""
    body = paper.issuing_body.name if paper.issuing_body else (paper.issuer or "Cơ quan trình")
    document = OfficialDocument(_head(paper, body))
    document.title("Báo cáo", f"Giải trình, tiếp thu ý kiến đại biểu đối với {paper.title}")
    document.paragraph(f"Kính gửi: Thường trực {paper.council.name}", centre=True)
    document.paragraph(
        f"{BASIS}, {body} báo cáo việc giải trình, tiếp thu ý kiến của đại biểu Hội đồng nhân dân "
        f"đối với {paper.title} như sau:"
    )
    document.heading("I. Tình hình chung")
    document.paragraph(_counts(rows))
    sections = (
        ("II. Những ý kiến được tiếp thu", (Decision.ACCEPTED, Decision.PARTLY)),
        ("III. Những ý kiến được giải trình", (Decision.EXPLAINED,)),
    )
    for heading, decisions in sections:
        chosen = [row for row in rows if row.opinion.decision in decisions]
        document.heading(heading)
        if not chosen:
            document.paragraph("Không có.")
        for n, row in enumerate(chosen, start=1):
            _say(document, n, row)
    waiting = [row for row in rows if not row.opinion.decision]
    if waiting:
        document.heading("IV. Những ý kiến chưa có trả lời")
        for n, row in enumerate(waiting, start=1):
            _say(document, n, row)
    document.paragraph(f"Trên đây là báo cáo của {body}, kính trình Hội đồng nhân dân xem xét./.")
    document.signature(
        Signature(authority="", post="Thủ trưởng cơ quan", note="(Ký tên, đóng dấu)"),
        ["Như trên", "Đại biểu Hội đồng nhân dân", "Lưu: VT"],
    )
    return document.to_bytes()


def _say(document: OfficialDocument, n: int, row: Row) -> None:
    opinion = row.opinion
    who = ", ".join(part for part in (opinion.author_name, opinion.author_group) if part)
    document.paragraph(f"**{n}. {opinion.place}** ({where_words(row)}). Đại biểu {_plain(who)}:")
    document.paragraph(f"Ý kiến: {_plain(opinion.text)}")
    if opinion.decision:
        label = Decision(opinion.decision).label
        document.paragraph(f"**{label}:** {_plain(opinion.answer)}")
    if opinion.state == OpinionState.CONFIRMED:
        document.paragraph(f"Ban thẩm tra {confirmed_words(row)}.", italic=True)


def _plain(text: str) -> str:
    """Words of people never switch the layout's bold on."""
    return text.replace("**", "* *")


def _counts(rows: Sequence[Row]) -> str:
    decided = Counter(row.opinion.decision for row in rows)
    people = len({row.opinion.author_id for row in rows})
    confirmed = sum(row.opinion.state == OpinionState.CONFIRMED for row in rows)
    return (
        f"Có {grouped(len(rows))} ý kiến của {grouped(people)} đại biểu: tiếp thu "
        f"{decided[Decision.ACCEPTED]}, tiếp thu một phần {decided[Decision.PARTLY]}, giải trình "
        f"{decided[Decision.EXPLAINED]}, chưa trả lời {decided['']}; Ban thẩm tra đã xác nhận "
        f"{confirmed}."
    )


def confirmed_words(row: Row) -> str:
    """«đã xác nhận ở bản 3; dự thảo nay là bản 4»: a confirmation is of one text."""
    words = "đã xác nhận"
    if row.confirmed:
        words += f" ở bản {row.confirmed}"
    return f"{words}; dự thảo nay là bản {row.where.version}" if row.outdated else words


def _committee(row: Row) -> str:
    if row.opinion.state == OpinionState.CONFIRMED:
        words = confirmed_words(row)
        return words[0].upper() + words[1:]
    returned = row.opinion.state == OpinionState.RETURNED
    return "Đề nghị trả lời lại" if returned else ""


def _state(row: Row) -> str:
    if row.opinion.state == OpinionState.CONFIRMED:
        return f"Ban {confirmed_words(row)}"
    return OpinionState(row.opinion.state).label


def _short(text: str, most: int = 400) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"


def table_workbook(paper: Paper, rows: Sequence[Row]) -> bytes:
    """The same table as XLSX; what people wrote is never a formula."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Tổng hợp ý kiến")
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
    cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    heads = ("TT", "Điều, khoản", "Ở bản mới nhất", "Nội dung dự thảo", "Ý kiến", "Đại biểu",
             "Tổ đại biểu", "Gửi lúc", "Kết quả", "Tiếp thu, giải trình", "Cơ quan trả lời",
             "Trạng thái")  # fmt: skip
    widths = (5, 20, 22, 50, 50, 22, 18, 17, 22, 50, 26, 26)
    for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    for n, row in enumerate(rows, start=1):
        opinion = row.opinion
        sent = timezone.localtime(opinion.sent_at)
        sheet.write_number(n, 0, n, cell)
        values = (
            opinion.place, where_words(row), opinion.quote, opinion.text, opinion.author_name,
            opinion.author_group, f"{sent:%d/%m/%Y %H:%M}",
            Decision(opinion.decision).label if opinion.decision else "", opinion.answer,
            opinion.answered_by, _state(row),
        )  # fmt: skip
        for column, value in enumerate(values, start=1):
            sheet.write_string(n, column, value[:32_000], cell)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return buffer.getvalue()

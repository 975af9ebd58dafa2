"""The paper with a person's notes as PDF annotations (ISO 32000-2 §12.5), in a copy.

Each has its own appearance, so that every viewer and printer shows the same.
"""

from __future__ import annotations

import tempfile
from typing import Any, BinaryIO, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers import extension
from nghitruong.council.papers.models import PaperVersion
from nghitruong.council.reading import queries
from nghitruong.council.reading.models import Annotation, AnnotationKind
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import inspection, store

COLOURS = {
    "yellow": (1.0, 0.87, 0.2),
    "green": (0.45, 0.85, 0.45),
    "blue": (0.4, 0.7, 1.0),
    "pink": (1.0, 0.6, 0.75),
}
INK = {
    "yellow": (0.75, 0.5, 0.0),
    "green": (0.0, 0.45, 0.2),
    "blue": (0.05, 0.25, 0.65),
    "pink": (0.75, 0.05, 0.25),
}
IN_MEMORY = 8 * 1024 * 1024  # bytes; a larger copy lies in a temporary file


class _Page:
    """From fractions of the page as shown to points of its user space."""

    def __init__(self, page: Any) -> None:
        box = [float(number) for number in page.cropbox]
        self.left, self.bottom = min(box[0], box[2]), min(box[1], box[3])
        self.width, self.height = abs(box[2] - box[0]), abs(box[3] - box[1])
        self.turn = int(page.get("/Rotate", 0)) % 360
        self.shown_width = self.height if self.turn in (90, 270) else self.width

    def point(self, x: float, y: float) -> tuple[float, float]:
        across, down = {
            0: (x, 1 - y),
            90: (y, x),
            180: (1 - x, y),
            270: (1 - y, 1 - x),
        }.get(self.turn, (x, 1 - y))
        return self.left + across * self.width, self.bottom + down * self.height


def make(actor: Actor, version: PaperVersion) -> BinaryIO:
    """The copy, at its beginning; closed (and gone) when the answer has been sent."""
    import pikepdf

    # The page numbers of notes are those of what was read: the copy made for reading, if any.
    copy = extension.reading_copy(version)
    sha256, media_type = (
        (copy.sha256, copy.media_type) if copy else (version.sha256, version.media_type)
    )
    if media_type != inspection.PDF:
        raise Refused(
            "not_pdf",
            _("Chỉ tài liệu PDF xuất kèm ghi chú được. Hãy tải tệp gốc về máy."),
            status=409,
        )
    notes = [note for note in queries.notes_for(actor, version) if not note.removed]
    if not notes:
        raise Refused(
            "no_notes", _("Quý vị chưa có ghi chú nào trên tài liệu này nên chưa có gì để xuất.")
        )
    out = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115  # the answer closes it
    try:
        with pikepdf.open(store.path_of(sha256)) as pdf:
            for note in sorted(notes, key=lambda one: (one.page, one.seq)):
                if note.page <= len(pdf.pages):
                    _add(pdf, pdf.pages[note.page - 1], note, actor.name)
            marks = [note for note in notes if note.kind == AnnotationKind.BOOKMARK]
            _outline(pdf, sorted(marks, key=lambda one: one.page))
            pdf.save(out)
    except FileNotFoundError:
        raise Refused(
            "file_missing",
            _("Tệp của bản này không còn trên máy chủ. Hãy báo văn phòng để kiểm tra kho tệp."),
            status=410,
        ) from None
    except pikepdf.PdfError:
        raise Refused(
            "broken", _("Tệp này không ghi thêm chú thích được. Hãy tải tệp gốc về máy.")
        ) from None
    out.seek(0)
    return out


def _outline(pdf: Any, marks: list[Annotation]) -> None:
    import pikepdf

    if not marks:
        return
    with pdf.open_outline() as outline:
        own = pikepdf.OutlineItem("Dấu trang của tôi")
        for mark in marks:
            title = mark.text or f"Trang {mark.page}"
            if mark.page <= len(pdf.pages):
                own.children.append(pikepdf.OutlineItem(title, mark.page - 1))
        outline.root.append(own)


def _add(pdf: Any, page: Any, note: Annotation, author: str) -> None:
    from pikepdf import Array, Dictionary, Name, String

    place = _Page(page)
    drawn: Any
    if note.kind == AnnotationKind.HIGHLIGHT:
        drawn, box = _highlight(pdf, place, note)
    elif note.kind == AnnotationKind.INK:
        drawn, box = _ink(pdf, place, note)
    elif note.kind == AnnotationKind.NOTE:
        x, y = place.point(*note.data["at"])
        box = (x, y - 20, x + 20, y)
        drawn = Dictionary(Subtype=Name.Text, Name=Name.Comment, C=Array([1, 0.87, 0.2]))
    else:
        return  # a bookmark stands in the outline
    drawn["/Type"] = Name.Annot
    drawn["/Rect"] = Array([round(number, 3) for number in box])
    drawn["/F"] = 4  # printed
    drawn["/T"] = String(author)
    drawn["/Contents"] = String(note.text)
    drawn["/NM"] = String(str(note.key))
    drawn["/M"] = String(timezone.localtime(note.changed_at).strftime("D:%Y%m%d%H%M%S+07'00'"))
    if "/Annots" not in page:
        page["/Annots"] = Array([])
    page["/Annots"].append(pdf.make_indirect(drawn))


def _form(pdf: Any, box: tuple[float, float, float, float], content: str, *, blend: str) -> Any:
    """An appearance: what is drawn, in the page's own coordinates."""
    from pikepdf import Array, Dictionary, Name, Stream

    form = Stream(pdf, content.encode("ascii"))
    form["/Type"] = Name.XObject
    form["/Subtype"] = Name.Form
    form["/BBox"] = Array([round(number, 3) for number in box])
    state = Dictionary(Type=Name.ExtGState, BM=Name(f"/{blend}"))
    form["/Resources"] = Dictionary(ExtGState=Dictionary(G0=state))
    return Dictionary(N=form)


def _around(points: list[tuple[float, float]], room: float) -> tuple[float, float, float, float]:
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across) - room, min(down) - room, max(across) + room, max(down) + room


def _highlight(pdf: Any, place: _Page, note: Annotation) -> tuple[Any, Any]:
    from pikepdf import Array, Dictionary, Name

    colour = COLOURS[note.data["colour"]]
    corners: list[tuple[float, float]] = []
    quads: list[float] = []
    content = "/G0 gs {:g} {:g} {:g} rg\n".format(*colour)
    for x, y, width, height in note.data["quads"]:
        four = [
            place.point(x, y),
            place.point(x + width, y),
            place.point(x, y + height),
            place.point(x + width, y + height),
        ]
        corners += four
        for point in four:
            quads += [round(number, 3) for number in point]
        upper_left, upper_right, lower_left, lower_right = four
        content += "{:.3f} {:.3f} m ".format(*upper_left)
        for point in (upper_right, lower_right, lower_left):
            content += "{:.3f} {:.3f} l ".format(*point)
        content += "h f\n"
    box = _around(corners, 0)
    return (
        Dictionary(
            Subtype=Name.Highlight,
            C=Array(list(colour)),
            QuadPoints=Array(quads),
            AP=_form(pdf, box, content, blend="Multiply"),
        ),
        box,
    )


def _ink(pdf: Any, place: _Page, note: Annotation) -> tuple[Any, Any]:
    from pikepdf import Array, Dictionary, Name

    colour = INK[note.data["colour"]]
    width = note.data["width"] * place.shown_width
    everything: list[tuple[float, float]] = []
    strokes = []
    content = "/G0 gs {:g} {:g} {:g} RG 1 J 1 j {:.3f} w\n".format(*colour, width)
    for stroke in note.data["strokes"]:
        points = [place.point(x, y) for x, y in zip(stroke[::2], stroke[1::2], strict=True)]
        everything += points
        strokes.append(Array([round(number, 3) for point in points for number in point]))
        content += "{:.3f} {:.3f} m ".format(*points[0])
        for point in points[1:] or points:  # a dot is a line to itself, with round ends
            content += "{:.3f} {:.3f} l ".format(*point)
        content += "S\n"
    box = _around(everything, width)
    return (
        Dictionary(
            Subtype=Name.Ink,
            C=Array(list(colour)),
            InkList=Array(strokes),
            BS=Dictionary(W=round(width, 3)),
            AP=_form(pdf, box, content, blend="Normal"),
        ),
        box,
    )

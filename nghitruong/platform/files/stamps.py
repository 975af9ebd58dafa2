"""What stands on a page beside its text layer: stamps and seals, put there as pictures, as notes
laid over the page, or drawn in red ink. A search for words in the layer does not see them."""

from __future__ import annotations

from ctypes import POINTER, byref, c_int, cast, create_string_buffer
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as raw
from PIL import Image, ImageChops

SMALLEST = (14.0, 5.0)  # points: a mark of secrecy in print is 20 × 8 mm; less is a bullet, a rule
MOST_OBJECTS = 2000
QUIET_NOTES = frozenset({raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP})
RED_LEAST, RED_MOST = 0.0002, 0.4  # of the page: less is a speck, more is a background

Box = tuple[float, float, float, float]  # left, bottom, right, top in points of the page


@dataclass
class Apart:
    """``boxes`` of pictures and notes; ``words`` that notes carry; ``whole``: a picture whose place
    is not known, so that anywhere on the page may be meant."""

    boxes: list[Box] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    whole: bool = False

    def __bool__(self) -> bool:
        return bool(self.boxes or self.words or self.whole)


def beside_text(page: Any) -> Apart:
    """Pictures and notes of a page of pdfium's."""
    found = Apart()
    for number, item in enumerate(page.get_objects(max_depth=5)):
        if number >= MOST_OBJECTS:
            found.whole = True
            break
        if item.type != raw.FPDF_PAGEOBJ_IMAGE:
            continue
        if item.level:  # its bounds are those within a form
            found.whole = True
        elif _is_seen(box := item.get_bounds()):
            found.boxes.append(box)
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        if raw.FPDFAnnot_GetSubtype(note) not in QUIET_NOTES:
            place = raw.FS_RECTF()
            if raw.FPDFAnnot_GetRect(note, byref(place)):
                box = (place.left, place.bottom, place.right, place.top)
                if _is_seen(box):
                    found.boxes.append(box)
            if words := _contents(note):
                found.words.append(words)
        raw.FPDFPage_CloseAnnot(note)
    return found


def _is_seen(box: Box) -> bool:
    left, bottom, right, top = box
    sides = sorted((abs(right - left), abs(top - bottom)), reverse=True)
    return sides[0] >= SMALLEST[0] and sides[1] >= SMALLEST[1]


def _contents(note: Any) -> str:
    size = raw.FPDFAnnot_GetStringValue(note, b"Contents", None, 0)
    if not 2 < size < 20_000:
        return ""
    buffer = create_string_buffer(size)
    raw.FPDFAnnot_GetStringValue(note, b"Contents", cast(buffer, POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace").strip()


def cut_out(page: Any, picture: Image.Image, apart: Apart) -> Image.Image:
    """The drawn page with nothing left on it but what stands apart."""
    if apart.whole:
        return picture
    canvas = Image.new(picture.mode, picture.size, "white")
    edge = round(picture.width / max(page.get_size()[0], 1.0) * 4)
    for left, bottom, right, top in apart.boxes:
        corners = [_on_picture(page, picture, x, y) for x, y in ((left, bottom), (right, top))]
        xs, ys = sorted(c[0] for c in corners), sorted(c[1] for c in corners)
        place = (
            max(xs[0] - edge, 0),
            max(ys[0] - edge, 0),
            min(xs[1] + edge, picture.width),
            min(ys[1] + edge, picture.height),
        )
        if place[0] < place[2] and place[1] < place[3]:
            canvas.paste(picture.crop(place), place[:2])
    return canvas


def _on_picture(page: Any, picture: Image.Image, x: float, y: float) -> tuple[int, int]:
    across, down = c_int(), c_int()
    raw.FPDF_PageToDevice(
        page, 0, 0, picture.width, picture.height, 0, x, y, byref(across), byref(down)
    )
    return across.value, down.value


def red_ink(picture: Image.Image) -> Image.Image | None:
    """Only what is red, black on white; None when there is hardly any."""
    red, green, blue = picture.convert("RGB").split()
    redness = ImageChops.subtract(red, ImageChops.lighter(green, blue))
    mask = redness.point([255 if value > 50 else 0 for value in range(256)])
    share = sum(mask.histogram()[200:]) / max(mask.width * mask.height, 1)
    return ImageChops.invert(mask) if RED_LEAST < share < RED_MOST else None


def has_red(page: Any) -> bool:
    """Whether there is red ink on a page, drawn small."""
    width, height = page.get_size()
    scale = min(1.5, 1600 / max(width, height, 1.0))
    drawn = page.render(scale=scale, may_draw_forms=True, rev_byteorder=True).to_pil()
    return red_ink(drawn) is not None

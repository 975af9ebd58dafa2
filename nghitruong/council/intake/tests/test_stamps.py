"""A mark of secrecy that is no writing: a picture, a note laid over the page, red ink."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw, ImageFont

from nghitruong.council.binder import fonts
from nghitruong.council.intake.pipeline import ocr, run
from nghitruong.council.intake.pipeline.report import Page, Report, were_read
from nghitruong.council.intake.tests.conftest import make_docx, make_pdf
from nghitruong.council.papers import secrecy
from nghitruong.platform.files import inspection

BODY = "Báo cáo tình hình kinh tế - xã hội của tỉnh sáu tháng đầu năm"


def picture(word: str, colour: str, *, round_seal: bool = False) -> Image.Image:
    """A stamp as offices have them: a word in its frame, or a round seal."""
    font = ImageFont.truetype(str(fonts.find()[0]), 64)
    if round_seal:
        image = Image.new("RGB", (420, 420), "white")
        draw = ImageDraw.Draw(image)
        for edge in (6, 18, 90):
            draw.ellipse((edge, edge, 420 - edge, 420 - edge), outline=colour, width=6)
        draw.text((120, 180), word, fill=colour, font=font)
        return image
    wide = round(font.getlength(word)) + 60
    image = Image.new("RGB", (wide, 110), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((4, 4, wide - 5, 105), outline=colour, width=5)
    draw.text((30, 14), word, fill=colour, font=font)
    return image


def stamped(stamp: Image.Image, *, page: int = 1, note: bool = False, turned: int = 0) -> bytes:
    """Three pages of writing, one of them stamped with a picture or with a note laid over it."""
    data = io.BytesIO()
    stamp.save(data, "JPEG", quality=95)
    wide, high = stamp.width / 4.5, stamp.height / 4.5
    with pikepdf.open(io.BytesIO(make_pdf(BODY, pages=3))) as pdf:
        image = pdf.make_stream(
            data.getvalue(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image,
            Width=stamp.width, Height=stamp.height, BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode,
        )  # fmt: skip
        target = pdf.pages[page - 1]
        if note:
            box = [320, 620, 320 + wide, 620 + high]
            look = pdf.make_stream(
                f"q {wide} 0 0 {high} 0 0 cm /I Do Q".encode(), Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Form, BBox=[0, 0, wide, high],
                Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image)),
            )  # fmt: skip
            laid = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=box, F=4,
                AP=pikepdf.Dictionary(N=look),
            )  # fmt: skip
            target.obj.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(laid)]))
        else:
            name = target.add_resource(image, pikepdf.Name.XObject)
            target.contents_add(f"q {wide} 0 0 {high} 320 620 cm {name} Do Q".encode())
        if turned:
            target.rotate(turned, relative=False)
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def looked_at(tmp_path: Path, data: bytes, name: str = "a.pdf", **options) -> Report:
    path = tmp_path / name
    path.write_bytes(data)
    assert not inspection.inspect(path).read  # nobody has it before the pipeline has looked
    out = tmp_path / "out"
    out.mkdir()
    return run.process(path, out, name=name, **options)


@pytest.mark.parametrize(
    ("data", "degree"),
    [
        (stamped(picture("MẬT", "#c00000")), "confidential"),
        (stamped(picture("TỐI MẬT", "#d03030"), page=3), "secret"),
        (stamped(picture("MẬT", "#222222"), page=2), "confidential"),
        (stamped(picture("TUYỆT MẬT", "#c00000"), note=True), "top_secret"),
        (stamped(picture("MẬT", "#1a2a90").rotate(90, expand=True), turned=90), "confidential"),
    ],
    ids=["red picture", "third page", "black picture", "note laid over", "turned page"],
)
def test_a_stamp_on_a_page_of_writing_is_read(tmp_path, data, degree):
    report = looked_at(tmp_path, data)
    assert secrecy.in_stamp(report.red_text) == degree
    assert were_read(report)
    assert BODY in report.texts[0].text
    assert report.texts[0].source == "layer"


def test_the_round_seal_of_an_agency_waits_for_the_machine_and_for_nobody(tmp_path):
    report = looked_at(tmp_path, stamped(picture("UBND", "#c00000", round_seal=True)), quick=3)
    assert were_read(report)
    assert secrecy.in_stamp(report.red_text) is None


def test_without_ocr_a_stamp_waits_for_a_person(tmp_path, monkeypatch):
    monkeypatch.setattr(ocr, "available", lambda: False)
    report = looked_at(tmp_path, stamped(picture("MẬT", "#c00000")))
    assert "no_tesseract" in report.problems
    assert not were_read(report)


def test_what_stands_only_in_a_note_or_in_wordart_is_found_on_arrival(tmp_path):
    path = tmp_path / "a.pdf"
    with pikepdf.open(io.BytesIO(make_pdf(BODY))) as pdf:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[300, 700, 380, 730],
            Contents=pikepdf.String("TỐI MẬT"), DA=b"/Helv 12 Tf 1 0 0 rg",
        )  # fmt: skip
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])
        pdf.save(path)
    found = inspection.inspect(path)
    assert (secrecy.in_text(found.text), found.read) == ("secret", False)
    word = tmp_path / "a.docx"
    shape = '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="MẬT"/></v:shape></w:pict></w:r></w:p>'  # noqa: E501
    word.write_bytes(_with(make_docx(BODY), shape))
    assert secrecy.in_text(inspection.inspect(word).text) == "confidential"


def _with(docx: bytes, more: str) -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = data.replace(b"<w:p>", more.encode() + b"<w:p>", 1)
            new.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("pages", "texts", "known"),
    [
        (5, [Page(1, BODY), Page(2, BODY), Page(3, BODY), Page(4, "", unread=True)], True),
        (5, [Page(1, BODY), Page(2, "", unread=True), Page(3, BODY)], False),
        (5, [Page(1, BODY), Page(2, BODY)], False),  # the reader died at the third
        (1, [], False),
    ],
)
def test_known_is_what_was_read_on_every_first_page(pages, texts, known):
    assert were_read(Report(kind="pdf", pages=pages, texts=texts)) is known


def test_ink_in_which_no_letter_was_read_is_unread_and_an_empty_page_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(ocr, "available", lambda: True)
    monkeypatch.setattr(ocr, "read", lambda *_, **__: ocr.Reading("", 0))
    empty = pdfium.PdfDocument.new()
    empty.new_page(595, 842)
    out = io.BytesIO()
    empty.save(out)
    assert were_read(looked_at(tmp_path, out.getvalue(), quick=3))
    (tmp_path / "3").mkdir()  # a form to be filled in: its dots are characters, nothing is drawn
    form = make_pdf("\n".join(["." * 60] * 12))
    assert were_read(looked_at(tmp_path / "3", form, quick=3))
    (tmp_path / "4").mkdir()  # with a note on it nobody has read what the note says
    noted = io.BytesIO()
    with pikepdf.open(io.BytesIO(form)) as document:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Text,
            Rect=[50, 700, 80, 730],
            Contents="MẬT",
        )
        document.pages[0].Annots = document.make_indirect(
            pikepdf.Array([document.make_indirect(note)])
        )
        document.save(noted)
    assert not were_read(looked_at(tmp_path / "4", noted.getvalue(), quick=3))
    (tmp_path / "2").mkdir()
    image = Image.new("RGB", (600, 850), "white")
    ImageDraw.Draw(image).line((50, 50, 500, 700), fill="black", width=9)
    drawn = io.BytesIO()
    image.save(drawn, "PDF", resolution=72)
    assert not were_read(looked_at(tmp_path / "2", drawn.getvalue(), quick=3))

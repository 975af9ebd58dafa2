"""From a file to its text: layers, old encodings, torn fonts, OCR, office files, signatures."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from nghitruong.council.intake.pipeline import legacy, ocr, office, run
from nghitruong.council.intake.pipeline.syllables import is_syllable, look
from nghitruong.council.intake.tests.conftest import make_docx, make_pdf
from nghitruong.platform.files import sniff

TCVN3 = "Céng hoµ x· héi chñ nghÜa ViÖt Nam, §éc lËp - Tù do - H¹nh phóc, ban hµnh nghÞ quyÕt"
VNI = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, Ñoäc laäp - Töï do - Haïnh phuùc, nghò quyeát"
SAID = "Độc lập - Tự do - Hạnh phúc"


def pipeline(tmp_path, data, name):
    path = tmp_path / name
    path.write_bytes(data)
    out = tmp_path / "out"
    out.mkdir(exist_ok=True)
    return run.process(path, out, name=name), out


@pytest.mark.parametrize(("text", "encoding"), [(TCVN3, "tcvn3"), (VNI, "vni")])
def test_old_encodings_are_recognised_by_their_letters(text, encoding):
    assert legacy.detect(text) == encoding
    assert SAID in legacy.convert(text, encoding)
    assert legacy.detect(legacy.convert(text, encoding)) == ""


def test_old_fonts_are_known_by_name_and_capital_fonts_raise_letters():
    assert legacy.of_font("ABCDEF+.VnTimeH") == "tcvn3"
    assert legacy.of_font("VNI-Times") == "vni"
    assert legacy.of_font("Times New Roman") == ""
    assert legacy.is_capital_font(".VnTimeH")
    assert not legacy.is_capital_font(".VnTime")
    assert legacy.convert("ChÝnh phñ", "tcvn3", capitals=True) == "CHÍNH PHỦ"
    assert legacy.convert("NGµY ¤ng Bé tr­ëng", "tcvn3") == "NGÀY Ông Bộ trưởng"


def test_foreign_and_modern_text_is_left_alone():
    assert legacy.detect("The council met today; café, naïve, Übung, ¾ cup © 2025 µm." * 3) == ""
    assert legacy.detect("Hội đồng nhân dân tỉnh quyết nghị thông qua dự toán ngân sách.") == ""


def test_syllables_have_few_shapes():
    good = "nghiêng Quyết khuỷu giữa yêu ước thuở hoạch đồng nghị xoong"
    assert [word for word in good.split(" ") if not is_syllable(word)] == []
    bad = "nƣớc C ĐBQH street trng bcd"
    assert [word for word in bad.split(" ") if is_syllable(word)] == []
    assert look("").words == 0


def test_a_layer_with_missing_letters_is_torn_and_mended_from_the_picture():
    layer = (
        "C N P Ủ\nSố: 47/2020/NĐ-CP\nCỘNG ÒA XÃ ỘI C Ủ NG ĨA VIỆT NAM\ncơ quan nhà nƣớc, ngày 09"
    )
    reading = (
        "CHÍNH PHỦ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 47/2020/NĐ-CP\ncơ quan nhà nước, ngảy 09"
    )
    assert run.is_torn([layer * 4])
    assert not run.is_torn(["Căn cứ Luật Tổ chức chính quyền địa phương; a) b) c) QĐ-UBND " * 9])
    mended = ocr.mend(layer, reading)
    assert "CHÍNH PHỦ" in mended
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in mended
    assert "nhà nước, ngày 09" in mended  # the layer is right where no letter is missing


def test_a_text_pdf_gives_its_pages_and_thumbnails(tmp_path):
    report, out = pipeline(tmp_path, make_pdf("Báo cáo kinh tế - xã hội của tỉnh", 2), "a.pdf")
    assert (report.verdict, report.pages, report.text_from) == ("accepted", 2, "layer")
    assert report.text == "Báo cáo kinh tế - xã hội của tỉnh\fBáo cáo kinh tế - xã hội của tỉnh"
    pictures = (out / "thumbnails").read_bytes()
    wide = []
    for page in report.texts:
        at, size = page.thumbnail
        with Image.open(io.BytesIO(pictures[at : at + size])) as picture:
            wide.append((picture.format, picture.width))
    assert wide == [("WEBP", 1000), ("WEBP", 180)]  # the first is there to be read
    assert at + size == len(pictures)
    assert report.reading == ""  # the file itself is the best to read


def test_what_a_signature_shows_is_put_where_it_stands(tmp_path):
    """Number and date of a signed paper stand in the signature's appearance, not in its text."""
    import pikepdf

    with pikepdf.open(io.BytesIO(make_pdf("Số:     /QĐ-UBND ngày      tháng năm nay"))) as document:
        page = document.pages[0]
        look_ = pikepdf.Stream(
            document,
            b"BT /F1 12 Tf 0 0 Td (33) Tj ET",
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=[0, -3, 14, 10],
            Resources=pikepdf.Dictionary(
                Font=pikepdf.Dictionary(
                    F1=pikepdf.Dictionary(
                        Type=pikepdf.Name.Font,
                        Subtype=pikepdf.Name.Type1,
                        BaseFont=pikepdf.Name.Helvetica,
                    )
                )
            ),
        )
        page.Annots = document.make_indirect(
            pikepdf.Array(
                [
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot,
                        Subtype=pikepdf.Name.Stamp,
                        Rect=[84, 774, 98, 787],
                        F=4,
                        AP=pikepdf.Dictionary(N=look_),
                    )
                ]
            )
        )
        out = io.BytesIO()
        document.save(out)
    report, _ = pipeline(tmp_path, out.getvalue(), "a.pdf")
    assert "Số: 33/QĐ-UBND ngày" in " ".join(report.text.split())


def scan_of(text: str, *, turned: int = 0) -> bytes:
    """A picture of a page of large letters, as a scanner makes it."""
    from PIL import Image, ImageDraw, ImageFont

    fonts = Path("/usr/share/fonts/truetype")
    # Liberation 1.07 lacks Vietnamese letters; 2 has them, and so has DejaVu.
    name = next(iter(sorted(fonts.rglob("DejaVuSerif.ttf"))), None) or next(
        iter(sorted(fonts.glob("liberation2/LiberationSerif-Regular.ttf")))
    )
    picture = Image.new("RGB", (1654, 2339), "white")
    draw = ImageDraw.Draw(picture)
    draw.multiline_text(
        (150, 200), text, fill="black", font=ImageFont.truetype(str(name), 46), spacing=24
    )
    out = io.BytesIO()
    picture.rotate(turned, expand=True).save(out, "JPEG", quality=85)
    return out.getvalue()


LETTER = (
    "HỘI ĐỒNG NHÂN DÂN TỈNH LÀO CAI\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 12/NQ-HĐND\n"
    "Nghị quyết về dự toán ngân sách địa phương\nĐiều 1. Thông qua dự toán năm 2027 của tỉnh.\n"
    "Điều 2. Ủy ban nhân dân tỉnh tổ chức thực hiện."
)


def test_a_photograph_of_a_page_is_read_and_can_be_searched_in_its_reading_copy(tmp_path):
    if not ocr.available():
        pytest.skip("không có Tesseract tiếng Việt")
    report, out = pipeline(tmp_path, scan_of(LETTER), "anh.jpg")
    assert (report.verdict, report.text_from, report.pages) == ("accepted", "ocr", 1)
    for words in ("HỘI ĐỒNG NHÂN DÂN", "12/NQ-HĐND", "dự toán ngân sách", "Điều 2"):
        assert words in report.text
    assert report.texts[0].confidence > 80
    import pypdfium2

    copy = pypdfium2.PdfDocument(out / report.reading)
    assert "ngân sách" in copy[0].get_textpage().get_text_range()
    assert b"/Linearized" in (out / report.reading).read_bytes()[:1024]


@pytest.mark.parametrize("rotate", [0, 270], ids=["lying picture", "page turned by its reader"])
def test_a_scan_lying_on_its_side_is_found_where_its_words_stand(tmp_path, rotate):
    if not ocr.available():
        pytest.skip("không có Tesseract tiếng Việt")
    import pikepdf
    import pypdfium2
    from PIL import Image

    scan = io.BytesIO()
    Image.open(io.BytesIO(scan_of(LETTER, turned=90))).save(scan, "PDF", resolution=200)
    with pikepdf.open(scan) as pdf:
        pdf.pages[0].rotate((360 - rotate) % 360, relative=False)  # 90: shown upright
        lying = io.BytesIO()
        pdf.save(lying)
    report, out = pipeline(tmp_path, lying.getvalue(), "quet.pdf")
    assert "dự toán ngân sách" in report.text
    words = pypdfium2.PdfDocument(out / report.reading)[0].get_textpage()
    assert "ngân sách" in words.get_text_range()
    # The first line of the letter stands at the left edge of the sheet as it lies, going up it.
    left, bottom, _, _ = words.get_charbox(0)
    last = words.get_charbox(20)
    width, height = 2339 * 72 / 200, 1654 * 72 / 200
    assert left < width / 5
    assert last[1] > bottom + 100
    assert abs(last[0] - left) < 20
    assert bottom < height / 3


def test_without_the_programs_a_paper_is_usable_and_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(ocr, "available", lambda: False)
    monkeypatch.setattr(office, "program", lambda: None)
    scan, _ = pipeline(tmp_path, scan_of("A"), "anh.png")
    assert (scan.verdict, scan.missing) == ("degraded", ["tesseract"])
    assert scan.reading
    assert "wrong_extension" in scan.problems
    word, _ = pipeline(tmp_path, make_docx("Tờ trình", "Kính gửi & trân trọng"), "a.docx")
    assert (word.verdict, word.missing) == ("degraded", ["libreoffice"])
    assert word.text == "Tờ trình\nKính gửi & trân trọng"


def test_a_word_file_becomes_a_pdf_with_its_text(tmp_path):
    if office.program() is None:
        pytest.skip("không có LibreOffice")
    decomposed = "Tờ trình về việc đặt tên đường"
    report, out = pipeline(tmp_path, make_docx(decomposed, SAID), "a.docx")
    assert (report.verdict, report.text_from, report.pages) == ("accepted", "converted", 1)
    assert "Tờ trình về việc đặt tên đường" in report.text
    assert sniff.sniff(out / report.reading).media_type == sniff.PDF


def test_a_rich_text_in_an_old_font_becomes_unicode(tmp_path):
    if office.program() is None:
        pytest.skip("không có LibreOffice")
    body = "".join(f"\\'{ord(char):02x}" if ord(char) > 126 else char for char in TCVN3)
    rtf = f"{{\\rtf1\\ansi\\ansicpg1252{{\\fonttbl{{\\f0 .VnTime;}}}}\\f0 {body}}}"
    report, _ = pipeline(tmp_path, rtf.encode("ascii"), "cu.rtf")
    assert report.encoding == "tcvn3"
    assert "old_encoding" in report.problems
    assert SAID in " ".join(report.text.split())


def test_a_file_nobody_signed_has_no_signatures(tmp_path):
    report, _ = pipeline(tmp_path, make_pdf() + b"% /ByteRange in a remark", "a.pdf")
    assert report.signatures == []


@pytest.mark.data
def test_real_papers(tmp_path):
    """One of each trouble: letters in a signature's appearance, an old encoding, a wrong ending."""
    folder = Path(os.environ.get("NGHITRUONG_DATA", "../shared/data"))
    if not (folder / "documents").is_dir():
        pytest.skip("không có thư mục dữ liệu NGHITRUONG_DATA")
    found = {}
    for name in (
        "hanoi-qd-67-2024-ubnd.pdf",
        "hdnd-tuangiao-gm-2020.pdf",
        "sl-1945-45000001.doc",
        "luat-27-2001-pccc.WRONG-EXTENSION.docx",
    ):
        out = tmp_path / name
        out.mkdir()
        found[name] = run.process(folder / "documents" / name, out)
    signed, letter, old, wrong = found.values()
    assert "Số: 67/2024/QĐ-UBND" in signed.text
    assert "ngày 21 tháng 11 năm 2024" in signed.text
    assert [one.state for one in signed.signatures] == ["unknown_root"] * 7
    assert signed.signatures[0].signer == "Trần Sỹ Thanh"
    assert "Số: 06/GM-HĐND" in letter.text
    assert "CỦA CHỦ TỊCH CHÍNH PHỦ SỐ 1 NGÀY 30 THÁNG 8 NĂM 1945" in old.text
    assert "Điều thứ nhất: Nay cử ông Hoàng Minh Giám" in old.text
    assert (wrong.media_type, wrong.problems) == ("application/msword", ["wrong_extension"])

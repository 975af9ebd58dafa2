"""Small real files, made in code; no Django here."""

from __future__ import annotations

import io
import zipfile


def make_pdf(text: str = "Báo cáo kinh tế - xã hội", pages: int = 1) -> bytes:
    """A real PDF whose text pdfium reads back, Vietnamese included (each glyph is mapped to its
    letter by a ToUnicode table). Below a short text stands a second line, so that it counts as
    writing and not as a word on a scan; without a text there is none."""
    if 0 < sum(map(str.isalpha, text)) < 20:
        text = f"{text}\nVăn bản này dùng để thử, không có giá trị."
    letters = sorted(set(text) - {"\n"})
    codes = {letter: index for index, letter in enumerate(letters, start=1)}
    objects: list[bytes] = []
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(pages))
    objects.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode())
    objects.append(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 4 0 R"
        b" /FirstChar 0 /LastChar 255 /Widths [" + b"600 " * 256 + b"] >>"
    )
    mapping = "\n".join(f"<{code:02x}> <{ord(letter):04x}>" for letter, code in codes.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{mapping}\nendbfchar endcmap end end"
    ).encode()
    objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap))
    objects.append(b"<< >>")
    for number in range(pages):
        lines = "".join(
            f"<{''.join(f'{codes[c]:02x}' for c in line)}> Tj 0 -30 Td\n"
            for line in text.split("\n")
        )
        content = f"BT /F1 12 Tf 60 780 Td\n{lines}ET".encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.7\n")
    offsets = []
    for index, body in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (index, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\n" % (len(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def make_docx(*paragraphs: str) -> bytes:
    """A small Word file."""
    from docx import Document

    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zip_of(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return out.getvalue()

"""What kind of file this is, by its bytes; the name's ending counts for nothing."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Kind = Literal["pdf", "office", "text", "image", "audio", "video", ""]

PDF: Final = "application/pdf"
_OOXML: Final = "application/vnd.openxmlformats-officedocument."
DOCX: Final = _OOXML + "wordprocessingml.document"
XLSX: Final = _OOXML + "spreadsheetml.sheet"
PPTX: Final = _OOXML + "presentationml.presentation"
DOC, XLS, PPT = "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"
ODF: Final = "application/vnd.oasis.opendocument."

# The ending a converter needs to see, and the one a person should.
ENDINGS: Final = {
    PDF: ".pdf",
    DOCX: ".docx",
    XLSX: ".xlsx",
    PPTX: ".pptx",
    DOC: ".doc",
    XLS: ".xls",
    PPT: ".ppt",
    ODF + "text": ".odt",
    ODF + "spreadsheet": ".ods",
    ODF + "presentation": ".odp",
    "application/rtf": ".rtf",
    "text/plain": ".txt",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/bmp": ".bmp",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/wav": ".wav",
    "audio/ogg": ".ogg",
    "audio/flac": ".flac",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "video/quicktime": ".mov",
}
SAME_ENDINGS: Final = {".jpeg": ".jpg", ".tiff": ".tif", ".oga": ".ogg", ".m4v": ".mp4"}

ENTRIES = 20_000  # of an archive
UNPACKED = 1 << 30  # bytes
PART = 200 << 20  # bytes of one part
RATIO = 400  # unpacked : packed, above 50 MB: nothing a person wrote packs so well
SEARCHED = 64 << 20  # bytes of an old Office file


@dataclass(frozen=True)
class Sniffed:
    """``problem`` is empty for a file that may be a paper, else: empty, unknown, script, archive,
    program, encrypted, macro, bomb, broken."""

    media_type: str = ""
    kind: Kind = ""
    problem: str = ""


def sniff(path: Path) -> Sniffed:
    """Look at the first bytes, and for containers at their list of parts."""
    with path.open("rb") as file:
        head = file.read(8192)
    if not head:
        return Sniffed(problem="empty")
    if b"%PDF-" in head[:1024]:
        return Sniffed(PDF, "pdf")
    if head.startswith(b"PK"):
        return _zip(path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound(path)
    if head.startswith(b"{\\rtf"):
        return Sniffed("application/rtf", "office")
    if head.startswith((b"\xdb\xa5", b"\x31\xbe\x00\x00")):  # Word 2, Word for DOS and Write
        return Sniffed(DOC, "office")
    return _media(head) or _text(head)


def _media(head: bytes) -> Sniffed | None:
    """Pictures, sound, film, and what is none of ours."""
    if head.startswith(b"\xff\xd8\xff"):
        return Sniffed("image/jpeg", "image")
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Sniffed("image/png", "image")
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return Sniffed("image/tiff", "image")
    if head.startswith((b"GIF87a", b"GIF89a")):
        return Sniffed("image/gif", "image")
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return Sniffed("image/bmp", "image")
    if head.startswith(b"RIFF"):
        inner = {b"WEBP": ("image/webp", "image"), b"WAVE": ("audio/wav", "audio")}
        if found := inner.get(head[8:12]):
            return Sniffed(found[0], found[1])  # type: ignore[arg-type]  # the two kinds above
    if head[4:8] == b"ftyp":
        return _movie(head[8:12])
    if head.startswith(b"ID3") or (
        len(head) > 2
        and head[0] == 0xFF
        and head[1] & 0xE0 == 0xE0
        and head[1] & 0x06
        and head[2] & 0xF0 != 0xF0
    ):
        return Sniffed("audio/mpeg", "audio")
    if head.startswith(b"OggS"):
        return Sniffed("audio/ogg", "audio")
    if head.startswith(b"fLaC"):
        return Sniffed("audio/flac", "audio")
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return (
            Sniffed("video/webm", "video") if b"webm" in head[:64] else Sniffed(problem="unknown")
        )
    if head.startswith((b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")):
        return Sniffed(problem="program")
    if head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")):
        return Sniffed(problem="archive")
    return None


def _movie(brand: bytes) -> Sniffed:
    if brand in {b"M4A ", b"M4B "}:
        return Sniffed("audio/mp4", "audio")
    if brand == b"qt  ":
        return Sniffed("video/quicktime", "video")
    if brand in {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}:
        return Sniffed(problem="heic")  # photographs our readers cannot show
    if brand == b"avif":
        return Sniffed(problem="unknown")
    return Sniffed("video/mp4", "video")


_MARKUP: Final = re.compile(
    rb"<(?:!doctype|html|svg|script|head|body|iframe|\?xml|\?php|!--)", re.IGNORECASE
)


def _text(head: bytes) -> Sniffed:
    """Plain writing in any encoding we can read; markup that a browser would run is refused."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            body = head[: len(head) // 2 * 2].decode("utf-16", "ignore").encode()
        except UnicodeError:
            return Sniffed(problem="unknown")
    else:
        body = head.removeprefix(b"\xef\xbb\xbf")
    if _MARKUP.search(body[:2048]):
        return Sniffed(problem="script")
    odd = sum(1 for byte in body if byte < 32 and byte not in (9, 10, 12, 13))
    if odd or not body.strip():
        return Sniffed(problem="unknown")
    return Sniffed("text/plain", "text")


def _zip(path: Path) -> Sniffed:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > ENTRIES:
                return Sniffed(problem="bomb")
            whole = sum(entry.file_size for entry in entries)
            packed = sum(entry.compress_size for entry in entries) or 1
            if whole > UNPACKED or (whole > 50 << 20 and whole > RATIO * packed):
                return Sniffed(problem="bomb")
            names = {entry.filename for entry in entries}
            found = _office(archive, names)
            if found is None:
                return Sniffed(problem="archive")
            if any(entry.flag_bits & 1 for entry in entries):
                return Sniffed(found, "office", "encrypted")
            if any(
                name.lower().endswith(("vbaproject.bin", "vbadata.xml"))
                or name.startswith("Basic/")
                for name in names
            ):
                return Sniffed(found, "office", "macro")
            return Sniffed(found, "office")
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, RuntimeError):
        return Sniffed(problem="broken")


def _office(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if "[Content_Types].xml" in names:
        for part, media_type in (
            ("word/document.xml", DOCX),
            ("xl/workbook.xml", XLSX),
            ("ppt/presentation.xml", PPTX),
        ):
            if part in names:
                return media_type
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        written = archive.read("mimetype").decode("ascii", "ignore").strip()
        if written in {ODF + "text", ODF + "spreadsheet", ODF + "presentation"}:
            return written
    return None


def _compound(path: Path) -> Sniffed:
    """Word, Excel, PowerPoint of before 2007: a file of streams, whose names are in UTF-16."""
    with path.open("rb") as file:
        data = file.read(SEARCHED)

    def has(name: str) -> bool:
        return name.encode("utf-16-le") + b"\0\0" in data

    if has("EncryptedPackage"):
        return Sniffed(DOCX, "office", "encrypted")
    media_type = (
        DOC
        if has("WordDocument")
        else XLS
        if has("Workbook") or has("Book")
        else PPT
        if has("PowerPoint Document")
        else ""
    )
    if not media_type:
        return Sniffed(problem="unknown")
    if has("_VBA_PROJECT"):
        return Sniffed(media_type, "office", "macro")
    return Sniffed(media_type, "office")


def wrong_ending(file_name: str, media_type: str) -> bool:
    """Whether the name ends like another kind of file."""
    ending = Path(file_name).suffix.lower()
    right = ENDINGS.get(media_type, "")
    return bool(ending and right) and SAME_ENDINGS.get(ending, ending) != right

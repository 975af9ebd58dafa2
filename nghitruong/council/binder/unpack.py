"""Opening a zip sent by a stranger: what is in it, one file at a time, never more than allowed.

Nothing is ever written under a name from the archive: names are data, places are ours. Sizes are
counted while bytes come out, because an archive may lie about them.
"""

from __future__ import annotations

import lzma
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from nghitruong.lib.text import nfc
from nghitruong.platform.errors import Refused

MOST_FILES: Final = 2000
MOST_RATIO: Final = 200  # times larger than packed: text packs ten to twenty times
RATIO_FROM: Final = 20 * 1024 * 1024
CHUNK: Final = 1 << 20
_JUNK: Final = re.compile(
    r"(?:^|/)(?:__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*|~\$[^/]*)(?:/|$)"
)
_OFFICE: Final = ("[Content_Types].xml", "mimetype", "META-INF/manifest.xml")
_UTF8: Final = 0x800
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


@dataclass(frozen=True)
class Member:
    """A file in the archive: its place in it, its folder and name as people wrote them."""

    place: int
    folder: str
    name: str
    info: zipfile.ZipInfo


def is_archive(path: Path) -> bool:
    """A zip that is not itself a document (Word, Excel, ODF files are zips too)."""
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:50])
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return False
    return not names.intersection(_OFFICE)


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name in NFC. Windows writes Vietnamese names in its own code page without saying so;
    most programs of today that do not set the flag write UTF-8 all the same."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "cp1258"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return nfc(name)


def place_of(name: str) -> tuple[str, str]:
    """(folder, file) of a path somebody wrote; «..», drives and control characters are dropped."""
    parts = [
        "".join(char for char in part if char.isprintable()).strip()
        for part in PurePosixPath(name.replace("\\", "/")).parts
    ]
    clean = [part for part in parts if part not in ("", "/", ".", "..") and not part.endswith(":")]
    if not clean:
        return "", "tai-lieu"
    return "/".join(clean[:-1])[:500], clean[-1][:200]


def _bad(code: str, sentence: str) -> Refused:
    return Refused(code, sentence, status=422)


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, list[Member]]]:
    """The archive and the files worth looking at, in its order. Refused for a broken archive, one
    with a password, too many files, or one that unfolds beyond measure."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        raise _bad(
            "zip_broken", _("Tệp nén bị hỏng, không mở được. Hãy nén lại rồi gửi.")
        ) from None
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > MOST_FILES:
            raise _bad("zip_many", _("Tệp nén có hơn 2.000 tệp. Hãy chia thành nhiều tệp nén."))
        if any(info.flag_bits & 1 for info in infos):
            raise _bad(
                "zip_locked", _("Tệp nén đặt mật khẩu. Hãy nén lại không có mật khẩu rồi gửi.")
            )
        whole = sum(info.file_size for info in infos)
        packed = max(1, path.stat().st_size)
        if whole > settings.ARCHIVE_MAX_BYTES or (
            whole > RATIO_FROM and whole / packed > MOST_RATIO
        ):
            raise _bad(
                "zip_bomb",
                _(
                    "Tệp nén bung ra quá lớn so với một bộ tài liệu nên không được mở. Hãy kiểm "
                    "tra lại tệp, hoặc gửi từng tài liệu."
                ),
            )
        members = []
        for place, info in enumerate(infos):
            name = _name_of(info)
            if not _JUNK.search(name):
                members.append(Member(place, *place_of(name), info))
        if not members:
            raise _bad("zip_empty", _("Tệp nén không có tài liệu nào bên trong."))
        yield archive, members


def extract(archive: zipfile.ZipFile, member: Member, target: Path) -> None:
    """Write one file out, piece by piece; Refused when larger than a file may be, or broken."""
    most = min(settings.UPLOAD_MAX_BYTES, settings.ARCHIVE_MAX_BYTES)
    written = 0
    fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(fd, "wb") as out, archive.open(member.info) as source:
            while piece := source.read(CHUNK):
                written += len(piece)
                if written > most:
                    limit = most // (1024 * 1024)
                    raise _bad("too_large", _("Tệp nặng hơn %(limit)s MB.") % {"limit": limit})
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
    except _BROKEN as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk, not the archive; bzip2 raises OSError without a number
        raise _bad("zip_member", _("Tệp này trong tệp nén bị hỏng, không lấy ra được.")) from None

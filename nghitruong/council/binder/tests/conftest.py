from __future__ import annotations

import io
import uuid
import zipfile
from datetime import date
from itertools import count

import pytest

from nghitruong.council.binder import sessions
from nghitruong.council.binder.actions import start_import
from nghitruong.council.binder.models import PaperImport
from nghitruong.council.papers import actions as papers
from nghitruong.council.papers.tests.conftest import *  # noqa: F403  # its fixtures
from nghitruong.council.papers.tests.conftest import make_pdf
from nghitruong.platform.jobs import api as jobs

HEAD = """ỦY BAN NHÂN DÂN
TỈNH LÀO CAI
Số: {number}
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Lào Cai, ngày 12 tháng 11 năm 2026
{kind}
{subject}
Căn cứ Luật Tổ chức chính quyền địa phương;"""


class Door:
    """Sessions for tests: one session, its agenda in memory."""

    def __init__(self):
        self.info = sessions.SessionInfo(
            uuid.uuid4(), 6, 6, "regular", "Kỳ họp thứ sáu", date(2026, 12, 8), "Hội trường A"
        )
        self.agenda = []
        self.numbers = count(1)

    def add(self, kind, title):
        item = sessions.Item(uuid.uuid4(), next(self.numbers), kind, title)
        self.agenda.append(item)
        return item

    def session(self, actor, number):
        return self.info

    def by_id(self, session_id):
        return self.info

    def items(self, session_id):
        return list(self.agenda)

    def session_of(self, paper):
        return self.info.id if any(paper in item.papers for item in self.agenda) else None

    def _replace(self, key, papers):
        self.agenda = [
            sessions.Item(i.id, i.order, i.kind, i.title, tuple(papers)) if i.id == key else i
            for i in self.agenda
        ]

    def attach(self, papers, *, by):
        for key, more in papers.items():
            item = next(i for i in self.agenda if i.id == key)
            self._replace(key, [*item.papers, *more])

    def detach(self, papers, *, by):
        for item in list(self.agenda):
            self._replace(item.id, [p for p in item.papers if p not in set(papers)])

    def frame(self, request, number):
        return {"base": "binder/base.html", "session": self.info}


@pytest.fixture
def door(monkeypatch):
    made = Door()
    monkeypatch.setattr(sessions, "_registered", [made])
    return made


@pytest.fixture
def batch(door, cast) -> PaperImport:
    return start_import(door.info, by=cast.clerk)


def paper_pdf(number="213/TTr-UBND", kind="TỜ TRÌNH", subject="Về phân bổ ngân sách", pages=1):
    return make_pdf(HEAD.format(number=number, kind=kind, subject=subject), pages=pages)


def zipped(files):
    """A zip of name → bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def send_in(batch, actor, data, *, name="tai-lieu.zip", folder="", look=True):
    """A file through the upload's own actions into the import, and looked at."""
    upload = papers.start_upload(
        by=actor,
        length=len(data),
        file_name=name,
        about={"into": f"binder:{batch.pk}", "folder": folder},
    )
    upload, _ = papers.receive_bytes(upload, io.BytesIO(data), offset=0, by=actor)
    outcome = papers.finish_upload(upload, by=actor)
    if look:
        jobs.run_now("binder.open")
    return outcome

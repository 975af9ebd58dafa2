"""A paper found to be a state secret is named nowhere any more, by any row of any model."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import TestCase
from django_scopes import scope, scopes_disabled

from nghitruong.council.councils import actions as councils
from nghitruong.council.councils.models import Transfer
from nghitruong.council.councils.roles import Actor
from nghitruong.council.councils.tests.factories import make_council, make_unit
from nghitruong.council.intake.models import ScannedFile
from nghitruong.council.papers import actions as papers
from nghitruong.council.papers.models import Paper
from nghitruong.council.papers.tests.samples import make_pdf
from nghitruong.lib.text import fold
from nghitruong.platform.audit import sealer
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.audit.verify import verify
from nghitruong.platform.files import store
from nghitruong.platform.live.models import Epoch
from nghitruong.session.floor import actions, journal
from nghitruong.session.floor.models import JournalEntry
from nghitruong.session.meetings import actions as agenda
from nghitruong.session.meetings import events
from nghitruong.session.meetings.models import Sitting
from nghitruong.session.minutes.models import MinutesVersion
from nghitruong.session.voting import actions as voting

OLD = "Phương án bảo vệ mục tiêu X7 năm 2026"
SUBJECT = "Phương án diễn tập Sao Băng đêm 12"
FILE = "phuong an dien tap sao bang.pdf"


def naming() -> list[str]:
    """Every place that still says it: model.field."""
    found = []
    needles = [w for s in (SUBJECT, OLD) for w in (s.lower(), fold(s))]
    needles.append(FILE.removesuffix(".pdf"))
    for model in apps.get_models():
        for row in model._base_manager.values():
            for name, value in row.items():
                text = (value if isinstance(value, str) else json.dumps(
                    value, ensure_ascii=False, default=str)).lower()  # fmt: skip
                if any(needle in text for needle in needles):
                    found.append(f"{model._meta.label}.{name}")
    return found


@pytest.fixture(autouse=True)
def var(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    settings.FILES_DIR = tmp_path / "files"
    settings.UPLOADS_DIR = tmp_path / "uploads"
    settings.SCANNER_DIR = tmp_path / "scanner"
    return tmp_path


def test_a_secret_found_later_is_named_nowhere_and_the_log_stays_whole(
    opened: Sitting, chair: Actor, clerk: Actor, council: Any, var: Path
) -> None:
    secret = var / FILE
    secret.write_bytes(make_pdf("Báo cáo"))
    version = papers.add_file(secret, by=clerk, about={"kind": "draft_resolution", "title": OLD})
    paper = version.paper
    secret.unlink()
    papers.edit_paper(paper, by=clerk, kind="draft_resolution", title=SUBJECT, number="7/PA")
    other = var / "b.pdf"
    other.write_bytes(make_pdf("Khác"))
    also = papers.add_file(
        other, by=clerk, about={"kind": "report", "title": f"Thẩm tra {SUBJECT}"}
    ).paper
    Paper.objects.filter(pk=paper.pk).update(session_id=opened.session_id)
    paper.refresh_from_db()
    item = agenda.add_item(
        opened.session, by=clerk, kind="submission", title=f"Xem xét {SUBJECT}",
        sitting=opened, papers=[paper],
    )  # fmt: skip
    papers.release_papers(
        [paper], by=clerk, late_approved_by="Chủ tịch HĐND", late_reason="Bổ sung"
    )
    events.tell(opened.session, f"Dời nội dung {SUBJECT}")
    actions.go_to_item(opened, item.pk, by=chair)
    voting.prepare_poll(item, by=chair, sitting=opened, version=version)
    journal.line(opened, "floor.note", f"Bàn về {SUBJECT.upper()}", by_name="Bình", item=item)
    minutes = []
    for number, said in enumerate((OLD, SUBJECT, "Khác"), start=1):
        word = io.BytesIO()
        with zipfile.ZipFile(word, "w") as archive:
            archive.writestr("word/document.xml", f"<w:t>{said[:9]}</w:t><w:t>{said[9:]}</w:t>")
        digest, size = store.put([word.getvalue()])
        minutes.append(digest)
        MinutesVersion.objects.create(
            council=council, sitting=opened, number=number, sha256=digest, size=size,
            made_by_name="B",
        )  # fmt: skip
    done = var / "scanner" / council.slug / "da-nhan"
    done.mkdir(parents=True)
    (done / FILE).write_bytes(make_pdf("Báo cáo"))
    ScannedFile.objects.create(council=council, file_name=FILE, paper=paper)
    with scopes_disabled():
        unit = make_unit("Xã Mậu A", code="04375", level="commune", parent=council.unit)
        below = councils.create_council(unit, by_name="kiểm thử")
    letter = councils.send_transfer(
        below, kind="document", subject=f"Gửi {SUBJECT}", by=clerk,
        payload={"text": "", "files": [{"label": f"7/PA {SUBJECT}", "sha256": version.sha256,
                 "file_name": FILE, "media_type": "application/pdf", "size": version.size}]},
    )  # fmt: skip
    sealer.seal_pending(everything=True)
    where = set(naming())
    assert {
        "audit.Entry.payload", "meetings.SessionNotice.text", "meetings.AgendaItem.title",
        "floor.JournalEntry.text", "live.Event.data", "councils.Transfer.subject",
        "councils.Transfer.payload", "intake.ScannedFile.file_name", "papers.Paper.title",
    } <= where  # fmt: skip
    epochs = Epoch.objects.count()

    with TestCase.captureOnCommitCallbacks(execute=True):
        done_with = papers.expunge_secret(paper, "secret", by=clerk)

    # Another paper that names it is a person's to look at: it may be a secret too.
    assert set(naming()) == {"papers.Paper.title", "papers.Paper.fold", "audit.Entry.payload"}
    assert (done_with.kept, done_with.alike) == (0, 1)
    assert not Entry.objects.filter(target_id=paper.pk, payload__has_key="title").exists()
    assert Epoch.objects.count() == epochs + 1
    assert not store.path_of(version.sha256).exists()
    assert [store.path_of(digest).exists() for digest in minutes] == [False, False, True]
    assert not list(done.iterdir())
    with TestCase.captureOnCommitCallbacks(execute=True):
        papers.expunge_secret(also, "secret", by=clerk)
    assert naming() == []
    stub = done_with.stub
    assert (stub.number, stub.degree) == ("7/PA", "secret")
    sealer.seal_pending(everything=True)
    for key in (council.pk, below.pk):
        report = verify(key)
        assert report.intact, report.faults
        assert report.head.position
    letter = Transfer.objects.get(pk=letter.pk)
    assert letter.payload["files"][0]["sha256"] == ""


@pytest.mark.parametrize("written", [SUBJECT.upper(), SUBJECT.title(), SUBJECT.swapcase()])
def test_capitals_hide_the_subject_from_nothing(
    opened: Sitting, clerk: Actor, var: Path, written: str
) -> None:
    secret = var / "a.pdf"
    secret.write_bytes(make_pdf("Báo cáo"))
    about = {"kind": "report", "title": SUBJECT}
    paper = papers.add_file(secret, by=clerk, about=about).paper
    agenda.add_item(
        opened.session, by=clerk, kind="submission", title=f"Xem xét {written}", sitting=opened
    )
    sealer.seal_pending(everything=True)
    assert {"audit.Entry.payload", "meetings.AgendaItem.title"} <= set(naming())
    with TestCase.captureOnCommitCallbacks(execute=True):
        papers.expunge_secret(paper, "secret", by=clerk)
    assert naming() == []
    assert verify(opened.council_id).intact


def test_a_line_of_the_journal_can_be_erased_and_never_rewritten(opened: Sitting) -> None:
    line = journal.line(opened, "floor.note", "Bàn việc", by_name="Bình")
    mine = JournalEntry.objects.filter(pk=line.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        mine.update(text="Bàn việc khác")
    with pytest.raises(IntegrityError), transaction.atomic():
        mine.update(data={"x": 1})
    from nghitruong.council.papers.models import ERASED_TITLE

    mine.update(text=ERASED_TITLE, data={})
    with pytest.raises(IntegrityError), transaction.atomic():
        mine.update(text="Bàn việc")


def test_a_common_short_title_is_not_hunted_and_other_councils_rows_are_left(
    council: Any, clerk: Actor, var: Path
) -> None:
    short = var / "a.pdf"
    short.write_bytes(make_pdf("Báo cáo"))
    paper = papers.add_file(short, by=clerk, about={"kind": "report", "title": "Báo cáo"}).paper
    with scopes_disabled():
        far = make_council("Tỉnh Lai Châu", code="12")
    with scope(council=far.pk):
        theirs = papers.add_file(
            short, by=Actor.system(far), about={"kind": "report", "title": "Báo cáo"}
        )
    before = Entry._base_manager.filter(council_id=far.pk, erased_at__isnull=True).count()
    with TestCase.captureOnCommitCallbacks(execute=True):
        papers.expunge_secret(paper, "secret", by=clerk)
    assert Entry._base_manager.filter(council_id=far.pk, erased_at__isnull=True).count() == before
    assert store.path_of(theirs.sha256).exists()

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from docx import Document

from nghitruong.platform.files import store
from nghitruong.session.floor.models import JournalEntry, Speech
from nghitruong.session.meetings.models import RollEntry
from nghitruong.session.voting import actions
from nghitruong.session.voting.tests.conftest import *  # noqa: F403  # the hall and its polls


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def sat(hall, poll, cast, chair, cuc, dung):
    """A sitting with one absent delegate, one speech, one announced and one annulled poll."""
    RollEntry.objects.filter(person_id=dung.id).update(
        presence="excused", reason="đi công tác nước ngoài"
    )
    JournalEntry.objects.create(
        council_id=hall.council_id,
        sitting=hall,
        at=hall.opened_at,
        kind="floor.open_sitting",
        text="Bắt đầu phiên họp, Nguyễn Văn An chủ tọa; có mặt 14/15 đại biểu.",
        by_name=chair.name,
    )
    begun = timezone.now()
    Speech.objects.create(
        council_id=hall.council_id,
        sitting=hall,
        item=hall.items.get(order=0),
        person=cuc.person,
        name=cuc.name,
        title="Đại biểu Tổ số 1",
        limit_seconds=180,
        started_at=begun,
        ended_at=begun + timedelta(minutes=3),
    )
    again = actions.annul_poll(poll, by=chair, reason="nhầm bản dự thảo", repeat=True)
    again = actions.open_poll(again, by=chair)
    cast(again, "yes", 9)
    cast(again, "no", 2)
    actions.publish_poll(actions.close_poll(again, by=chair), by=chair)
    hall.state = "closed"
    hall.closed_at = timezone.now()
    hall.presiding = chair.person
    hall.save()
    return hall


def text_of(version):
    with store.open_file(version.sha256) as file:
        document = Document(io.BytesIO(file.read()))
    parts = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        parts += [cell.text for row in table.rows for cell in row.cells]
    return document, "\n".join(parts)

"""A session before it sits: its plan, its lists, its summons."""

from __future__ import annotations

from django.utils import timezone

from nghitruong.council.councils.models import ImportBatch
from nghitruong.session.meetings.models import PlanTask, Summons, SummonsKind
from tests.permissions.world.ground import Ground, Keys


def rows(ground: Ground) -> Keys:
    """The delegate is summoned; the agenda was written from a list."""
    council, delegate, session = ground.council, ground.delegate, ground.session
    task = PlanTask.objects.create(council=council, session=session, key="t", title="Việc")
    summons = Summons.objects.create(
        council=council,
        session=session,
        kind=SummonsKind.SUMMONS,
        number=ground.number,
        person=delegate,
        name=delegate.full_name,
        issued_at=timezone.now(),
    )
    listed = ImportBatch.objects.create(
        council=council,
        file_name="b.xlsx",
        created_by_name="Trần Thị Bình",
        made={"session": [str(session.pk)], "list": ["meetings:agenda"]},
    )
    return {
        ("", "number"): session.number,
        ("", "session"): session,
        ("", "item"): ground.item.pk,
        ("", "task"): task.pk,
        ("", "summons"): summons.pk,
        ("meetings", "batch"): listed.pk,
        ("meetings", "what"): "chuong-trinh",
    }

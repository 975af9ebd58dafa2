"""«Việc hôm nay» on the way of a paper: each stop shows it to its own person and to nobody else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from nghitruong.config.demo.people import Built
from nghitruong.config.today import Urgency, tasks_for
from nghitruong.council.councils.models import Duty, Function, Organization
from nghitruong.council.papers.models import Paper
from nghitruong.session.submissions.models import Ask, AskStep
from nghitruong.session.submissions.telling import whose_turn
from tests.support.cast import actor

BUTTONS = {
    "giang": "Tải lên, gửi", "lam": "Xem, chuyển", "binh": "Kiểm tra", "minh": "Xem, cho lưu hành",
}  # fmt: skip
STOPS = {"preparing": "giang", "forwarding": "lam", "checking": "binh", "cleared": "minh"}


@pytest.fixture
def ask(province: Built, session: Any, monkeypatch: pytest.MonkeyPatch) -> Ask:
    monkeypatch.setattr(timezone, "localdate", lambda *_a, **_m: date(2026, 11, 2))
    paper = Paper.objects.create(
        council=session.council, kind="report", title="Báo cáo", fold="bao cao"
    )
    return Ask.objects.create(
        council=session.council,
        session=session,
        body=Organization.objects.get(code="SXD"),
        kind="report",
        title="Báo cáo",
        fold="bao cao",
        forwarded=True,
        paper=paper,
    )


def shown(province: Built, ask: Ask) -> dict[str, Urgency]:
    found = {}
    for name in (*BUTTONS, "an", "cuc", "sang", "khai"):
        for task in tasks_for(actor(province, name), list(Function)):
            if task.button in BUTTONS.values() and "Báo cáo" in task.title:
                found[name] = task.urgency
    return found


def test_each_stop_stands_with_its_own_person(province: Built, ask: Ask) -> None:
    for state, who in STOPS.items():
        Ask.objects.filter(pk=ask.pk).update(state=state)
        assert set(shown(province, ask)) == {who}, state
    Paper.objects.filter(pk=ask.paper_id).update(released_at=timezone.now(), state="released")
    assert shown(province, ask) == {}


def test_without_anybody_on_duty_no_paper_is_forgotten(province: Built, ask: Ask) -> None:
    Duty.objects.filter(kind__in=["forwarder", "office_head"]).delete()
    for state, who in {"forwarding": "binh", "cleared": "an"}.items():
        Ask.objects.filter(pk=ask.pk).update(state=state)
        assert set(shown(province, ask)) == {who}
        told = whose_turn(state, date(2026, 11, 2))
        assert province.people[who] in told


def test_far_soon_late_and_returned(
    province: Built, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Due Monday 23/11/2026: opening on Tuesday 08/12."""
    seen = {}
    for day in (2, 18, 23, 24):
        monkeypatch.setattr(timezone, "localdate", lambda *_a, d=day, **_m: date(2026, 11, d))
        seen[day] = shown(province, ask)["giang"]
    assert seen == {
        2: Urgency.WHEN_POSSIBLE, 18: Urgency.SOON, 23: Urgency.TODAY, 24: Urgency.TODAY,
    }  # fmt: skip
    monkeypatch.setattr(timezone, "localdate", lambda *_a, **_m: date(2026, 11, 2))
    AskStep.objects.create(
        council=ask.council, ask=ask, kind="return", state="preparing", reason="Thiếu phụ lục"
    )
    tasks = tasks_for(actor(province, "giang"), list(Function))
    (task,) = [task for task in tasks if task.button == BUTTONS["giang"]]
    assert task.urgency == Urgency.TODAY
    assert "bị trả lại: Thiếu phụ lục" in task.text

"""Each person is reminded once at each step of the day a paper is due on."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone

from nghitruong.platform.jobs import api as jobs
from nghitruong.platform.jobs import sweeper
from nghitruong.platform.notices.models import Message, Recipient
from nghitruong.session.submissions import actions, reminders
from nghitruong.session.submissions.models import Reminder
from nghitruong.session.submissions.tests.conftest import upload


@pytest.fixture
def on(monkeypatch):
    """Make it another day."""

    def set_day(day):
        monkeypatch.setattr(timezone, "localdate", lambda *_args, **_more: day)

    return set_day


def sweep():
    sweeper.ask_apps()
    return jobs.run_now(reminders.JOB)


def reminded() -> Counter[tuple[str, str]]:
    return Counter(Message.objects.filter(kind="submissions.remind").values_list("subject", "key"))


# Opening Tuesday 08/12/2026: papers by Monday 23/11; three days before it is Friday 20/11.
DUE = date(2026, 11, 23)


def test_before_on_the_day_and_overdue_each_once(asked, session, people, on):
    session.expected_opening = date(2026, 12, 8)
    session.save(update_fields=["expected_opening"])
    seen = []
    for day in ("2026-11-19", "2026-11-20", "2026-11-21", "2026-11-23", "2026-11-24", "2026-11-30"):
        on(date.fromisoformat(day))
        for _again in range(2):
            sweep()
        seen.append([r.step for r in Reminder.objects.order_by("pk")])
    assert seen == [
        [],
        ["before"],
        ["before"],
        ["before", "day"],
        ["before", "day", "overdue"],
        ["before", "day", "overdue"],
    ]
    assert set(Reminder.objects.values_list("person", "due")) == {(people.director.person_id, DUE)}
    told = Recipient.objects.filter(message__kind="submissions.remind")
    assert [row.message.subject.split(":")[0] for row in told.order_by("pk")] == [
        "Sắp đến hạn gửi tài liệu",
        "Hôm nay là hạn gửi tài liệu",
        "Đã quá hạn gửi tài liệu",
    ]
    assert "Điều 12(1)" in told[0].message.text
    assert told[0].message.outside == session.title  # nothing of the paper leaves the system


def test_a_moved_opening_reminds_anew_and_only_whose_turn_it_is(asked, session, people, on):
    session.expected_opening = date(2026, 12, 8)
    session.save(update_fields=["expected_opening"])
    on(DUE + timedelta(days=2))
    sweep()
    upload(asked, people.director)
    actions.pass_on(asked, by=people.director)
    sweep()  # now it lies at the Office of the People's Committee
    assert set(Reminder.objects.values_list("person", flat=True)) == {
        people.director.person_id, people.forwarder.person_id,
    }  # fmt: skip
    actions.pass_on(asked, by=people.forwarder)
    session.expected_opening = date(2026, 12, 10)
    session.save(update_fields=["expected_opening"])
    sweep()
    assert Reminder.objects.count() == 2  # it is at the office: nobody outside is late any more
    actions.return_ask(asked, reason="Thiếu phụ lục", by=people.clerk)
    sweep()  # due 25/11 now: the day itself
    assert [r.step for r in Reminder.objects.order_by("pk")] == ["overdue", "overdue", "day"]


def test_the_sweep_costs_the_same_for_many(
    asked, session, people, council, django_assert_max_num_queries
):
    body = asked.body
    actions.ask_papers(
        session,
        [actions.Wanted(body=body, kind="report", title=f"Báo cáo {n}") for n in range(20)],
        by=people.clerk,
    )
    day = session.expected_opening
    with django_assert_max_num_queries(6):
        left = reminders.untold(council, day)
    assert len(left) == 21

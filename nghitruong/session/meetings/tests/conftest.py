from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from nghitruong.council.papers.tests.conftest import *  # noqa: F403  # its fixtures
from nghitruong.session.meetings import actions

OPENING = date(2026, 12, 8)


@pytest.fixture
def session(cast):
    """The year-end session of the walkthrough, opening on Tuesday 08/12/2026."""
    return actions.create_session(
        by=cast.clerk, number=6, kind="regular", expected_opening=OPENING, place="Hội trường A"
    )


@pytest.fixture
def sitting(session, cast):
    return actions.add_sitting(
        session,
        by=cast.clerk,
        kind="opening",
        starts_at=at(8),
        ends_at=at(10),
    )


def at(hour, minute=0, day=OPENING):
    moment = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001  # made aware below
    return timezone.make_aware(moment)

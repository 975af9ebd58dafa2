"""The planner's figures: taken once, again only when a table has changed much."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from nghitruong.platform.storage.statistics import refresh_statistics

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def sign_in(count: int, name: str) -> None:
    Session.objects.bulk_create(
        Session(session_key=f"{name}{n}", session_data="", expire_date=timezone.now())
        for n in range(count)
    )


def test_a_table_is_looked_at_when_new_and_when_it_has_grown_much() -> None:
    sign_in(100, "a")
    assert "django_session" in refresh_statistics()
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'django_session'")
        assert any(stat.split()[0] == "100" for (stat,) in cursor.fetchall())
    assert refresh_statistics() == []
    sign_in(50, "b")
    assert refresh_statistics() == []
    sign_in(400, "c")
    assert refresh_statistics() == ["django_session"]

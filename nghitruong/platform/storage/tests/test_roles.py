"""In production the program runs as a role that cannot take the guards away."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from nghitruong.platform.storage.guards import declared

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[4]


def test_the_programs_role_works_but_cannot_touch_the_guards() -> None:
    options = connection.settings_dict
    where = {"host": options["HOST"], "port": options["PORT"], "dbname": options["NAME"]}
    psql = shutil.which("psql")
    assert psql is not None
    script = ROOT / "deploy" / "postgresql-roles.sql"
    for _ in range(2):  # running it again changes nothing
        subprocess.run(
            [psql, "-q", "-v", "ON_ERROR_STOP=1", "-f", str(script)],
            env={
                "PGHOST": str(where["host"]),
                "PGPORT": str(where["port"]),
                "PGUSER": str(options["USER"]),
                "PGDATABASE": str(where["dbname"]),
            },
            check=True,
            capture_output=True,
        )
    assert declared(), "some record is guarded"
    table = declared()[0].table
    with psycopg.connect(**where, user="nghitruong_app", autocommit=True) as app:  # type: ignore[arg-type]
        app.execute("SELECT count(*) FROM live_epoch")
        app.execute("INSERT INTO live_epoch (id, started_at) VALUES (gen_random_uuid(), now())")
        trigger = app.execute(
            "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE c.relname = %s AND t.tgname LIKE 'guard_%%'",
            [table],
        ).fetchone()
        assert trigger is not None
        for statement in (
            f'TRUNCATE "{table}" CASCADE',
            f'DROP TRIGGER "{trigger[0]}" ON "{table}"',
            f'ALTER TABLE "{table}" DISABLE TRIGGER ALL',
            f'DROP TABLE "{table}" CASCADE',
            "DROP FUNCTION nghitruong_refuse() CASCADE",
            "SET session_replication_role = replica",
            "CREATE TABLE mine (id int)",
            "DELETE FROM django_migrations",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)  # type: ignore[call-overload]

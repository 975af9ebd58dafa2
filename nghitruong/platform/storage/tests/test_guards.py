"""Rows of the record cannot be changed, whatever program tries, and a migration does not end it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps

from nghitruong.platform.storage import guards
from nghitruong.platform.storage.guards import (
    append_only,
    assert_guards,
    declared,
    install_guards,
    missing_guards,
    remove_guards,
)
from tests.support.database import template_name

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def entry(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> type[models.Model]:
    """A guarded table of one fixed column and one that may be erased."""
    monkeypatch.setattr(guards, "_guards", dict(guards._guards))
    with isolate_apps("nghitruong.platform.storage"):

        class Entry(models.Model):  # noqa: DJ008
            what = models.CharField(max_length=20, null=True)
            body = models.CharField(max_length=20, null=True)

            class Meta:
                app_label = "storage"

    with connection.schema_editor() as editor:
        editor.create_model(Entry)
    append_only(Entry, allow_update_of={"body"})
    install_guards()
    return Entry


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError as error:
        assert guards.REFUSAL in str(error)  # noqa: PT017
        return True
    return False


def test_a_fixed_column_cannot_be_changed(entry: type[models.Model]) -> None:
    entry.objects.create(what="a", body="b")
    assert refused("UPDATE storage_entry SET what = 'x'")
    assert refused("UPDATE storage_entry SET what = NULL")
    assert refused("UPDATE storage_entry SET body = 'y', what = 'x'")
    assert entry.objects.get().what == "a"


def test_a_column_that_was_null_cannot_be_filled(entry: type[models.Model]) -> None:
    entry.objects.create(what=None)
    assert refused("UPDATE storage_entry SET what = 'x'")


def test_a_named_column_may_be_changed(entry: type[models.Model]) -> None:
    entry.objects.create(what="a", body="b")
    assert not refused("UPDATE storage_entry SET body = NULL")
    assert entry.objects.get().body is None


def test_no_row_can_be_deleted(entry: type[models.Model]) -> None:
    row = entry.objects.create(what="a")
    with pytest.raises(IntegrityError, match=guards.REFUSAL):
        row.delete()
    assert refused("DELETE FROM storage_entry")
    assert entry.objects.count() == 1


@pytest.mark.postgresql
def test_a_table_cannot_be_emptied(entry: type[models.Model]) -> None:
    entry.objects.create(what="a")
    assert refused("TRUNCATE storage_entry")


@pytest.mark.postgresql
def test_a_guard_switched_off_is_noticed(entry: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE storage_entry DISABLE TRIGGER USER")
    assert missing_guards() == ["storage_entry"]


def test_a_guard_that_went_missing_is_named_and_comes_back(entry: type[models.Model]) -> None:
    assert_guards()
    remove_guards()
    with pytest.raises(ImproperlyConfigured, match="storage_entry"):
        assert_guards()
    install_guards()
    assert_guards()
    entry.objects.create(what="a")
    assert refused("DELETE FROM storage_entry")


def test_a_guard_of_an_older_form_is_replaced(entry: type[models.Model]) -> None:
    append_only(entry, allow_update_of=())
    assert missing_guards() == ["storage_entry"]
    install_guards()
    assert_guards()
    entry.objects.create(what="a", body="b")
    assert refused("UPDATE storage_entry SET body = NULL")


def test_a_field_that_does_not_exist_is_refused(entry: type[models.Model]) -> None:
    append_only(entry, allow_update_of={"bdoy"})
    with pytest.raises(ImproperlyConfigured, match="bdoy"):
        install_guards()


@pytest.mark.django_db
def test_every_declared_guard_is_in_the_migrated_database() -> None:
    assert missing_guards() == []
    assert all(guard.table for guard in declared())


MODELS = """
from django.db import models
from nghitruong.platform.storage.guards import append_only

class Record(models.Model):
    what = models.CharField(max_length=20)
    {second}
    class Meta:
        app_label = "guarded"

append_only(Record)
"""
FIRST = """
from django.db import migrations, models
class Migration(migrations.Migration):
    initial = True
    operations = [migrations.CreateModel("Record", [
        ("id", models.BigAutoField(primary_key=True)),
        ("what", models.CharField(max_length=20)),
        ("gone", models.CharField(max_length=20, default="")),
    ])]
"""
SECOND = """
from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("guarded", "0001_initial")]
    operations = [
        migrations.RemoveField("record", "gone"),
        migrations.AlterField("record", "what", models.TextField()),
        migrations.AddField("record", "added", models.IntegerField(null=True)),
        migrations.AddConstraint("record", models.CheckConstraint(
            condition=models.Q(added__gte=0), name="added_not_negative")),
    ]
"""
TRY = """
from django.db import connection, IntegrityError
from nghitruong.platform.storage.guards import assert_guards
assert_guards()
with connection.cursor() as cursor:
    cursor.execute("INSERT INTO guarded_record (what, gone) VALUES ('a', 'b')" if {gone}
                   else "INSERT INTO guarded_record (what, added) VALUES ('a', 1)")
for statement in ("UPDATE guarded_record SET what = 'x'", "DELETE FROM guarded_record"):
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError:
        pass
    else:
        raise SystemExit("not refused: " + statement)
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM guarded_record")
    print("rows", cursor.fetchone()[0])
"""


@pytest.mark.django_db(transaction=True)
def test_the_guard_survives_migrations_that_rebuild_its_table(tmp_path: Path) -> None:
    app = tmp_path / "guarded"
    (app / "migrations").mkdir(parents=True)
    (app / "__init__.py").touch()
    (app / "migrations" / "__init__.py").touch()
    (tmp_path / "more_settings.py").write_text(
        "from nghitruong.config.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'guarded']\n"
    )
    name = str(connection.settings_dict["NAME"])
    url = os.environ.get("DATABASE_URL", "")
    if connection.vendor == "sqlite":
        url = f"sqlite:///{tmp_path / 'guarded.sqlite3'}"
        shutil.copy(template_name(), tmp_path / "guarded.sqlite3")
    else:
        url = url.rsplit("/", 1)[0] + "/" + name  # this test's own copy, put back afterwards
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "more_settings",
        "PYTHONPATH": f"{tmp_path}:{ROOT}",
        "NGHITRUONG_VAR": str(tmp_path),
    }

    def django(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "django", *arguments],
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    (app / "models.py").write_text(
        MODELS.format(second="gone = models.CharField(max_length=20, default='')")
    )
    (app / "migrations" / "0001_initial.py").write_text(FIRST)
    django("migrate", "-v0")
    assert "rows 1" in django("shell", "--no-imports", "-c", TRY.format(gone=True))
    (app / "models.py").write_text(MODELS.format(second="added = models.IntegerField(null=True)"))
    (app / "migrations" / "0002_rebuild.py").write_text(SECOND)
    django("migrate", "-v0")
    assert "rows 2" in django("shell", "--no-imports", "-c", TRY.format(gone=False))

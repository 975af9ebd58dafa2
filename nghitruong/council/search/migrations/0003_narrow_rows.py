"""Rows without their texts, so that choosing among them reads little; a short list of words not yet
sorted into the index, because every search reads the whole of it."""

from django.db import migrations

NARROW = """
ALTER TABLE search_passage SET (toast_tuple_target = 128);
ALTER INDEX search_passage_words SET (gin_pending_list_limit = 256);
ALTER INDEX search_passage_head SET (gin_pending_list_limit = 256);
ALTER INDEX search_passage_own SET (gin_pending_list_limit = 256);
"""
WIDE = """
ALTER TABLE search_passage RESET (toast_tuple_target);
ALTER INDEX search_passage_words RESET (gin_pending_list_limit);
ALTER INDEX search_passage_head RESET (gin_pending_list_limit);
ALTER INDEX search_passage_own RESET (gin_pending_list_limit);
"""


def narrow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(NARROW)


def widen(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(WIDE)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_postgresql")]
    operations = [migrations.RunPython(narrow, widen)]

"""The table of the PostgreSQL engine; on SQLite the index is a folder and there is no table."""

from django.db import migrations

CREATE = """
CREATE TABLE search_passage (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL,
    source text NOT NULL,
    object uuid NOT NULL,
    part integer NOT NULL,
    version text NOT NULL,
    council text NOT NULL,
    kind text NOT NULL,
    issuer text NOT NULL,
    issuer_fold text NOT NULL,
    year text NOT NULL,
    session text NOT NULL,
    number text NOT NULL,
    own text[] NOT NULL,
    article text NOT NULL,
    place text NOT NULL,
    title text NOT NULL,
    heading text NOT NULL,
    body text NOT NULL,
    words tsvector NOT NULL,
    head tsvector NOT NULL
);
CREATE INDEX search_passage_key ON search_passage (key);
CREATE INDEX search_passage_article ON search_passage (article) WHERE article <> '';
CREATE INDEX search_passage_own ON search_passage USING gin (own);
CREATE INDEX search_passage_words ON search_passage USING gin (words);
CREATE INDEX search_passage_head ON search_passage USING gin (head);
ALTER TABLE search_passage ALTER COLUMN words SET STATISTICS 500;
ALTER TABLE search_passage ALTER COLUMN head SET STATISTICS 10;
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TABLE search_passage")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]

"""What SQLite's planner knows of the tables' sizes; PostgreSQL looks by itself (autovacuum).

Without it SQLite takes any index on the council's key to find few rows, although in most
installations it finds them all: a list of 20,000 lines is then sorted to show fifty. The figures
are read when a connection opens, so ``serve`` refreshes them before its processes start.

Source: https://www.sqlite.org/lang_analyze.html.
"""

from __future__ import annotations

from django.db import connection

ROWS_LOOKED_AT = 1000  # of each index: milliseconds, whatever the size of the table
TIMES = 3  # a table is looked at again when it has grown, or shrunk, so many times


def refresh_statistics() -> list[str]:
    """Analyse the tables of which nothing is known or that have changed much; their names."""
    if connection.vendor != "sqlite":
        return []
    done = []
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={ROWS_LOOKED_AT}")
        tables = connection.introspection.table_names(cursor)
        known: dict[str, list[int]] = {}
        if "sqlite_stat1" in tables:
            # One figure per index, each a guess: a partial index tells less than all.
            cursor.execute("SELECT tbl, stat FROM sqlite_stat1")
            for table, stat in cursor.fetchall():
                known.setdefault(table, []).append(int(str(stat).split()[0]))
        for table in sorted(tables):
            if table.startswith("sqlite_"):
                continue
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT MAX(rowid) FROM {quoted}")  # noqa: S608  # a name of our own
            rows = cursor.fetchone()[0] or 0
            near = (before / TIMES <= rows <= before * TIMES for before in known.get(table, []))
            if rows and not any(near):
                cursor.execute(f"ANALYZE {quoted}")
                done.append(table)
    return done

"""One box that finds papers, laws, resolutions, agenda items and speeches.

An engine (tantivy beside SQLite, PostgreSQL itself beside PostgreSQL) proposes passages; the main
database decides which of them this person may open, at the moment of the question. The index is
never the truth: it can be thrown away and is made again from the rows. Accents are optional
everywhere: text is indexed folded and as written, and exact accents rank first.

The library of laws is reference for the whole installation, each text with its source; it is not
the law in force (L63/2025 makes the Công báo and the national database of laws authoritative).
"""

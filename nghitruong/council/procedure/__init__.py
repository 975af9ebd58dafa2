"""Rule profiles: every number of the law as data with its article, unit and direction.

A profile (``vn-2026-province``, ``vn-2026-commune``) is resolved with the council's overrides at a
date; the resolved profile is frozen on each session, because activities follow the rules under
which they began (L121/2025 Đ45). Deadlines are civil dates computed with an editable calendar of
days off; "not later than N days before" rolls back over them.
"""

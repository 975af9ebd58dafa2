"""Named polls: prepared on one version of a text, opened, cast, closed, counted, published.

A resolution needs more than half of the total number of delegates, the recall of a delegate two
thirds (L72/2025 Đ35, Đ38). Votes change until the close; the count, the three bases (seats by law,
in office, present), the rule with its article and the SHA-256 of the text are frozen at the close.
Before the announcement the chair may annul and vote again; after it nothing changes. A closed poll
exports a file from which anybody recomputes the result.
"""

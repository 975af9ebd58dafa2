"""Every act that any action records has its words on the page of the log."""

from __future__ import annotations

import ast
from pathlib import Path

from nghitruong.config.audit_labels import LABELS

PACKAGE = Path(__file__).parents[2]


def recorded() -> set[str]:
    """First arguments of ``record``, ``audit.record``, ``build``… that look like ``app.verb``."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if not {"tests", "migrations"}.isdisjoint(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if "record" not in name and "build" not in name and "audit" not in name:
                continue
            for part in ast.walk(node.args[0]):
                if (
                    isinstance(part, ast.Constant)
                    and isinstance(part.value, str)
                    and part.value.replace("_", "").replace(".", "", 1).isalpha()
                    and part.value.count(".") == 1
                ):
                    found.add(part.value)
    return {act for act in found if not act.endswith(".")}  # the f-string of voting's steps


def test_every_recorded_act_has_words() -> None:
    assert recorded() - set(LABELS) == set(), "thêm vào nghitruong/config/audit_labels.py"

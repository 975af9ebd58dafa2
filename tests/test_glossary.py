"""The glossary is true: every model's Vietnamese name stands in docs/glossary.md."""

import re
from pathlib import Path

from django.apps import apps

ROWS = re.compile(r"^\| (?P<name>[^|]+?) \| `(?P<model>\w+\.\w+)` \|", re.MULTILINE)
TEXT = (Path(__file__).parents[1] / "docs" / "glossary.md").read_text()


def test_every_model_has_its_row_with_its_own_verbose_name():
    written = {row["model"]: row["name"] for row in ROWS.finditer(TEXT)}
    actual = {
        f"{model._meta.app_label}.{model.__name__}": str(model._meta.verbose_name)
        for model in apps.get_models()
        if model.__module__.startswith("nghitruong.")
    }
    assert written == actual


def test_a_word_has_one_meaning():
    words = [line.split("|")[1].strip() for line in TEXT.splitlines() if line.startswith("| ")]
    model_part = TEXT.index("## Bảng dữ liệu")
    concepts = [
        line.split("|")[1].strip()
        for line in TEXT[:model_part].splitlines()
        if line.startswith("| ") and "---" not in line
    ]
    assert len(concepts) == len(set(concepts))
    assert len(words) > 100

"""Rewrites the table of models at the end of docs/glossary.md: ``python docs/make/glossary.py``.

Sources already written beside a row are kept; a new model gets an empty one to be filled by hand.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEADING = "## Bảng dữ liệu"
ROW = re.compile(r"^\| [^|]+ \| `(?P<model>\w+\.\w+)` \| (?P<source>[^|]*?) \|$", re.MULTILINE)


def main() -> None:
    """Write the file."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nghitruong.config.settings")
    import django

    django.setup()
    from django.apps import apps

    path = ROOT / "docs" / "glossary.md"
    text = path.read_text()
    sources = {row["model"]: row["source"] for row in ROW.finditer(text)}
    lines = [
        text.split(HEADING)[0].rstrip(),
        "",
        HEADING,
        "",
        "| Tiếng Việt | Mô hình | Căn cứ |",
        "|---|---|---|",
    ]
    for model in apps.get_models():
        if model.__module__.startswith("nghitruong."):
            name = f"{model._meta.app_label}.{model.__name__}"
            lines.append(f"| {model._meta.verbose_name} | `{name}` | {sources.get(name, '—')} |")
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

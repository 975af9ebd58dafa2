"""Reads the demo's papers as an installation would: ``python docs/make/demo_reading.py`` (by hand;
needs LibreOffice and Tesseract with Vietnamese; ``--all`` takes some ten minutes of OCR).

Writes ``nghitruong/config/demo/data/read.zip``, which is kept in the repository so that a
stranger's demo is ready at once. What it holds of a file that did not change is kept, unless all is
read anew.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import zipfile
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nghitruong.config.settings")

import django

django.setup()

from nghitruong.config.demo.prepared import PREPARED, pack  # noqa: E402  # after django.setup()
from nghitruong.config.demo.session import PAPERS  # noqa: E402
from nghitruong.council.intake.pipeline.run import process  # noqa: E402


def main() -> None:
    """Every file, in the order of names."""
    known: dict[str, list[tuple[zipfile.ZipInfo, bytes]]] = {}
    if "--all" not in sys.argv and PREPARED.exists():
        with zipfile.ZipFile(PREPARED) as archive:
            for info in archive.infolist():
                known.setdefault(info.filename.partition("/")[0], []).append(
                    (info, archive.read(info))
                )
    with zipfile.ZipFile(PREPARED, "w") as archive:
        for path in sorted(PAPERS.iterdir()):
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            if sha256 in known:
                for info, data in known[sha256]:
                    archive.writestr(info, data)
                print(f"{path.name}: như cũ", flush=True)
                continue
            with tempfile.TemporaryDirectory() as folder:
                report = process(path, Path(folder), name=path.name)
                pack(archive, sha256, report, Path(folder))
            print(f"{path.name}: {report.pages} trang, {report.seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()

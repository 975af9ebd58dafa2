"""Every dependency is explained, locked and free of a registry's address."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def declared() -> set[str]:
    names: set[str] = set()
    for file in ("requirements.in", "requirements-dev.in"):
        for line in (ROOT / file).read_text().splitlines():
            if match := re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line):
                names.add(match.group().lower())
    package = json.loads((ROOT / "package.json").read_text())
    return names | set(package.get("dependencies", {})) | set(package.get("devDependencies", {}))


def rows() -> dict[str, list[str]]:
    found = {}
    for line in (ROOT / "docs" / "dependencies.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 5 and cells[0] not in {"thư viện", "---"}:
            found[cells[0]] = cells
    return found


def test_every_dependency_has_its_row_and_every_row_its_dependency() -> None:
    assert set(rows()) == declared()


def test_no_row_is_half_written() -> None:
    assert not [name for name, cells in rows().items() if not all(cells)]


def test_everything_is_locked_with_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text()
    locked = dict.fromkeys(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", text, re.MULTILINE))
    python = {name for name in declared() if not name.startswith("@")}
    package = json.loads((ROOT / "package.json").read_text())
    npm = set(package.get("dependencies", {})) | set(package.get("devDependencies", {}))
    assert python - npm - set(locked) == set()
    blocks = re.split(r"^(?=[a-z0-9][a-z0-9._-]*==)", text, flags=re.MULTILINE)
    assert not [block.split()[0] for block in blocks if "==" in block and "--hash=" not in block]
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    unhashed = {name for name, entry in packages.items() if name and not entry.get("integrity")}
    # Our own empty stand-in (nghitruong/ui/no-canvas) comes with the repository, not from outside.
    assert unhashed == {STAND_IN, STAND_IN_FOLDER}


# How npm writes down the stand-in for pdfjs-dist's canvas: a link, and the folder it thinks it in.
STAND_IN = "node_modules/@napi-rs/canvas"
STAND_IN_FOLDER = "node_modules/pdfjs-dist/nghitruong/ui/no-canvas"


def test_the_locks_name_no_registry() -> None:
    text = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"--(extra-)?index-url", text)
    text = (ROOT / "package-lock.json").read_text()
    assert re.findall(r"\"resolved\": \"([^\"]*)\"", text) == [STAND_IN_FOLDER]


def test_npm_versions_are_exact() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    for version in {**package["dependencies"], **package["devDependencies"]}.values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), version

"""Reading pictures of pages with Tesseract, in Vietnamese."""

from __future__ import annotations

import csv
import functools
import re
import shutil
import subprocess
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from nghitruong.council.intake.pipeline.syllables import look
from nghitruong.lib.text import nfc
from nghitruong.platform.jobs import apart

PAGE_SECONDS = 120.0
POOR = 45  # mean confidence below which the page may be turned the wrong way
KEPT_WORD = 20  # words the engine itself hardly believes are dirt on the glass


@functools.cache
def available() -> bool:
    """Whether Tesseract is here and knows Vietnamese."""
    if shutil.which("tesseract") is None:
        return False
    try:
        listed = subprocess.run(
            ["tesseract", "--list-langs"],
            env=apart.surroundings(),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return "vie" in listed.stdout.split()


@dataclass(frozen=True)
class Reading:
    """A page as read: text with its lines, mean confidence 0–100, degrees it was turned by, and the
    one-page PDF of invisible words for laying under the picture (None when not asked for)."""

    text: str
    confidence: int
    turned: int = 0
    layer: Path | None = None


_ENVIRONMENT = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}


def _tesseract(picture: Path, out: Path, *options: str, outputs: tuple[str, ...]) -> bool:
    done = apart.run(
        ["tesseract", str(picture), str(out), "-l", "vie", "--oem", "1", *options, *outputs],
        seconds=PAGE_SECONDS,
        memory_mb=3072,
        environment=_ENVIRONMENT,
    )
    return done.ok


def read(picture: Path, *, layer: bool = True) -> Reading | None:
    """The words of one picture; None when the engine fails. Turned pages are read upright."""
    out = picture.with_suffix("")
    options = ["--psm", "3", "-c", "textonly_pdf=1"]
    outputs = ("tsv", "pdf") if layer else ("tsv",)
    if not _tesseract(picture, out, *options, outputs=outputs):
        return None
    text, confidence, words = _from_tsv(out.with_suffix(".tsv"))
    if (confidence < POOR or look(text).good < 0.5) and words:
        turned = _upright(picture)
        if turned:
            again = read(turned[0], layer=layer)
            if again is not None and again.confidence > confidence + 10:
                return Reading(again.text, again.confidence, turned[1], again.layer)
    return Reading(text, confidence, 0, out.with_suffix(".pdf") if layer else None)


def read_apart(picture: Path, *, turned: int = 0) -> str | None:
    """The words of stamps and small pictures standing here and there on an empty page, each on a
    line of its own; None when the engine fails. ``turned``: by how much the page itself was."""
    from PIL import Image

    if turned:
        with Image.open(picture) as image:
            upright = image.rotate(-turned, expand=True)
            upright.save(picture, dpi=image.info.get("dpi", (300, 300)))
    out = picture.with_suffix("")
    said = []
    for mode in ("11", "6"):  # scattered words; then lines, for a frame drawn close about a word
        if not _tesseract(picture, out, "--psm", mode, outputs=("tsv",)):
            return None
        said.append(_from_tsv(out.with_suffix(".tsv"))[0])
    return "\n".join(said)


def _upright(picture: Path) -> tuple[Path, int] | None:
    """The picture turned upright, by the engine's own guess; None when it stands right."""
    from PIL import Image

    done = apart.run(
        ["tesseract", str(picture), "stdout", "--psm", "0"],
        seconds=60,
        memory_mb=2048,
        environment=_ENVIRONMENT,
    )
    found = re.search(r"Rotate: (\d+)", done.output)
    degrees = int(found.group(1)) if found else 0
    if degrees not in {90, 180, 270}:
        return None
    target = picture.with_name(f"{picture.stem}-upright.png")
    with Image.open(picture) as image:
        image.rotate(-degrees, expand=True).save(target, dpi=image.info.get("dpi", (300, 300)))
    return target, degrees


def _from_tsv(path: Path) -> tuple[str, int, int]:
    """(text, mean confidence, words): lines as printed, an empty line between paragraphs."""
    lines: list[str] = []
    words: list[str] = []
    weights, total = 0, 0.0
    at: tuple[str, ...] = ()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["level"] != "5":
                continue
            word, sure = row["text"].strip(), float(row["conf"])
            if not word or sure < KEPT_WORD:
                continue
            here = (row["block_num"], row["par_num"], row["line_num"])
            if here != at and words:
                lines.append(" ".join(words))
                words = []
                if here[:2] != at[:2]:
                    lines.append("")
            at = here
            words.append(word)
            weights += len(word)
            total += sure * len(word)
    if words:
        lines.append(" ".join(words))
    count = sum(len(line.split()) for line in lines)
    return nfc("\n".join(lines)), round(total / weights) if weights else 0, count


_LETTERS = re.compile(r"[\W_]+")


def _letters(words: list[str]) -> str:
    return _LETTERS.sub("", "".join(words)).replace("ƣ", "ư").replace("Ƣ", "Ư")


def _drops(short: str, full: str) -> bool:
    """Whether ``short`` is ``full`` with letters missing."""
    if not short or len(short) >= len(full):
        return False
    rest = iter(full)
    return all(char in rest for char in short)


def mend(layer: str, reading: str) -> str:
    """A text layer whose font map dropped letters, made whole from the page's picture.

    Word by word: where the layer's letters are the picture's with some missing («C N P Ủ» of
    «CHÍNH PHỦ»), the picture is right; everywhere else the layer is, being typed and not guessed.
    """
    layer = layer.replace("ƣ", "ư").replace("Ƣ", "Ư")
    theirs = reading.split()
    layer = "\n".join(_whole(line, theirs) for line in layer.split("\n"))
    tokens = re.findall(r"\S+|\s+", layer)
    places = [index for index, token in enumerate(tokens) if not token.isspace()]
    mine = [tokens[index] for index in places]
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    for code, i1, i2, j1, j2 in matcher.get_opcodes():
        if code != "replace":
            continue
        if i2 - i1 == j2 - j1:
            for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                if _drops(_letters([mine[i]]), _letters([theirs[j]])):
                    tokens[places[i]] = theirs[j]
            continue
        if _drops(_letters(mine[i1:i2]), _letters(theirs[j1:j2])):
            tokens[places[i1]] = " ".join(theirs[j1:j2])
            for i in range(i1 + 1, i2):
                tokens[places[i]] = ""
                if places[i] > 0 and "\n" not in tokens[places[i] - 1]:
                    tokens[places[i] - 1] = ""
    return nfc("".join(tokens))


def _is_torn_line(line: str) -> bool:
    """Capitals with lone letters among them: «C N P Ủ», «CỘNG ÒA XÃ ỘI C Ủ NG ĨA VIỆT NAM»."""
    words = [word for word in line.split() if word.isalpha()]
    return line.isupper() and sum(len(word) <= 2 for word in words) >= 3


def _whole(line: str, theirs: list[str]) -> str:
    """A line of torn capitals («C N P Ủ») found whole somewhere else in the picture's words: in
    two columns the lines do not stand side by side as they do in the layer."""
    bare = line.strip()
    if not _is_torn_line(bare):
        return line
    short = _letters(bare.split())
    found = ""
    for start in range(len(theirs)):
        for width in range(1, 16):
            full = _letters(theirs[start : start + width])
            if len(full) > 2 * len(short) + 2:
                break
            if (
                _drops(short, full)
                and full[0] == short[0]
                and full[-1] == short[-1]
                and (not found or len(full) < len(_letters(found.split())))
            ):
                found = " ".join(theirs[start : start + width])
    return found or line

"""What the pipeline says about a file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from nghitruong.council.intake.pipeline.problems import PROBLEMS, verdict_of
from nghitruong.platform.files.inspection import FIRST_PAGES


@dataclass
class Page:
    """One page. ``source`` is layer, ocr or converted; ``confidence`` 0–100 is the OCR's own;
    ``thumbnail`` (place, length) within the thumbnails' file. ``unread``: something stands on it
    that nothing here could read."""

    number: int
    text: str = ""
    source: str = "layer"
    confidence: int | None = None
    thumbnail: tuple[int, int] | None = None
    unread: bool = False


@dataclass
class Signature:
    """One electronic signature of a PDF.

    ``state``: ``valid`` (whole, and its certificate leads to a root this installation trusts),
    ``unknown_root`` (whole, but nobody here vouches for its certificate), ``added`` (what was
    signed is whole, but something that is no signature was added afterwards), ``changed`` (what was
    signed is not what is there, or the signature does not match), ``unreadable``.
    ``covers`` says whether everything in the file is signed, or how the file went on after it.
    Times are ISO with zone; the signer's own clock unless ``timestamped``.
    """

    state: str
    signer: str = ""
    organization: str = ""
    issuer: str = ""
    signed_at: str = ""
    timestamped: bool = False
    covers: str = ""  # whole, more_signatures, allowed_changes, changes
    algorithm: str = ""
    reason: str = ""
    expired: bool = False
    kind: str = "signature"  # or timestamp


@dataclass
class Report:
    """Everything found. ``text_from`` is where most of the text comes from: layer, ocr, converted
    or empty; ``reading`` names the PDF made for reading, ``thumbnails`` the file of small pictures
    in the output folder, both empty when not made."""

    kind: str = ""
    media_type: str = ""
    problems: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    pages: int | None = None
    texts: list[Page] = field(default_factory=list)
    encoding: str = ""
    signatures: list[Signature] = field(default_factory=list)
    reading: str = ""
    thumbnails: str = ""
    red_text: str = ""  # what stamps, pictures and notes of the first pages say
    seconds: float = 0.0

    def add(self, code: str) -> None:
        """Remark on something, once."""
        if code not in PROBLEMS:
            raise KeyError(code)
        if code not in self.problems:
            self.problems.append(code)

    @property
    def verdict(self) -> str:
        """accepted, degraded or refused."""
        return verdict_of(self.problems)

    @property
    def reason(self) -> str:
        """The remarks in words."""
        return " ".join(PROBLEMS[code].sentence for code in self.problems)

    @property
    def text_from(self) -> str:
        """Where most characters come from."""
        weights: dict[str, int] = {}
        for page in self.texts:
            if page.text:
                weights[page.source] = weights.get(page.source, 0) + len(page.text)
        return max(weights, key=lambda source: weights[source]) if weights else ""

    @property
    def chars(self) -> int:
        """Characters that are not blank."""
        return sum(len("".join(page.text.split())) for page in self.texts)

    @property
    def text(self) -> str:
        """The whole text, pages apart by a form feed."""
        return "\f".join(page.text for page in self.texts)

    def as_dict(self) -> dict[str, Any]:
        """For JSON, without the texts."""
        return {
            "verdict": self.verdict,
            "reason": self.reason,
            "problems": self.problems,
            "kind": self.kind,
            "media_type": self.media_type,
            "pages": self.pages,
            "text_from": self.text_from,
            "chars": self.chars,
            "encoding": self.encoding,
            "missing": self.missing,
            "signatures": [asdict(signature) for signature in self.signatures],
            "seconds": round(self.seconds, 2),
        }


def were_read(report: Report) -> bool:
    """Whether all that stands on the first pages is known; sound and film have none."""
    if report.kind in {"audio", "video"}:
        return True
    expected = min(report.pages or 1, FIRST_PAGES)
    first = report.texts[:FIRST_PAGES]
    return len(first) >= expected and not any(page.unread for page in first)

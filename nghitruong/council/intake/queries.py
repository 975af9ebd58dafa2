"""Reading what was found. The caller has fetched the version through ``papers.queries``."""

from __future__ import annotations

from nghitruong.council.intake.models import Intake, PageText
from nghitruong.council.papers.models import PaperVersion


def intake_of(version: PaperVersion) -> Intake | None:
    """What became of the file; None when nobody has looked yet."""
    return Intake.objects.filter(version=version).first()


def pages_of(version: PaperVersion) -> list[str]:
    """The text of each page, in order; empty when there is none (yet)."""
    return list(
        PageText.objects.filter(version=version).order_by("number").values_list("text", flat=True)
    )


def text_of(version: PaperVersion) -> str:
    """The whole text, pages apart by a form feed."""
    return "\f".join(pages_of(version))

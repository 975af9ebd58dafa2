"""What may be sent along to another council. Apps above offer it: papers offer what was released.

attachments.register(offer)      # offer(actor) -> list[Attachment]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from nghitruong.council.councils.roles import Actor


@dataclass(frozen=True)
class Attachment:
    """A stored file, known by its SHA-256; ``key`` names it in a form."""

    key: str
    label: str
    sha256: str
    file_name: str
    media_type: str
    size: int

    def as_dict(self) -> dict[str, Any]:
        """As a letter keeps it: everything but the sender's own key."""
        return {name: value for name, value in asdict(self).items() if name != "key"}


Offer = Callable[[Actor], Iterable[Attachment]]
_offers: list[Offer] = []


def register(offer: Offer) -> None:
    """Once, from the app that has something to send."""
    if offer not in _offers:
        _offers.append(offer)


def offered(actor: Actor) -> list[Attachment]:
    """Everything this person may send along."""
    return [item for offer in _offers for item in offer(actor)]

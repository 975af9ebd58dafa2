"""The ways out of the application. Each is off until the installation sets it up; none of them
ever carries more than one line and a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from nghitruong.platform.notices.models import Address, Channel


@dataclass(frozen=True)
class Parcel:
    """What leaves for one address: one line, the link to open, and the key that stays the same at
    every try and is no other address's."""

    key: str
    line: str
    link: str


@dataclass(frozen=True)
class Sent:
    """What the other side answered: its own reference; whether it already reached the person."""

    reference: str = ""
    delivered: bool = False


class TryAgain(Exception):
    """Not now: the other side is away or busy. The text is for people."""


class NeverAgain(Exception):
    """It will not work however often it is tried. The text is for people."""


class AddressGone(Exception):
    """The address does not exist any more: it is taken off."""


class Way(Protocol):
    """One channel out of the application."""

    channel: Channel

    def problem(self) -> str:
        """Why it cannot be used here; empty when it can."""
        ...

    def send(self, address: Address, parcel: Parcel) -> Sent:
        """Hand it over; raises TryAgain, NeverAgain or AddressGone."""
        ...


def all_ways() -> dict[Channel, Way]:
    """Every way this product knows, in the order of the settings page."""
    from nghitruong.platform.notices.ways.gateway import Gateway
    from nghitruong.platform.notices.ways.mail import Mail
    from nghitruong.platform.notices.ways.push import Push

    ways: tuple[Way, ...] = (Mail(), Push(), Gateway(Channel.SMS), Gateway(Channel.ZALO))
    return {way.channel: way for way in ways}


def open_ways() -> dict[Channel, Way]:
    """Those set up here."""
    return {channel: way for channel, way in all_ways().items() if not way.problem()}

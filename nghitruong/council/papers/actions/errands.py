"""Files sent for something: asked of somebody («errand»), or taken by another app («receiver»).

What a file is sent for stands in its ``into``, «name:key»; without it, whoever manages papers
makes a paper of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers import rules
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.platform.errors import Refused

# What else may take a whole file than a paper of its own: name → (upload, path, about, by=) → the
# outcome. The taker gives the file a name of its own beside ``path`` (a link) and writes its rows;
# ``path`` goes after the commit, so that a crash before it loses nothing. Raising Refused: it
# leaves nothing behind.
Receiver = Callable[..., dict[str, Any]]
_receivers: dict[str, Receiver] = {}


def register_receiver(name: str, receiver: Receiver) -> None:
    """Called once, by the app that takes files sent ``into`` «name:key»."""
    _receivers[name] = receiver


@dataclass(frozen=True)
class Target:
    """Where a file that was asked for belongs: a new paper (None) or the next version of one.

    ``about`` is fixed by who asked; ``reason`` stands where the sender gives none.
    """

    session_id: uuid.UUID | None
    paper: Paper | None
    about: dict[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Errand:
    """A file asked of somebody who does not manage papers.

    ``target(key, by)`` says where it belongs, and refuses whom it was not asked of. In the
    transaction that makes the version ``hold(key, by)`` says the same under a lock, so that nobody
    sends it on and no second file comes in between, and ``done(key, version, about, by)`` follows.
    """

    target: Callable[[str, Actor], Target]
    hold: Callable[[str, Actor], Target]
    done: Callable[[str, PaperVersion, dict[str, str], Actor], None]


_errands: dict[str, Errand] = {}


def register_errand(name: str, errand: Errand) -> None:
    """Called once, by the app that asks for files sent ``into`` «name:key»."""
    _errands[name] = errand


def errand_of(about: dict[str, str]) -> tuple[Errand, str] | None:
    """The errand this file was sent for, and its key there."""
    name, _colon, key = about.get("into", "").partition(":")
    return (_errands[name], key) if name in _errands else None


def target_of(about: dict[str, str], by: Actor) -> Target | None:
    """Where an asked-for file belongs; None for a file of who manages papers, asked here."""
    errand = errand_of(about)
    if errand is None:
        rules.may_manage(by)
        return None
    return errand[0].target(errand[1], by)


def described(about: dict[str, str], target: Target | None) -> dict[str, str]:
    """What the sender wrote, with what is fixed by who asked."""
    if target is None:
        return about
    return about | target.about | {"reason": about.get("reason", "") or target.reason}


def receiver_of(about: dict[str, str]) -> Receiver | None:
    """Who takes the file instead of a paper being made of it; None: it becomes a paper."""
    into = about.get("into", "").partition(":")[0]
    if into in _errands:
        return None
    if into and into not in _receivers:
        raise Refused("into_unknown", _("Hãy tải lại trang rồi chọn lại tệp."), status=400)
    return _receivers.get(into)

"""Opening, locking and re-opening accounts of the council's people.

Duties are given and ended by :mod:`nghitruong.council.councils.actions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from nghitruong.council.access import queries, rules
from nghitruong.council.councils.actions import link_account
from nghitruong.council.councils.models import Person
from nghitruong.council.councils.roles import Actor
from nghitruong.lib.text import slugify_vn
from nghitruong.platform.accounts import actions as accounts
from nghitruong.platform.accounts.models import Account
from nghitruong.platform.errors import Refused
from nghitruong.platform.live import api as live


class _Taken(Exception):
    """Somebody else took the user name between the question and the answer."""


@dataclass(frozen=True)
class Opened:
    """An account just opened; ``password`` exists nowhere else."""

    person: Person
    username: str
    password: str


def proposed_username(full_name: str) -> str:
    """``Lê Thị Cúc`` → ``cuc.lt``: short, no accents."""
    words = slugify_vn(full_name).split("-")
    return ".".join(filter(None, [words[-1], "".join(word[0] for word in words[:-1])]))


def open_account(person: Person, username: str, *, by: Actor) -> str:
    """A new account for the person; returns its one-time password, to be shown once."""
    rules.require_admin(by)
    if person.account_id is not None:
        raise Refused("account_already", _("Người này đã có tài khoản."))
    secret = accounts.make_secret()
    with transaction.atomic():
        account, password = accounts.create_account(
            username, person.full_name, by=by, secret=secret
        )
        link_account(person, account, by=by)
    return password


def open_accounts(people: Iterable[Person], *, by: Actor) -> list[Opened]:
    """Accounts for many at once, each in its own short transaction; who has one is passed over.

    User names are made of the people's names. Cut off in the middle, those opened before are
    whole: only their passwords must be given anew.
    """
    rules.require_admin(by)
    opened = []
    for person in people:
        if person.account_id is not None:
            continue
        for username in _usernames(person.full_name):
            with suppress(_Taken):
                opened.append(Opened(person, username, _open_unless_taken(person, username, by)))
                break
    return opened


def _open_unless_taken(person: Person, username: str, by: Actor) -> str:
    try:
        return open_account(person, username, by=by)
    except Refused as refused:
        if refused.code == "username_taken":
            raise _Taken from refused
        raise


def _usernames(full_name: str) -> Iterator[str]:
    """«cuc.lt», then «cuc.lt2», «cuc.lt3»…; names in use are left out before hashing anything."""
    base = proposed_username(full_name)
    for number in range(1, 1000):
        name = base if number == 1 else f"{base}{number}"
        if not Account.objects.filter(username=name).exists():
            yield name


def reset_access(person: Person, *, by: Actor) -> str:
    """A new one-time password; whoever was signed in with the old one is out, of every hall too."""
    rules.require_reset(by, person)
    assert person.account is not None  # noqa: S101  # require_reset
    secret = accounts.make_secret()
    with transaction.atomic():
        live.end_tickets(queries.people_of_account(person.account))
        return accounts.reset_password(person.account, by=by, secret=secret)


@transaction.atomic
def set_active(person: Person, active: bool, *, by: Actor) -> None:
    """Lock or unlock the person's account; a locked one's screens end, in every council's hall."""
    rules.require_lock(by, person, active=active)
    assert person.account is not None  # noqa: S101  # require_lock
    accounts.set_active(person.account, active, by=by)
    if not active:
        live.end_tickets(queries.people_of_account(person.account))

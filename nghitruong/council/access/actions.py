"""Opening, locking and re-opening accounts of the council's people.

Duties are given and ended by :mod:`nghitruong.council.councils.actions`.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from nghitruong.council.access import rules
from nghitruong.council.councils.actions import link_account
from nghitruong.council.councils.models import Person
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.accounts import actions as accounts
from nghitruong.platform.errors import Refused


def open_account(person: Person, username: str, *, by: Actor) -> str:
    """A new account for the person; returns its one-time password, to be shown once."""
    rules.require_admin(by)
    with transaction.atomic():
        if person.account_id is not None:
            raise Refused("account_already", _("Người này đã có tài khoản."))
        account, password = accounts.create_account(username, person.full_name, by=by)
        link_account(person, account, by=by)
    return password


def reset_access(person: Person, *, by: Actor) -> str:
    """A new one-time password; whoever was signed in with the old one is out."""
    rules.require_reset(by, person)
    assert person.account is not None  # noqa: S101  # require_reset
    return accounts.reset_password(person.account, by=by)


def set_active(person: Person, active: bool, *, by: Actor) -> None:
    """Lock or unlock the person's account; nobody locks their own."""
    rules.require_admin(by)
    if person.account is None:
        raise Refused("no_account", _("Người này chưa có tài khoản."))
    if not active and by.account is not None and person.account_id == by.account.pk:
        raise Refused("lock_self", _("Không thể tự khóa tài khoản của chính mình."))
    accounts.set_active(person.account, active, by=by)

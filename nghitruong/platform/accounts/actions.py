"""Making accounts and changing what opens them. ``by`` is an actor of a council (its ``audit()``).

An account belongs to no council; each act is recorded in the council of whoever did it, and a
person's own change of password in every council they belong to (``password_changed``).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from axes.utils import reset as reset_lockout
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session as SignIn
from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.lib.text import nfc
from nghitruong.platform.accounts.models import Account
from nghitruong.platform.accounts.passwords import one_time_password
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused

# Sent inside the transaction with ``account``.
password_changed = Signal()
Secret = tuple[str, str]  # a one-time password and its hash


def make_secret(chosen: str = "") -> Secret:
    """A one-time (or a chosen) password with its hash; slow, so never inside a transaction."""
    password = chosen or one_time_password()
    return password, make_password(password)


def create_account(
    username: str, display_name: str, *, by: Any, secret: Secret | None = None
) -> tuple[Account, str]:
    """A sign-in and its one-time password, which exists nowhere else: print or show it now.

    A caller inside a transaction passes a ``secret`` made before it: Argon2 takes long.
    """
    username = nfc(username).strip().lower()
    try:
        Account.username_validator(username)
    except Exception as error:
        raise Refused(
            "username_invalid",
            _("Tên đăng nhập chỉ gồm chữ không dấu, chữ số và các dấu . - _ @ +"),
            status=422,
        ) from error
    password, hashed = secret or make_secret()
    try:
        with transaction.atomic():
            account = Account.objects.create(
                username=username,
                display_name=nfc(display_name).strip(),
                password=hashed,
                must_change_password=True,
            )
            audit.record(
                "accounts.create", **by.audit(), target=account, payload={"username": username}
            )
    except IntegrityError as error:
        raise Refused(
            "username_taken",
            _("Tên đăng nhập «%(name)s» đã có người dùng. Hãy chọn tên khác.") % {"name": username},
        ) from error
    return account, password


def reset_password(account: Account, *, by: Any, secret: Secret | None = None) -> str:
    """A new one-time password; the old one and every open session of the account end at once.

    A caller inside a transaction passes a ``secret`` made before it: Argon2 takes long.
    """
    password, hashed = secret or make_secret()
    with transaction.atomic():
        account.password = hashed
        account.must_change_password = True
        account.save(update_fields=["password", "must_change_password"])
        reset_lockout(username=account.username)
        audit.record(
            "accounts.reset_password",
            **by.audit(),
            target=account,
            payload={"username": account.username},
        )
    return password


def set_active(account: Account, active: bool, *, by: Any) -> None:
    """Lock or unlock an account. A locked one is out with its next request."""
    with transaction.atomic():
        if Account.objects.filter(pk=account.pk, is_active=not active).update(is_active=active):
            account.is_active = active
            audit.record(
                "accounts.unlock" if active else "accounts.lock",
                **by.audit(),
                target=account,
                payload={"username": account.username},
            )


def end_sign_ins(accounts: Collection[Any], *, but: str = "") -> int:
    """End every sign-in of these accounts (their keys), on whatever device, except ``but``.

    A sign-in knows its account only inside its signed content, so all that have not expired are
    read: some hundreds in a province's council. Returns how many ended.
    """
    wanted = {str(account) for account in accounts}
    rows = SignIn.objects.filter(expire_date__gt=timezone.now()).exclude(session_key=but)
    found = [
        row.session_key
        for row in rows.iterator()
        if str(row.get_decoded().get(SESSION_KEY, "")) in wanted
    ]
    SignIn.objects.filter(session_key__in=found).delete()
    return len(found)


def change_password(account: Account, new_password: str) -> None:
    """The person's own choice; ends the obligation to change a one-time password."""
    hashed = make_password(new_password)
    with transaction.atomic():
        account.password = hashed
        account.must_change_password = False
        account.save(update_fields=["password", "must_change_password"])
        password_changed.send(Account, account=account)

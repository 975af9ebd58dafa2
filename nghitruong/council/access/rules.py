"""Who may open accounts, give duties, and give a new password to whom."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from nghitruong.council.councils.models import Person
from nghitruong.council.councils.roles import Actor, Role, actor_of_person
from nghitruong.platform.errors import NotAllowed, Refused

# Whose account a helper in the hall may not take over: it would open the chair's notes, the
# clerks' desk or the whole council to the helper.
PROTECTED: Final = (Role.CHAIR, Role.CLERK, Role.ADMIN)


def sees_accounts(request: Any) -> bool:
    """The list of accounts: the office and the support helpers."""
    actor = getattr(request, "actor", None)
    return actor is not None and may_see(actor)


def may_see(actor: Actor) -> bool:
    """Administrators, clerks, support helpers."""
    return actor.has(Role.ADMIN, Role.CLERK, Role.SUPPORT)


def require_see(actor: Actor) -> None:
    """:func:`may_see` or the reason."""
    if not may_see(actor):
        raise NotAllowed(
            "accounts_office",
            _("Trang này dành cho quản trị viên, thư ký và Tổ hỗ trợ."),
        )


def require_admin(actor: Actor) -> None:
    """Opening, locking and unlocking accounts is the administrator's."""
    if not actor.has(Role.ADMIN):
        raise _admin_only()


def _admin_only() -> NotAllowed:
    return NotAllowed(
        "admin_only", _("Việc này do quản trị viên làm. Hãy nhờ quản trị viên của Hội đồng.")
    )


def why_not_reset(actor: Actor, person: Person) -> NotAllowed | Refused | None:
    """The reason why this actor may not give this person a new password; None: they may.

    An account that also opens another council (and the installation's administrator's opens every
    one) is for the installation's administrator only: a password given here would open those too.
    """
    if person.account_id is None:
        return Refused("no_account", _("Người này chưa có tài khoản."))
    if not actor.has(Role.ADMIN, Role.SUPPORT):
        return NotAllowed("reset_support", _("Việc này do Tổ hỗ trợ hoặc quản trị viên làm."))
    if _crosses_the_wall(actor, person):
        return NotAllowed(
            "reset_shared",
            _(
                "Tài khoản này còn dùng ở Hội đồng khác. Hãy nhờ quản trị viên của cả hệ thống "
                "cấp lại mật khẩu."
            ),
        )
    if _is_above(actor, person):
        return NotAllowed(
            "reset_installation",
            _(
                "Đây là tài khoản quản trị cả hệ thống. Chỉ quản trị viên của cả hệ thống được cấp "
                "lại mật khẩu."
            ),
        )
    if actor.has(Role.ADMIN):
        return None
    if actor_of_person(person).has(*PROTECTED):
        return NotAllowed(
            "reset_protected",
            _(
                "Tài khoản của Chủ tọa, thư ký và quản trị viên chỉ quản trị viên được cấp lại "
                "mật khẩu."
            ),
        )
    return None


def _runs_the_installation(actor: Actor) -> bool:
    return actor.account is not None and actor.account.is_superuser


def _is_above(actor: Actor, person: Person) -> bool:
    """The account administers every council of the installation, with or without a person there;
    the actor does not. Locked today it may be unlocked tomorrow: its password counts all the same.
    """
    if person.account is None or _runs_the_installation(actor):
        return False
    return bool(person.account.is_superuser)


def _crosses_the_wall(actor: Actor, person: Person) -> bool:
    """The account opens another council too, and the actor is an administrator of this one only."""
    if _runs_the_installation(actor):
        return False
    with scopes_disabled():
        others = Person.objects.filter(account=person.account_id)
        return bool(others.exclude(council=person.council_id).exists())


def require_reset(actor: Actor, person: Person) -> None:
    """:func:`why_not_reset`, raised."""
    reason = why_not_reset(actor, person)
    if reason is not None:
        raise reason


def why_not_lock(actor: Actor, person: Person, *, active: bool) -> NotAllowed | Refused | None:
    """The reason why this actor may not lock (or, ``active``, unlock) the person's account; None:
    they may. An account of several councils is locked as it is reset: not by one of them alone."""
    if not actor.has(Role.ADMIN):
        return _admin_only()
    if person.account_id is None:
        return Refused("no_account", _("Người này chưa có tài khoản."))
    if not active and actor.account is not None and person.account_id == actor.account.pk:
        return Refused(
            "lock_self",
            _(
                "Không thể tự khóa tài khoản của chính mình. Hãy nhờ một quản trị viên khác khóa "
                "giúp."
            ),
        )
    if _crosses_the_wall(actor, person):
        return NotAllowed(
            "lock_shared",
            _(
                "Tài khoản này còn dùng ở Hội đồng khác nên không khóa, mở khóa ở đây được. Muốn "
                "người này thôi vào Hội đồng này, hãy cho thôi nhiệm vụ và tư cách ở đây; muốn "
                "khóa hẳn, hãy nhờ quản trị viên của cả hệ thống."
            ),
        )
    if _is_above(actor, person):
        return NotAllowed(
            "lock_installation",
            _(
                "Đây là tài khoản quản trị cả hệ thống. Chỉ quản trị viên của cả hệ thống được "
                "khóa, mở khóa."
            ),
        )
    return None


def require_lock(actor: Actor, person: Person, *, active: bool) -> None:
    """:func:`why_not_lock`, raised."""
    reason = why_not_lock(actor, person, active=active)
    if reason is not None:
        raise reason

"""Who gives passes, and to whom."""

from __future__ import annotations

from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Person
from nghitruong.council.councils.roles import Actor, Role, actor_of_person
from nghitruong.platform.errors import NotAllowed, Refused

MOST_TRIES = 5


def can_invite(actor: Actor) -> bool:
    """The office: clerks and administrators."""
    return actor.is_office


def may_invite(actor: Actor) -> None:
    """:func:`can_invite` or the reason."""
    if not can_invite(actor):
        raise NotAllowed(
            "guests_office",
            _("Thẻ khách do thư ký hoặc quản trị viên cấp. Hãy nhờ văn phòng."),
        )


def may_be_guest(person: Person) -> None:
    """A pass never opens more than a guest's rights: who has another role signs in with their own
    account."""
    if not actor_of_person(person).roles <= {Role.GUEST}:
        raise Refused(
            "not_a_guest",
            _(
                "Người này có nhiệm vụ khác trong Hội đồng nên đăng nhập bằng tài khoản riêng, "
                "không dùng thẻ khách."
            ),
        )
    if person.account is not None and person.account.has_usable_password():
        raise Refused(
            "has_account", _("Người này đã có tài khoản và mật khẩu; không cần thẻ khách.")
        )


def wrong_pass() -> Refused:
    """One answer for every pass that does not open: nobody learns which numbers exist."""
    return Refused(
        "wrong_pass",
        _(
            "Thẻ không mở được: có thể số hoặc mã chưa đúng, thẻ đã dùng trên máy khác, đã hết hạn "
            "hoặc đã thu hồi. Mời quý vị đến bàn đón tiếp để được cấp lại."
        ),
        status=403,
    )


def too_many_tries() -> Refused:
    """The door for typed numbers rests a while; the square still opens."""
    return Refused(
        "too_many_tries",
        _(
            "Đã gõ sai quá nhiều lần. Hãy đợi 6 phút rồi thử lại, hoặc chụp mã vuông trên thẻ để "
            "vào ngay."
        ),
        status=429,
    )

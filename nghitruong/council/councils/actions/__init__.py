"""The only writers of councils, bodies, people and what councils send each other."""

from nghitruong.council.councils.actions.councils import (
    create_council,
    dissolve_organization,
    establish_organization,
    set_function,
    start_term,
)
from nghitruong.council.councils.actions.duties import end_duty, give_duty, set_seat
from nghitruong.council.councils.actions.people import (
    add_person,
    appoint,
    end_membership,
    link_account,
    restore_delegate,
    suspend_delegate,
    update_person,
)
from nghitruong.council.councils.actions.transfers import receive_transfer, send_transfer

__all__ = [
    "add_person",
    "appoint",
    "create_council",
    "dissolve_organization",
    "end_duty",
    "end_membership",
    "establish_organization",
    "give_duty",
    "link_account",
    "receive_transfer",
    "restore_delegate",
    "send_transfer",
    "set_function",
    "set_seat",
    "start_term",
    "suspend_delegate",
    "update_person",
]

"""What a fault of the database means for a batch: try again, or say that it was not written."""

from __future__ import annotations

from django.db import DatabaseError, InterfaceError, OperationalError

from nghitruong.platform.live.answers import NO_ROOM, UNAVAILABLE
from nghitruong.platform.live.commands import Refusal
from nghitruong.platform.storage.db import collided, no_room


class StorageFailure(Exception):
    """The database cannot be written now; nobody of the batch is acknowledged."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def lost_out(error: BaseException) -> bool:
    """Whether another transaction was in the way and the whole batch simply goes again.

    A deadlock or serialization failure; or the same tap, sent to two live processes at once: the
    other one has committed its receipt, so the next try finds it and gives its answer.
    """
    if not isinstance(error, DatabaseError):
        return False
    return collided(error) or "live_receipt_actor_nonce" in str(error)


_GONE = ("database is locked", "unable to open database", "server closed the connection")


def failure(error: BaseException) -> Refusal | None:
    """Why the database itself failed (not the statement), or None."""
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    code = str(getattr(error.__cause__, "sqlstate", "") or "")
    text = str(error).lower()
    if no_room(error):
        return NO_ROOM
    if isinstance(error, InterfaceError) or code[:2] in {"08", "57"} or code == "53300":
        return UNAVAILABLE
    if isinstance(error, OperationalError) and (not code or any(w in text for w in _GONE)):
        return UNAVAILABLE
    return None

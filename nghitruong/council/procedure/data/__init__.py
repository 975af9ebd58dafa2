"""The rules themselves, by the law they come from."""

from nghitruong.council.procedure.data.history import RULES_2015
from nghitruong.council.procedure.data.office import OFFICE
from nghitruong.council.procedure.data.oversight import OVERSIGHT
from nghitruong.council.procedure.data.sessions import SESSIONS

RULES = (*SESSIONS, *OVERSIGHT, *OFFICE)

__all__ = ["RULES", "RULES_2015"]

"""States of an opinion as a table."""

from __future__ import annotations

from nghitruong.council.opinions.models import OpinionState as S
from nghitruong.platform.storage.moves import Flow, State

BASIS = "Điều 15 khoản 4 Quy chế làm việc mẫu (Nghị quyết 104/2025/UBTVQH15)"

OPINION: Flow = {
    S.SENT: State(S.SENT.label, frozenset({S.ANSWERED, S.WITHDRAWN}), BASIS),
    S.ANSWERED: State(S.ANSWERED.label, frozenset({S.ANSWERED, S.CONFIRMED, S.RETURNED}), BASIS),
    S.RETURNED: State(S.RETURNED.label, frozenset({S.ANSWERED}), BASIS),
    S.CONFIRMED: State(S.CONFIRMED.label),
    S.WITHDRAWN: State(S.WITHDRAWN.label),
}

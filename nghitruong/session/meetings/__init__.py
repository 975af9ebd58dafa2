"""Sessions, their preparation, sittings, agenda, summons and the roll.

A session (kỳ họp) has an expected opening date from which every statutory deadline is computed
under the rule profile frozen on it; sittings (phiên họp) carry the agenda; the roll of a sitting
says who is a member in office, who is present and who may act (L72/2025 Đ33–35, NQ 104/2025 Đ5–15,
NQ 114/2025). Summons and invitations are numbered and answered with a reason of absence.
"""

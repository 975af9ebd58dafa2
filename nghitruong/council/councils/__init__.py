"""Councils and the people in them.

Administrative units are dated and know their predecessors and successors (L72/2025 Đ1, Đ54); a
unit may have no council (L72 Đ28). A person is not an account, a membership or a seat: each is a
row of its own with dates, and statutory seats, members in office and members present are computed
at any moment (L72 Đ30, Đ35, Đ49). Every row above belongs to one council and is reachable only
inside its scope; councils share by explicit, logged sending up and down.
"""

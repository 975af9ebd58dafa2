"""What a paper says of itself: number, kind, issuer, date, title, from its name and first page.

Pure functions on text. Everything here is a proposal for a person to confirm; nothing is guessed
where the paper says nothing. The layout of official documents is that of Nghị định 30/2020/NĐ-CP.
"""

from nghitruong.lib.filing.matching import item_hint, match_item
from nghitruong.lib.filing.problems import PageJump, missing_annexes, page_jumps
from nghitruong.lib.filing.propose import Proposal, propose

__all__ = [
    "PageJump",
    "Proposal",
    "item_hint",
    "match_item",
    "missing_annexes",
    "page_jumps",
    "propose",
]

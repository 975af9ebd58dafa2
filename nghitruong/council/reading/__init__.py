"""Reading a paper as one's own: private notes on it, and how many delegates have opened it.

Highlights, ink, notes and bookmarks belong to the person who made them; nobody else sees them,
administrators and support included, unless the person shares one with a body of theirs. They are an
overlay of our own, never written into the paper. A device may be without the network for a while:
a note's key is made there and the later clock wins, so sending again changes nothing.

Basis: delegates prepare their opinions by themselves (L72/2025/QH15 Đ33); personal data is kept to
its purpose (L91/2025/QH15 Đ3). Who opened what is never shown, only how many.
"""

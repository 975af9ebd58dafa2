"""The floor: what happens in the hall, minute by minute.

Opening, suspending and closing a sitting, check-in, the current item, requests to speak, speeches
with a server clock, and the journal from which the minutes are made. Every step is one action that
moves every screen; the chair decides, the clerk may act in the chair's name and is recorded so
(NQ 104/2025 Đ11, Đ15; NQ 114/2025 Đ22–23 for questioning).
"""

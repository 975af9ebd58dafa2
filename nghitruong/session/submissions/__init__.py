"""Agencies submit: the office asks bodies for papers of a session, and follows each one.

The way of a paper is a table (``flows.py``): the agency prepares, the Office of the People's
Committee sends on (where the council's rules have that step), the council's office checks or
returns with its reason, the head of the office lets it circulate, delegates read. Verification by
a Ban runs beside it and holds nothing back. Also here: the decision to circulate late, publicity,
reminders, and rooms of papers between sessions. Điều 12 and 27, NQ 104/2025/UBTVQH15.
"""

"""Who may get in and what they are asked to do: accounts and duties of one council's people.

The administrator opens accounts and gives duties; clerks give duties; the support helper in the
hall may only give a delegate or guest a new one-time password, and sees neither vote nor note.
A one-time password is shown once and stored nowhere. Every act is in the audit log.
"""

"""The live path: commands that burst, and everything every screen must hear about.

One process owns the port. Commands (a vote, a check-in, a request to speak) wait in one queue;
one writer thread commits everything that waits in one transaction and only then answers. What
changed is written as event rows, gapless per stream; a doorbell tells this process to read the
rows and send them to all screens. Losing a doorbell, a connection or this whole process loses
nothing: the rows are the truth.

Knows nothing of councils, sittings or polls: the apps above register their commands
(:mod:`.commands`) and say who may hear what (:mod:`.registry`).
"""

"""Papers on their way to people: who was told of a release, whom it reached, and what it saved.

Sending papers to the delegates, replacing a text and withdrawing a paper each tell, once per act,
everybody who may read the papers: the delegates, the agency that submitted them (its own only),
guests they were given to. The office sees counts first, then whom a notice has not reached, to
send it again; which pages somebody read is nobody's to see. Paper saved (pages × recipients, less
what was printed) and the time from the last paper in to the last delegate reached are computed
from these rows. Nghị quyết 104/2025/UBTVQH15 Điều 12(1): papers reach delegates at the latest 15
days before a regular session opens.
"""

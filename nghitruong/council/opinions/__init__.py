"""Opinions that travel: what a delegate says about a clause of a draft, and what became of it.

An opinion speaks of one place (điều, khoản, điểm) of one version and keeps both for good; in later
versions the place is found again, or shown as moved or removed. The drafting agency answers each
one (tiếp thu, or giải trình with its reason), the Ban confirms that it was taken up, and the
delegate sees all this before the vote. The table of opinions and the «báo cáo giải trình, tiếp
thu» come out as official documents (Quy chế làm việc mẫu, Nghị quyết 104/2025/UBTVQH15, Điều 15
khoản 4 và khoản 5 điểm a).
"""

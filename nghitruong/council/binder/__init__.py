"""The binder of a session: from the office's zip to one ordered, numbered packet.

The clerk drops a zip, a folder or files; what each is, is proposed and confirmed; problems are
shown at once (Nghị quyết 104/2025/UBTVQH15 Điều 12: papers reach the delegates complete and in
time). Order and tab numbers are the clerk's; pages are counted through the packet, the same on
screen and in print. Nothing of a state secret stays, not even its file's name (Luật 117/2025/QH15
Đ5). Sessions and agenda belong to a layer above, which registers itself in :mod:`binder.sessions`.
"""

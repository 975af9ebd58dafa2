"""The briefcase: a session's papers, agenda and own notes on a person's device, for when there is
no network. Here is what goes in, which devices hold one, and the order that empties a lost device.
Only what was sent to delegates goes in, never a paper not yet read for a mark of secrecy
(L117/2025/QH15 Đ5), and everything leaves the device on a date of its own (L91/2025/QH15: personal
data are kept no longer than they are needed)."""

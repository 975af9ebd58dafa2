"""Papers: typed documents in versions, each version one file known by its SHA-256.

A paper is a draft until it is released to delegates; replacing its file makes a new version and
nothing vanishes. A paper marked Mật or above never enters: its upload is erased everywhere and only
a register stub without its subject is kept (Luật 117/2025/QH15 Đ5).
"""

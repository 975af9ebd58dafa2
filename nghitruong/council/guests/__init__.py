"""Guests (khách mời, đại biểu mời): a pass for one person, some papers, until a day.

The office gives a pass: a square to photograph (QR) and a number with a one-time PIN, both printed
once. Either opens the system on one device, once, until the end of the pass; a photograph of a
badge that was used opens nothing. A guest reads what was given to them one by one and nothing
else. Taking the pass back ends their screens with the next request, in the hall at once. Luật
72/2025/QH15 Điều 7(2): the Front and the socio-political organizations are invited to sessions.
"""

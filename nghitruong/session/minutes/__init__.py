"""Minutes (biên bản) of a sitting, made from its journal as a Word file in official layout.

Regenerating makes a new version with a reason; an older one never changes (NQ 104/2025 Đ11, Đ15(6);
NĐ 30/2020 for the layout). Each version prints the head of the audit chain it was made under.
"""

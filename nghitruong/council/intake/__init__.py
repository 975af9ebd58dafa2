"""What is in a paper's file, found in the background, page by page.

Every version is looked at by its bytes, converted to a PDF where that helps reading, its text taken
from the text layer or read from the picture (OCR), its electronic signatures verified. The file as
it came stays untouched under its SHA-256; what is made of it stands beside. A missing converter
never stops a paper: the page says what is missing (Nghị định 30/2020/NĐ-CP, Điều 4–5; Luật Giao
dịch điện tử số 20/2023/QH15).
"""

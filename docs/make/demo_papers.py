"""Renders the demo's draft resolutions to PDF: ``python docs/make/demo_papers.py`` (once, by hand).

Reads ``corpus/nq_hdnd_2017.jsonl`` of the data folder (NGHITRUONG_DATA) and writes
``nghitruong/config/demo/papers/du-thao-NN.pdf``, which are kept in the repository so that a
stranger's demo needs nothing else. Official texts are not protected by copyright (Law on
Intellectual Property 50/2005/QH11, Article 15(2)).
"""

from __future__ import annotations

import html
import json
import os
import re
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("NGHITRUONG_DATA", ROOT.parent / "shared" / "data"))
DEMO = ROOT / "nghitruong" / "config" / "demo"
STYLE = """@page{size:A4;margin:20mm 20mm 20mm 30mm}
body{font:14pt/1.5 Tinos,'Liberation Serif',serif;color:#000}
.note{font-size:10pt;border:1px solid #000;padding:2mm 4mm;margin-bottom:8mm}
h1{font-size:15pt;text-align:center;margin:6mm 0}p{text-align:justify;margin:0 0 2mm;
text-indent:10mm}.head{display:flex;justify-content:space-between;gap:5mm;text-align:center;font-size:12.5pt}"""


def paragraphs(text: str) -> list[str]:
    """The source's hard line breaks joined again; a new article begins a paragraph."""
    text = re.sub(r"\s*(Điều \d+\.)", r"\n\1", text)
    lines: list[str] = []
    for line in text.splitlines():
        line = line.strip()
        if not line:
            continue
        joins = lines and not re.match(
            r"(Điều \d+|\d+\.|[a-zđ]\)|-|Căn cứ|Xét|Sau khi|QUYẾT)", line
        )
        if joins and not lines[-1].isupper() and not lines[-1].endswith((".", ";", ":", "./.")):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return lines


def main() -> None:
    """Write the 28 PDFs."""
    rows = [
        json.loads(line)
        for line in (DATA / "corpus" / "nq_hdnd_2017.jsonl").read_text().splitlines()
    ]
    found = {(row["no"], row["council"]): row for row in rows}
    drafts = json.loads((DEMO / "data" / "drafts.json").read_text())
    target = DEMO / "papers"
    target.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page()
        for index, (number, province, title, _) in enumerate(drafts, start=1):
            row = found[(number, f"HĐND tỉnh {province}")]
            body = "".join(f"<p>{html.escape(p)}</p>" for p in paragraphs(row["text"]))
            page.set_content(
                f"<style>{STYLE}</style><div class=note><b>DỮ LIỆU MINH HỌA.</b> Dựng từ văn bản "
                f"thật số {number} của HĐND tỉnh {province} để thử phần mềm.</div>"
                "<div class=head><b>HỘI ĐỒNG NHÂN DÂN<br>TỈNH LÀO CAI</b><b>CỘNG HÒA XÃ HỘI CHỦ "
                "NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</b></div>"
                f"<h1>DỰ THẢO<br>{html.escape(title.upper())}</h1>{body}"
            )
            page.pdf(
                path=str(target / f"du-thao-{index:02d}.pdf"), format="A4", print_background=True
            )
        browser.close()


if __name__ == "__main__":
    main()

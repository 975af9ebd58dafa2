"""Điều, khoản, điểm recognised in texts as they come."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nghitruong.lib.articles import parse, parse_text, place_label, places
from nghitruong.lib.layout import lines_of, paragraphs

DATA = Path(os.environ.get("NGHITRUONG_DATA", "../shared/data"))

RESOLUTION = """HỘI ĐỒNG NHÂN DÂN TỈNH LÀO CAI
NGHỊ QUYẾT
Về mức hỗ trợ
QUYẾT NGHỊ: Điều 1. Phạm vi điều chỉnh
1. Nghị quyết này quy định mức hỗ trợ:
a) Người học;
b) Người dạy theo khoản 2. Trường hợp khác thì
báo cáo;
đ) Người phục vụ.
2. Không áp dụng với đối tượng quy định tại Điều 5 của Nghị quyết này.
Điều 2. Thông qua mức hỗ trợ cho năm 2027 theo Tờ trình của Ủy ban nhân dân tỉnh.
Điều 2a. Nguồn kinh phí
Ngân sách tỉnh. Điều 3. Giao Ủy ban nhân dân tỉnh tổ chức thực hiện.
Nghị quyết này đã được Hội đồng nhân dân tỉnh thông qua./.
Nơi nhận:
- Thường trực Hội đồng nhân dân tỉnh.
CHỦ TỊCH
QUY CHẾ
Hỗ trợ (kèm theo Nghị quyết)
Chương I
QUY ĐỊNH CHUNG
Điều 1. Đối tượng
Mọi người.
Mục 2. MỨC HỖ TRỢ
Điều 2. Mức
a) Một triệu đồng;
b) Hai triệu đồng.
"""


def test_articles_of_a_resolution_and_of_the_regulation_issued_with_it() -> None:
    found = parse(RESOLUTION)
    assert [a.key for a in found] == ["1", "2", "2a", "3", "1:1", "1:2"]
    assert [a.heading for a in found] == [
        "Phạm vi điều chỉnh", "", "Nguồn kinh phí", "", "Đối tượng", "Mức",
    ]  # fmt: skip
    first, *_ = found
    assert [(c.number, [p.letter for p in c.points]) for c in first.clauses] == [
        ("1", ["a", "b", "đ"]),
        ("2", []),
    ]
    assert RESOLUTION[first.start :].startswith("Điều 1. Phạm vi")
    assert RESOLUTION[first.body :].startswith("1. Nghị quyết này")
    assert RESOLUTION[first.clauses[1].start : first.clauses[1].end].endswith("Nghị quyết này.")
    assert "Nơi nhận" not in RESOLUTION[found[3].start : found[3].end]
    assert [p.letter for p in found[5].points] == ["a", "b"]
    assert found[5].divisions == ("Chương I", "Mục 2")
    assert [d.heading for d in parse_text(RESOLUTION).divisions] == ["QUY ĐỊNH CHUNG", "MỨC HỖ TRỢ"]


AMENDING = """Điều 1. Sửa đổi, bổ sung một số điều của Nghị quyết số 05
1. Sửa đổi Điều 3 như sau: “Điều 3. Mức thu
1. Mức thu là 5.000 đồng.
2. Miễn thu với “hộ nghèo” và “hộ cận nghèo”.
a) Có giấy chứng nhận.”;
2. Bổ sung khoản 4 vào sau khoản 3 Điều 7 như sau:
“4. Trường hợp khác.”.
3. Thay cụm từ “cấp huyện” bằng cụm từ “cấp xã”.
4. Sửa đổi Điều 8 như sau:
"Điều 8. Tên mới
1. Nội dung "trong ngoặc" mới."
Điều 2. Hiệu lực
Nghị quyết có hiệu lực từ ngày 01/01/2027.
"""


def test_articles_quoted_by_an_amendment_are_text_of_the_amending_clause() -> None:
    first, second = parse(AMENDING)
    assert [c.number for c in first.clauses] == ["1", "2", "3", "4"]
    assert not any(c.points for c in first.clauses)
    assert "Điều 3. Mức thu" in AMENDING[first.clauses[0].start : first.clauses[0].end]
    assert second.heading == "Hiệu lực"


@pytest.mark.parametrize("unclosed", ["Tên mới”", "Trường hợp khác.”."])
def test_a_quotation_nobody_closed_does_not_swallow_the_next_article(unclosed: str) -> None:
    text = AMENDING.replace(unclosed, unclosed.replace("”", ""))
    assert [a.number for a in parse(text)] == ["1", "2"]


def test_lines_of_a_gazette_page_are_joined_over_its_running_head() -> None:
    pages = []
    for n in range(22, 26):
        head = f"CÔNG BÁO/Số 1535 + 1536/Ngày 30-12-2024 {n}"
        pages.append(
            f"{head}\nĐiều {n}. Trách nhiệm của cơ quan, tổ chức, hộ gia đình và cá nhân trong\n"
            "hoạt động phòng cháy\n1. Thực hiện quy định tại khoản 2 Điều 4 và quy định tại\n"
            "Điều 5. của Luật này khi tham gia hoạt động chữa cháy, cứu nạn và cứu hộ, trừ\n"
        )
    text = "\f".join(pages).replace("Điều 22", "Điều 1").replace("Điều 23", "Điều 2")
    text = text.replace("Điều 24", "Điều 3").replace("Điều 25", "Điều 4").replace("trừ", "x.")
    found = parse(text)
    assert [a.number for a in found] == ["1", "2", "3", "4"]
    assert found[0].heading.endswith("trong hoạt động phòng cháy")
    assert sum(line.furniture for line in lines_of(text)) == 4
    joined = [" ".join(line.text for line in p) for p in paragraphs(lines_of(text))]
    assert any("quy định tại Điều 5. của Luật này" in p for p in joined)


def test_page_numbers_are_furniture_and_numbers_of_a_table_are_not() -> None:
    text = "\f".join(
        "\n".join(f"{'abcd'[n]}{'xyzt'[i % 4]} một dòng chữ của trang này" for i in range(30))
        + f"\n{n + 1}"
        for n in range(4)
    )
    assert [line.text for line in lines_of(text) if line.furniture] == ["1", "2", "3", "4"]
    without_pages = text.replace("\f", "\n")
    assert sum(line.furniture for line in lines_of(without_pages)) == 4
    assert not any(line.furniture for line in lines_of("STT\n1\nA\n2\nB\n3\nC"))


def test_places_are_cited_as_officials_cite_them() -> None:
    assert place_label("5", "2", "a") == "Điểm a khoản 2 Điều 5"
    assert place_label("1:5") == "Điều 5 (văn bản kèm theo)"
    labels = [place.label for place in places(RESOLUTION)]
    assert labels[:5] == ["Điều 1", "Khoản 1 Điều 1", "Điểm a khoản 1 Điều 1",
                          "Điểm b khoản 1 Điều 1", "Điểm đ khoản 1 Điều 1"]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Điều 1. Tên", "Điều 2.", "1. Khoản", "a) điểm", "“Điều 3. x", "”", '"', "Chương I",
             "TÊN", "Nơi nhận:", "\f", "12", "QUYẾT NGHỊ: Điều 1. A", "như sau:", "b) x. Điều 2. Y"]
        ),
        max_size=14,
    )
)  # fmt: skip
def test_any_heap_of_lines_gives_ordered_nested_places(lines: list[str]) -> None:
    text = "\n".join(lines)
    end = 0
    for article in parse(text):
        assert end <= article.start <= article.body <= article.end <= len(text)
        assert text[article.start :].startswith("Điều")
        end = article.end
        for clause in article.clauses:
            assert article.start <= clause.start <= clause.end <= article.end
            assert all(clause.start <= p.start <= p.end <= clause.end for p in clause.points)


@pytest.mark.data
@pytest.mark.skipif(not (DATA / "rules").is_dir(), reason="needs the data folder")
def test_every_article_of_the_law_texts_is_found_once() -> None:
    for path in sorted((DATA / "rules").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        found = parse(text)
        written = re.findall(r"^Điều (\d+[a-zđ]?)\.", text, re.MULTILINE)
        if path.stem[:2] not in ("83", "87"):  # they quote articles at the start of a line
            assert [a.number for a in found] == written, path.name
    by_law = {"72-2025-qh15": 54, "83-2025-qh15": 2, "114-2025-ubtvqh15": 64}
    for name, count in by_law.items():
        assert len(parse((DATA / f"rules/{name}.txt").read_text(encoding="utf-8"))) == count

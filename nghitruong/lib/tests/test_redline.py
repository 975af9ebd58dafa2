"""What changed between two texts: words count, typography does not."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nghitruong.lib.redline import Comparison, compare
from nghitruong.lib.redline.diff import changes

DATA = Path(os.environ.get("NGHITRUONG_DATA", "../shared/data"))

LAW = """NGHỊ QUYẾT
Về mức hỗ trợ giáo viên
Điều 1. Phạm vi điều chỉnh
1. Nghị quyết này quy định mức hỗ trợ cho giáo viên vùng cao trên địa bàn tỉnh.
2. Đối tượng "biệt phái" không thuộc phạm vi – điều chỉnh của Nghị quyết này.
Điều 2. Mức hỗ trợ
1. Giáo viên công tác tại xã đặc biệt khó khăn được hỗ trợ 1.500.000 đồng một tháng;
2. Mức hỗ trợ thuỷ lợi phí, hoà giải và khoẻ mạnh do Uỷ ban nhân dân tỉnh quyết định.
Điều 3. Nguồn kinh phí
Ngân sách tỉnh bảo đảm kinh phí thực hiện theo phân cấp hiện hành của pháp luật.
Điều 4. Hiệu lực thi hành
Nghị quyết này có hiệu lực từ ngày 01 tháng 01 năm 2027./.
"""


def words(result: Comparison, op: str) -> list[str]:
    return [
        segment.text
        for change in result.changes
        for paragraph in change.paragraphs
        for segment in paragraph.segments
        if segment.op == op
    ]


def test_typography_is_no_change() -> None:
    other = (
        unicodedata.normalize("NFD", LAW)
        .replace('"', "“", 1)
        .replace('"', "”", 1)
        .replace("–", "-")
        .replace("2027./.", "2027.")
        .replace("giáo viên vùng", "giáo  viên\u00a0vùng")
        .replace(unicodedata.normalize("NFD", "thuỷ"), "thủy")
        .replace(unicodedata.normalize("NFD", "Phạm vi điều chỉnh\n"), "PHẠM VI ĐIỀU CHỈNH\n")
    )
    assert other != LAW
    result = compare(LAW, other)
    assert result.identical, result.changes
    assert result.unchanged == result.articles == 4


def test_lines_of_a_pdf_with_heads_and_hyphens_are_no_change() -> None:
    wrapped = LAW.replace("mức hỗ trợ cho", "mức hỗ trợ\ncho").replace(
        "đặc biệt khó khăn", "đặc bi\u00adệt khó-\nkhăn"
    )
    pages = wrapped.replace("Điều 2.", "3\n\fCÔNG BÁO/Số 12/Ngày 01-01-2027 4\nĐiều 2.")
    result = compare(LAW, pages)
    assert result.identical, words(result, "ins")


@pytest.mark.parametrize(
    ("written", "instead", "place"),
    [
        ("1.500.000", "2.500.000", "khoản 1"),
        ("khó khăn được", "khó khăn, được", "khoản 1"),
        ("tỉnh quyết định", "tỉnh xem xét, quyết định", "khoản 2"),
        ("một tháng;", "", "khoản 1"),
    ],
)
def test_a_changed_clause_is_found_at_its_place(written: str, instead: str, place: str) -> None:
    result = compare(LAW, LAW.replace(written, instead))
    [change] = result.changes
    assert (change.status, change.new_key, change.places) == ("changed", "2", (place,))
    shown = "".join(words(result, "ins")) + "".join(words(result, "del"))
    assert len(shown) < 40  # the words, not the clause


def test_capital_letters_alone_are_listed_apart() -> None:
    result = compare(LAW, LAW.replace("Ngân sách tỉnh", "Ngân sách Tỉnh"))
    assert result.identical
    assert [(c.article, c.old, c.new) for c in result.capitals] == [("3", "tỉnh", "Tỉnh")]


ANNEX = """Nơi nhận:
- Ủy ban nhân dân tỉnh.
CHỦ TỊCH
PHỤ LỤC
Phân bổ kinh phí
Xã Mường Khương: 1.500 triệu đồng
Xã Bát Xát: 2.700 triệu đồng
"""


def test_figures_swapped_in_an_annex_are_a_change() -> None:
    swapped = ANNEX.replace("1.500", "x").replace("2.700", "1.500").replace("x", "2.700")
    result = compare(LAW + ANNEX, LAW + swapped)
    assert [change.kind for change in result.changes] == ["closing"]
    assert "".join(words(result, "ins")) == "27001500"


HEAD = """HỘI ĐỒNG NHÂN DÂN
TỈNH LÀO CAI
Số: 12/2026/NQ-HĐND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Lào Cai, ngày 21 tháng 5 năm 2026
"""


def test_a_letterhead_comes_out_in_any_order_and_nothing_below_it_does() -> None:
    columns = (
        "HỘI ĐỒNG NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTỈNH LÀO CAI\t"
        "Độc lập - Tự do - Hạnh phúc\nSố: 12/2026/NQ-HĐND\tLào Cai, ngày 21 tháng 5 năm 2026\n"
    )
    report = "BÁO CÁO\nVề việc chi ngân sách\nThu 12 tỷ đồng, chi 21 tỷ đồng.\n"
    for text in (LAW, report):
        assert compare(HEAD + text, columns + text).identical
        renumbered = HEAD.replace("12/", "21/").replace("ngày 21", "ngày 12")
        assert not compare(HEAD + text, renumbered + text).identical
    assert not compare(HEAD + LAW, HEAD + LAW.replace("mức hỗ trợ", "hỗ trợ mức", 1)).identical
    assert not compare(
        HEAD + report, HEAD + report.replace("Thu 12 tỷ đồng, chi 21", "Thu 21 tỷ đồng, chi 12")
    ).identical


def _paged(rows: list[list[str]], numbers: bool = True) -> str:
    return "\f".join(
        "\n".join([*([str(n)] if numbers and n > 1 else []), *page])
        for n, page in enumerate(rows, 1)
    )


def test_a_figure_at_the_edge_of_a_page_is_no_page_number() -> None:
    pages = [
        [f"Trường {'abcdefg'[n]} dạy {'xyztuvw'[n]} lớp, kinh phí", str(100 + 17 * n * n)]
        for n in range(7)
    ]
    old = _paged(pages)
    for n in range(7):
        changed = [list(page) for page in pages]
        changed[n][1] = "999"
        result = compare(old, _paged(changed))
        assert "".join(words(result, "ins")) == "999", n
    assert compare(old, _paged(pages, numbers=False)).identical
    two = ["Phần một của báo cáo", "Phần hai của báo cáo"]
    assert compare("\n".join(two), _paged([[line] for line in two])).identical
    assert not compare("\n".join(two), f"{two[0]}\f{two[1]}\n37").identical


def test_what_every_page_repeats_is_not_hidden_when_it_changes() -> None:
    def sheet(unit: str, total: int) -> str:
        return "\f".join(
            f"Đơn vị tính: {unit}\nXã {'abcdef'[n]} nhận {'xyztuv'[n]} phần\nCộng: {n * total}"
            for n in range(6)
        )

    old = sheet("triệu đồng", 31)
    assert "".join(words(compare(old, sheet("nghìn đồng", 31)), "ins")) == "nghìn"
    assert not compare(old, sheet("triệu đồng", 37)).identical
    assert compare(old, old.replace("\nXã", "\r\nXã")).identical


def test_a_number_that_falls_apart_is_a_change() -> None:
    assert not compare("Mức thu 105 đồng.", "Mức thu 10 5 đồng.").identical


def test_an_article_put_in_the_middle_leaves_the_others_unchanged() -> None:
    longer = LAW.replace("Điều 4.", "Điều 5.").replace(
        "Điều 3.", "Điều 3. Thủ tục\nHồ sơ gửi đến Sở trước ngày 15 hằng tháng.\nĐiều 4."
    )
    result = compare(LAW, longer)
    assert [(c.status, c.old_key, c.new_key) for c in result.changes] == [
        ("added", "", "3"),
        ("same", "3", "4"),
        ("same", "4", "5"),
    ]
    assert result.changes[1].renumbered
    assert not any(change.moved for change in result.changes)
    back = compare(longer, LAW)
    assert [(c.status, c.old_key) for c in back.changes if c.status == "removed"] == [
        ("removed", "3")
    ]
    assert back.old_to_new == {"1": "1", "2": "2", "4": "3", "5": "4"}


def test_an_article_that_stands_elsewhere_is_moved() -> None:
    head, one, two, three, four = LAW.replace("Điều ", "\vĐiều ").split("\v")
    moved = head + "".join(
        part.replace(part[:7], f"Điều {n}.") for n, part in enumerate((three, one, two, four), 1)
    )
    result = compare(LAW, moved)
    assert [(c.old_key, c.new_key) for c in result.changes if c.moved] == [("3", "1")]
    assert not result.inserted


def test_a_rewritten_article_is_one_change_and_not_a_mosaic() -> None:
    new = "Quỹ phát triển giáo dục chi trả; huyện không còn trong dự toán của năm sau."
    old = LAW.split("kinh phí\n")[1].split("\n")[0]
    result = compare(LAW, LAW.replace(old, new))
    assert [change.status for change in result.changes] == ["changed"]
    assert len(words(result, "del")) <= 2


def test_a_report_without_articles_shows_the_paragraphs_that_changed() -> None:
    lines = [f"Đoạn thứ {n} của báo cáo nói về việc số {n}." for n in range(60)]
    changed = [*lines]
    changed[30] = changed[30].replace("báo cáo", "bản giải trình")
    del changed[45]
    result = compare("\n".join(lines), "\n".join(changed))
    [change] = result.changes
    assert len(change.paragraphs) == 6
    assert sum(p.skipped for p in change.paragraphs) + change.rest + 6 == 60
    assert "".join(words(result, "ins")).strip() == "bản giải trình"


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from("abcde"), max_size=40), st.lists(st.sampled_from("abcde"), max_size=40)
)
def test_the_changes_turn_the_old_words_into_the_new(old: list[str], new: list[str]) -> None:
    out: list[str] = []
    at = 0
    for i, j, k, m in changes(old, new):
        assert at <= i <= j
        out += [*old[at:i], *new[k:m]]
        at = j
    assert out + old[at:] == new


def test_large_texts_with_nothing_in_common_end() -> None:
    old, new = [f"a{n}" for n in range(30_000)], [f"b{n}" for n in range(30_000)]
    assert changes(old, new) == [(0, 30_000, 0, 30_000)]


@pytest.mark.data
@pytest.mark.skipif(not (DATA / "documents").is_dir(), reason="needs the data folder")
def test_a_law_and_its_gazette_differ_by_typography_only() -> None:
    from bench.redline import text_of

    word = text_of(DATA / "documents/luat-55-2024-qh15.docx")
    gazette = text_of(DATA / "documents/congbao-luat-55-2024-pccc.pdf")
    result = compare(word, gazette)
    assert result.identical, result.changes
    assert result.unchanged == 55
    assert {c.article for c in result.capitals} == {"20"}  # «trung ương» / «Trung ương»
    changed = compare(word, gazette.replace("08 chỗ", "16 chỗ"))
    assert [(c.new_key, c.places) for c in changed.changes] == [("2", ("khoản 10",))]

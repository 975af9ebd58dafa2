from __future__ import annotations

from nghitruong.lib.filing import PageJump, item_hint, match_item, missing_annexes, page_jumps


def pages(*numbers):
    return [f"{n}\nnội dung trang" if n else "nội dung trang bìa" for n in numbers]


def test_numbers_in_order_and_a_new_count_are_right():
    assert page_jumps(pages(None, 2, 3, 4, 5)) == []
    assert page_jumps(pages(None, 2, 3, 1, 2, 3)) == []  # an annex begins anew
    assert page_jumps(["- 1 -\na", "- 2 -\nb", "- 3 -\nc"]) == []


def test_a_missing_page_and_pages_mixed_up_are_told():
    assert page_jumps(pages(None, 2, 3, 5, 6)) == [PageJump(4, 4, 5)]
    assert page_jumps(pages(None, 2, 4, 3, 5)) == [
        PageJump(3, 3, 4),
        PageJump(4, 5, 3),
        PageJump(5, 4, 5),
    ]


def test_two_stray_figures_are_no_page_numbers():
    assert page_jumps(["a\n17", "b", "c\n42"]) == []


def test_annexes_named_and_not_there():
    body = "Chi tiết tại Phụ lục I kèm theo và Phụ lục II kèm theo Nghị quyết này."
    assert missing_annexes([body]) == ["Phụ lục I", "Phụ lục II"]
    assert missing_annexes([body, "PHỤ LỤC I\nDanh mục"]) == ["Phụ lục II"]
    assert missing_annexes([body, "Phụ lục 1\n(Kèm theo)\n"], ["Phu luc 02 - danh muc.xlsx"]) == []


def test_an_annex_without_a_number():
    body = "Phê duyệt danh mục công trình (có Phụ lục danh mục kèm theo)."
    assert missing_annexes([body]) == ["Phụ lục"]
    assert missing_annexes([body, "PHỤ LỤC\nDanh mục"]) == []
    assert missing_annexes([body], ["PL danh muc.pdf"]) == []


def test_an_annex_of_another_text_is_not_missed():
    assert missing_annexes(["Thực hiện theo Phụ lục III Nghị định số 30/2020/NĐ-CP."]) == []


def test_folders_point_at_items():
    assert item_hint("Nội dung 3 - Phân bổ ngân sách").ordinal == 3
    assert item_hint("03. Phan bo").ordinal == 3
    assert item_hint("Tờ trình").ordinal is None
    assert item_hint("213-TTr-UBND").ordinal is None


def test_a_paper_finds_its_item_by_telling_words():
    items = [
        "Tờ trình về phân bổ ngân sách địa phương năm 2027",
        "Tờ trình về biên chế công chức năm 2027",
        "Khai mạc",
    ]
    assert match_item(["213-TTr phan bo ngan sach dia phuong 2027.pdf"], items) == 0
    assert match_item(["Báo cáo thẩm tra biên chế công chức"], items) == 1
    assert match_item(["Báo cáo kinh tế - xã hội"], items) is None
    assert match_item([], items) is None

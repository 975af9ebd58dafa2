# ruff: noqa: E501  # heads of papers, line by line as they are printed
from __future__ import annotations

import json
import os
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from nghitruong.lib.filing import propose
from nghitruong.lib.filing.codes import written
from nghitruong.lib.filing.names import facts_of

HEAD = """ỦY BAN NHÂN DÂN
TỈNH LÀO CAI
Số: {number}
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Lào Cai, ngày {day}
{kind}
{subject}
Căn cứ Nghị quyết số 99/2024/NQ-HĐND ngày 10 tháng 12 năm 2024;
"""


def head(number="213/TTr-UBND", day="12 tháng 11 năm 2026", kind="TỜ TRÌNH", subject="Về phân bổ"):
    return HEAD.format(number=number, day=day, kind=kind, subject=subject)


def test_the_head_of_a_paper_gives_everything():
    found = propose("quet0001.pdf", head(subject="Về phân bổ ngân sách\nđịa phương năm 2027"))
    assert found.number == "213/TTr-UBND"
    assert found.kind == "TTr"
    assert found.kind_name == "Tờ trình"
    assert found.issuer == "Ủy ban nhân dân tỉnh Lào Cai"
    assert found.dated == date(2026, 11, 12)
    assert found.title == "Tờ trình về phân bổ ngân sách địa phương năm 2027"
    assert set(found.sources.values()) == {"text"}


def test_a_stamp_beside_the_heading_does_not_hide_the_subject():
    text = head(kind="1| 202 Š TỜ TRÌNH", subject="CÔNG VĂN ĐẾN VỀ BIÊN CHẾ CỦA TỈNH LÀO CAI")
    assert propose("x.pdf", text).title == "Tờ trình về biên chế của tỉnh Lào Cai"


def test_a_number_on_the_line_below_is_still_its_number():
    text = "QUỐC HỘI\n______\nLuật số:\n27/2001/QH10\nCỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM\nLUẬT\nPHÒNG CHÁY\n"
    found = propose("af44ec.docx", text)
    assert (found.number, found.kind, found.issuer) == ("27/2001/QH10", "L", "Quốc hội")


def test_numbers_cited_in_the_body_are_not_the_papers_own():
    text = head(number="       /TTr-UBND")
    assert propose("quet.pdf", text).number == ""
    assert propose("quet.pdf", text).kind == "TTr"


def test_the_name_lends_the_figures_the_page_left_blank():
    found = propose("213-TTr-UBND phan bo.pdf", head(number="     /TTr-UBND"))
    assert found.number == "213/TTr-UBND"
    assert found.sources["number"] == "text+name"


def test_a_stamp_over_the_number_leaves_the_symbol():
    scanned = "BỘ CÔNG AN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n[oiNemôemal0o25/TT-BCA Hà Nội, ngày 01 tháng 7 năm 2025\n_. ma THÔNG TƯ\nSửa đổi một số điều\nCăn cứ Luật\n"
    found = propose("bca-tt-53-2025.pdf", scanned)
    assert found.number == "53/2025/TT-BCA"
    assert (found.issuer, found.kind, found.dated) == ("Bộ Công an", "TT", date(2025, 7, 1))
    assert propose("4b2f53_03.pdf", scanned).number == ""


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("HỘI ĐỒNG NHÂN DÂN\nTỈNH BÌNH DƯƠNG\nĐOÀN GIÁM SÁT\nSố: 11/TB-ĐGS\nTHÔNG BÁO\n", "Đoàn giám sát Hội đồng nhân dân tỉnh Bình Dương"),
        ("HỘI ĐÓNG NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTHÀNH PHÓ HÀ NỘI Độc lập - Tự do\nSố: 12/2025/NQ-HĐND\nNGHỊ QUYẾT\n", "Hội đồng nhân dân thành phố Hà Nội"),
        ("UBND TỈNH LÀO CAI\nSỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG\nSố: 45/BC-SNNMT\nBÁO CÁO\n", "Sở Nông nghiệp và Môi trường"),
        ("SỞ GDĐT TỈNH ĐỒNG THÁP\nTRƯỜNG THPT ĐỐC BINH KIỀU\nSố:     /KH-THPTĐBK\nKẾ HOẠCH\n", "Trường THPT Đốc Binh Kiều"),
        ("NGHỊ QUYẾT\nVỀ\nCHƯƠNG TRÌNH GIÁM SÁT\nHỘI ĐỒNG NHÂN DÂN TỈNH HẬU GIANG\nKHÓA IX KỲ HỌP THỨ SÁU\nCăn cứ", "Hội đồng nhân dân tỉnh Hậu Giang"),
        ("C N P Ủ\nSố: 47/2020/NĐ-CP\nNG Ị ĐỊN\n", "Chính phủ"),
    ],
)  # fmt: skip
def test_issuers(text, issuer):
    assert propose("x.pdf", text).issuer == issuer


def test_a_verification_report_a_draft_and_an_annulling_decision():
    report = propose("a.pdf", head("9/BC-BKTNS", kind="BÁO CÁO", subject="Thẩm tra dự toán"))
    assert report.kind == "BCTT"
    draft = propose("Du thao Nghi quyet phan bo.docx", "DỰ THẢO\nNGHỊ QUYẾT\nVề phân bổ\nCăn cứ")
    assert draft.draft
    assert draft.kind == "NQ"
    assert draft.number == ""
    gazette = "22 CÔNG BÁO/Số 1535 + 1536/Ngày 30-12-2024\nQUỐC HỘI\nLuật số: 55/2024/QH15\nLUẬT\nPHÒNG CHÁY\nCăn cứ"
    law = propose("01.pdf", gazette, ending="Luật này được Quốc hội khóa XV thông qua ngày 29 tháng 11 năm 2024.")  # fmt: skip
    assert (law.number, law.kind, law.dated) == ("55/2024/QH15", "L", date(2024, 11, 29))


def test_an_old_decree_has_a_date_and_no_number():
    text = "SẮC LỆNH\nCỦA CHỦ TỊCH CHÍNH PHỦ SỐ 1 NGÀY 30 THÁNG 8 NĂM 1945\n\nCHỦ TỊCH CHÍNH PHỦ\nVIỆT NAM DÂN CHỦ CỘNG HOÀ\n\nChiểu theo bản tuyên cáo"
    found = propose("45000001.DOC", text)
    assert (found.number, found.kind, found.dated) == ("", "SL", date(1945, 8, 30))


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("213-TTr-UBND phân bổ ngân sách.pdf", "213/TTr-UBND"),
        ("213_TTr-UBND ngày 12.11.2026.pdf", "213/TTr-UBND"),
        ("hanoi-qd-33-2025-ubnd.pdf", "33/2025/QĐ-UBND"),
        ("hdnd-binhduong-tb-11-dgs-2021.pdf", "11/TB-ĐGS"),
        ("luat-19-2023-qh15.doc", "19/2023/QH15"),
        ("604_QD-TTg_700112.docx", "604/QĐ-TTg"),
        ("btc-tt-02-2021.pdf", "02/2021/TT-BTC"),
        ("01-2017-nq-hđnd.md", "01/2017/NQ-HĐND"),
        ("1. Tờ trình phân bổ ngân sách 2027.pdf", ""),
        ("sl-1945-45000001.doc", ""),
        ("Báo cáo năm 2026.docx", ""),
        ("kh-truong-hoc-nd30-2026.docx", ""),
    ],
)
def test_whole_numbers_of_names_with_and_without_marks(name, whole):
    assert facts_of(name).whole == whole
    assert facts_of(unicodedata.normalize("NFD", name)).whole == whole


def test_names_tell_dates_and_titles():
    found = propose("03. Tờ trình phân bổ vốn ngày 12.11.2026.pdf")
    assert found.dated == date(2026, 11, 12)
    assert found.title == "Tờ trình phân bổ vốn ngày 12.11.2026"
    assert found.kind == "TTr"
    assert propose("ảnh quét (1).pdf", folders=["Tờ trình"]).kind == "TTr"


def test_symbols_get_their_letters_back():
    assert written("ttr-ubnd") == "TTr-UBND"
    assert written("QD-TTG") == "QĐ-TTg"
    assert written("KH-THPTĐBK") == "KH-THPTĐBK"


CORPUS = Path(os.environ.get("NGHITRUONG_DATA", "../shared/data")) / "corpus" / "nq_hdnd_2017.jsonl"


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not on this machine")
def test_real_resolutions_of_sixteen_provinces():
    rows = [json.loads(line) for line in CORPUS.read_text().splitlines()]
    names = sum(facts_of(row["file"]).whole == row["no"] for row in rows if row["no"])
    issuers = sum(
        propose("x", row["text"][:4000]).issuer.replace("Hội đồng nhân dân", "HĐND")
        == row["council"]
        for row in rows
    )
    assert names >= 0.98 * sum(bool(row["no"]) for row in rows)
    assert issuers >= 0.8 * len(rows)

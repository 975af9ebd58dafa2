from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nghitruong.lib.numbers import (
    DocumentNumber,
    grouped,
    in_words,
    parse_document_number,
    percent,
    percent_text,
    share_text,
)


@pytest.mark.parametrize(
    ("part", "total", "text"),
    [
        (46, 50, "92,00 %"),
        (58, 61, "95,08 %"),
        (1, 3, "33,33 %"),
        (2, 3, "66,67 %"),
        (1, 800, "0,13 %"),  # 0,125 goes up
        (0, 61, "0,00 %"),
        (61, 61, "100,00 %"),
    ],
)
def test_percentages_have_two_decimals_half_up(part, total, text):
    assert percent_text(part, total) == text


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_percentage_is_within_half_a_hundredth(part, total):
    exact = Decimal(part * 100) / total
    assert abs(percent(part, total) - exact) <= Decimal("0.005")


def test_percent_of_nothing_is_refused():
    for part, total in ((1, 0), (-1, 5), (1, -5)):
        with pytest.raises(ValueError):
            percent(part, total)


def test_shares_and_thousands():
    assert share_text(46, 50) == "46/50 (92,00 %)"
    assert grouped(1234567) == "1.234.567"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (1, "một"),
        (10, "mười"),
        (11, "mười một"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi bốn"),
        (51, "năm mươi mốt"),
        (55, "năm mươi lăm"),
        (61, "sáu mươi mốt"),
        (100, "một trăm"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (115, "một trăm mười lăm"),
        (1000, "một nghìn"),
        (1005, "một nghìn không trăm linh năm"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
        (1_000_000, "một triệu"),
        (1_000_001, "một triệu không trăm linh một"),
        (2_530_000, "hai triệu năm trăm ba mươi nghìn"),
        (3_000_000_000, "ba tỷ"),
        (1_000_000_005, "một tỷ không trăm linh năm"),
        (-3, "âm ba"),
    ],
)
def test_numbers_in_words(number, words):
    assert in_words(number) == words


@given(st.integers(0, 10**12))
def test_words_are_clean(number):
    words = in_words(number)
    assert words == " ".join(words.split())
    assert words


@given(st.integers(0, 99_999), st.integers(0, 99_999))
def test_different_numbers_have_different_words(one, two):
    assert (in_words(one) == in_words(two)) == (one == two)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12/NQ-HĐND", DocumentNumber(12, "NQ-HĐND")),
        ("12/2025/NQ-HĐND", DocumentNumber(12, "NQ-HĐND", 2025)),
        ("Số: 01/2026/nq-hđnd", DocumentNumber(1, "NQ-HĐND", 2026)),
        ("104/2025/UBTVQH15", DocumentNumber(104, "UBTVQH15", 2025)),
        ("15a/BC-BPC", DocumentNumber(15, "BC-BPC", None, "a")),
        ("30/2020/NĐ-CP", DocumentNumber(30, "NĐ-CP", 2020)),
        (" 7 / TTr - UBND ", DocumentNumber(7, "TTR-UBND")),
    ],
)
def test_document_numbers_are_read(text, number):
    assert parse_document_number(text) == number


@pytest.mark.parametrize("text", ["", "NQ-HĐND", "12", "/NQ", "12/", "12/2025", "mười/NQ"])
def test_what_is_no_document_number_is_refused(text):
    with pytest.raises(ValueError):
        parse_document_number(text)


@given(
    st.integers(1, 99_999),
    st.sampled_from(["NQ-HĐND", "BC-BPC", "QH15"]),
    st.one_of(st.none(), st.integers(1945, 2099)),
    st.sampled_from(["", "a", "b"]),
)
def test_written_numbers_are_read_back(number, symbol, year, suffix):
    written = DocumentNumber(number, symbol, year, suffix)
    assert parse_document_number(str(written)) == written


def test_a_number_under_ten_has_a_zero():
    assert str(DocumentNumber(7, "NQ-HĐND", 2026)) == "07/2026/NQ-HĐND"

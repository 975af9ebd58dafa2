from __future__ import annotations

import re

import pytest
import tantivy
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from nghitruong.council.search.analysis import (
    NUMBER,
    _number,
    cited_numbers,
    flat,
    folded,
    lower,
    number_tokens,
    plain,
    understand,
    words,
)
from nghitruong.council.search.backends.embedded import _register, _schema
from nghitruong.council.search.snippets import marked, snippet
from nghitruong.lib.text import fold, nfc

LETTERS = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)
TEXT = st.text(alphabet=LETTERS + LETTERS.upper() + " .,;/-–\n\"'«»()0123456789", max_size=200)


@given(TEXT)
def test_tantivy_sees_the_same_words_as_we_do(text):
    index = tantivy.Index(_schema())
    _register(index)
    filters = tantivy.Filter
    plain = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(filters.lowercase())
    assert plain.build().analyze(nfc(text)) == words(text)
    flat = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(filters.lowercase())
    assert flat.filter(filters.ascii_fold()).build().analyze(nfc(text)) == folded(words(text))


@given(TEXT)
def test_the_fast_fold_is_the_fold(text):
    text = nfc(text)
    assert flat(text) == fold(text).replace("«", " ").replace("»", " ").replace("–", " ")
    assert plain(text).decode().split() == folded(words(text))
    assert len(lower(text).split()) == len(words(text))


@given(st.text(max_size=60))
def test_the_fast_fold_keeps_the_length_of_any_text(text):
    assert len(flat(nfc(text))) == len(nfc(text))


@pytest.mark.parametrize(
    ("number", "tokens"),
    [
        ("12/2025/NQ-HĐND", ["12/2025/nq-hdnd", "12/nq-hdnd", "12/2025"]),
        ("04/NQ-HĐND", ["4/nq-hdnd"]),
        ("45/2019/QH14", ["45/2019/qh14", "45/qh14", "45/2019"]),
        ("", []),
    ],
)
def test_a_number_is_one_word_in_all_its_short_forms(number, tokens):
    assert number_tokens(number) == tokens


def test_numbers_in_a_text_are_found_whole():
    text = "Theo Nghị quyết số 12/2025/NQ-HĐND và Luật 45/2019/QH14; khoảng 3/4 diện tích"
    assert cited_numbers(text) == {"12/2025/nq-hdnd", "45/2019/qh14"}


@given(st.lists(st.sampled_from([*"12/- NQĐ", "2025", "/QH15", "12/2025/NQ-HĐND"])).map("".join))
def test_numbers_are_found_as_by_reading_the_whole_text(text):
    assert cited_numbers(text) == {_number(match) for match in NUMBER.finditer(text)}


def test_a_question_is_taken_apart():
    asked = understand('Điều 12 luật đất đai "quy hoạch sử dụng" 12/2025/NQ-HĐND')
    assert asked.article == "12"
    assert asked.law[:3] == ("luat", "dat", "dai")
    assert asked.phrases == (("quy", "hoach", "su", "dung"),)
    assert asked.numbers == ("12/2025/nq-hdnd",)
    plain = understand("dieu 12 khoan 3 luat dat dai")
    assert (plain.article, plain.law) == ("12", ("luat", "dat", "dai"))
    assert understand("   ").empty
    assert understand("BLDS").tokens == ("bộ", "luật", "dân", "sự")
    assert understand("Cảng cạn trong hàng hải là gì?").defines == "cang can la"
    assert "gi" not in understand("Cảng cạn là gì?").folds


@given(TEXT, TEXT)
def test_a_snippet_is_the_text_itself_with_marks(question, text):
    asked = understand(question)
    shown = marked(asked, text)
    assert nfc(text) == _unescape(strip_tags_only_marks(shown))
    assert len(strip_tags(snippet(asked, text))) < 340


def strip_tags_only_marks(html):
    return re.sub(r"</?mark>", "", html)


def _unescape(html):
    import html as lib

    return lib.unescape(html)


def test_a_snippet_keeps_accents_and_marks_hits_of_a_question_without():
    text = nfc("Nhà nước quyết định quy hoạch sử dụng đất, kế hoạch sử dụng đất.")
    assert "<mark>quy hoạch</mark>" in snippet(understand("quy hoach"), text)
    assert "<mark>Đất đai</mark>" in marked(understand("dat dai"), "Luật Đất đai")
    assert fold("Đất đai") == "dat dai"


def test_a_word_in_other_letters_marks_no_row_of_dots():
    text = "Kính gửi: ........................................ về quy hoạch"
    assert "<mark>" not in marked(understand("москва 中国"), text)
    assert marked(understand("москва quy hoạch"), text).count("<mark>") == 1


def test_of_two_spellings_only_the_one_that_was_asked_is_marked():
    shown = marked(understand("bàn"), "Họp bàn về bán đấu giá")
    assert shown == "Họp <mark>bàn</mark> về bán đấu giá"


def test_a_script_in_a_text_is_harmless():
    shown = snippet(understand("script"), "<script>alert(1)</script>")
    assert "<script" not in shown
    assert "&lt;<mark>script</mark>&gt;" in shown

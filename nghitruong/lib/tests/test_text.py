import csv
import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nghitruong.lib.text import (
    fold,
    nfc,
    normalize_tones,
    same_name,
    slugify_vn,
    sort_key,
    split_name,
    text_key,
)

VIETNAMESE = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)


def mixed(items):
    return random.Random(7).sample(items, len(items))


words = st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + " ", max_size=30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đỗ Quang Khải", "do quang khai"),
        ("ĐẶC KHU PHÚ QUỐC", "dac khu phu quoc"),
        ("Giàng A Dũng", "giang a dung"),
        ("Ưu Ớt Ỵ", "uu ot y"),
        ("Êban Ŏ č Ƀ", "eban o c b"),
        (unicodedata.normalize("NFD", "Nguyễn"), "nguyen"),
    ],
)
def test_fold_strips_case_and_marks(text, expected):
    assert fold(text) == expected


@given(st.text())
def test_fold_keeps_the_length_so_hits_map_back(text):
    assert len(fold(text)) == len(nfc(text))


@given(words)
def test_fold_of_vietnamese_is_ascii_and_stable(text):
    assert fold(text).isascii()
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


def test_a_hit_in_folded_text_marks_the_same_letters():
    text = "Nghị quyết của Hội đồng nhân dân"
    at = fold(text).index(fold("HOI DONG"))
    assert text[at : at + 8] == "Hội đồng"


def test_letters_sort_in_the_order_of_the_alphabet():
    letters = list("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")
    assert sorted(mixed(letters), key=text_key) == letters


def test_tones_sort_ngang_huyen_hoi_nga_sac_nang():
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(mixed(tones), key=text_key) == tones


def test_letters_weigh_more_than_tones_within_a_syllable_and_syllables_go_first():
    expected = ["An", "Ạn", "Ăn", "Ân", "Hoa Bình", "Hòa An", "Hoan", "Hô"]
    assert sorted(mixed(expected), key=text_key) == expected


def test_d_with_stroke_comes_after_d():
    assert sorted(["Đa", "Du", "Da", "E"], key=text_key) == ["Da", "Du", "Đa", "E"]


def test_numbers_sort_by_value_before_letters():
    names = ["Tổ số 1", "Tổ số 2", "Tổ số 10", "Tổ số một"]
    assert sorted(mixed(names), key=text_key) == names


def test_people_sort_by_given_name_then_family_then_middle():
    people = [
        "Nguyễn Văn An",
        "Trần Thị Bình",
        "Lê Thị Cúc",
        "Giàng A Dũng",
        "Đặng Thị Đào",
        "Phạm Thị Em",
        "Đỗ Quang Khải",
        "Nguyễn An Khải",
        "Nguyễn Ân Khải",
        "Nguyễn Văn Khải",
    ]
    assert sorted(mixed(people), key=sort_key) == people


def test_a_given_name_that_is_not_last_may_be_named():
    assert sort_key("H'Hen Niê", given="H'Hen").startswith(text_key("H'Hen"))


@given(words, words)
def test_keys_are_plain_ascii_and_equal_for_both_normal_forms(one, two):
    key = sort_key(one)
    assert key == "" or (key.isascii() and key.isalnum() and key == key.lower())
    assert sort_key(unicodedata.normalize("NFD", one)) == key
    assert (text_key(one) < text_key(two)) == (text_key(one).encode() < text_key(two).encode())


@given(words)
def test_a_key_orders_a_name_before_its_own_longer_forms(word):
    assert text_key(word) <= text_key(word + " an")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yên Hoà", "Yên Hòa"),
        ("Yên Hòa", "Yên Hòa"),
        ("khoẻ khoắn", "khỏe khoắn"),
        ("Thanh Thuỷ", "Thanh Thủy"),
        ("quý", "quý"),
        ("qúy", "quý"),
        ("Quỳ Hợp", "Quỳ Hợp"),
        ("hoàn toàn", "hoàn toàn"),
        ("HOÀ", "HÒA"),
        ("luỹ thuỵ", "lũy thụy"),
    ],
)
def test_tone_marks_are_put_at_one_place(text, expected):
    assert normalize_tones(text) == expected


@given(words)
def test_placing_tones_twice_changes_nothing(text):
    once = normalize_tones(text)
    assert normalize_tones(once) == once
    assert same_name(text, unicodedata.normalize("NFD", text.upper()))


def test_slug_has_only_what_an_address_may_have():
    assert slugify_vn("Tỉnh Lào Cai") == "tinh-lao-cai"
    assert slugify_vn("  Xã Mậu A (Văn Yên) ") == "xa-mau-a-van-yen"
    assert slugify_vn("Phường Đ’ran") == "phuong-d-ran"


def test_names_split_into_family_middle_given():
    name = split_name("  Nguyễn  Thị Minh Khai ")
    assert (name.family, name.middle, name.given) == ("Nguyễn", "Thị Minh", "Khai")
    assert name.full == "Nguyễn Thị Minh Khai"
    assert split_name("An").given == "An"
    assert split_name("Giàng Dũng").middle == ""
    assert split_name("") == split_name("   ")


def test_all_units_spelt_two_ways_are_recognised_as_the_same():
    path = Path(__file__).parent / "data" / "tone_mark_variants.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    assert len(rows) == 191
    for row in rows:
        one, other = row["spelling_a"], row["spelling_b"]
        assert one != other
        assert normalize_tones(one).lower() == normalize_tones(other).lower()
        assert same_name(one, other)
        assert text_key(one) == text_key(other)

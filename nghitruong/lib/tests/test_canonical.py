import json
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nghitruong.lib.canonical import _plain, _quick, canonical, digest, salted_digest

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(text.map(lambda s: unicodedata.normalize("NFC", s)), inner, max_size=4)
    ),
    max_leaves=12,
)


leaves = st.none() | st.booleans() | text | st.uuids() | st.integers(-(2**60), 2**60)
leaves |= st.datetimes(timezones=st.just(UTC)) | st.floats(allow_nan=True) | st.dates()
anything = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("aeĐ́Ａ😀", max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(anything)
def test_the_quick_way_writes_the_very_same_bytes(value):
    quick = _quick(value)
    if quick is not None:
        plain = json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))
        assert quick == plain.encode()


def test_every_letter_is_written_alike_both_ways():
    letters = "".join(map(chr, [*range(0x300), 0x2028, 0xFEFF, 0x1F600]))
    quick = _quick({"a": letters})
    assert quick == json.dumps({"a": letters}, ensure_ascii=False, separators=(",", ":")).encode()


def test_keys_are_sorted_and_nothing_is_wasted():
    assert canonical({"b": [1, True, None], "a": "Đ"}) == '{"a":"Đ","b":[1,true,null]}'.encode()


def test_keys_sort_by_utf16_as_rfc_8785_says():
    written = canonical({"\uff21": 1, "\U0001f600": 2}).decode()
    assert written.index("\U0001f600") < written.index("\uff21")


def test_both_normal_forms_have_one_digest():
    assert digest({"tên": "Mậu A"}) == digest(
        {unicodedata.normalize("NFD", "tên"): unicodedata.normalize("NFD", "Mậu A")}
    )


def test_the_digest_is_the_sha256_of_the_bytes():
    # sha256 of b"{}"
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_times_dates_ids_and_decimals_have_one_form():
    moment = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)
    hanoi = moment.astimezone(timezone(timedelta(hours=7)))
    assert canonical(moment) == canonical(hanoi) == b'"2026-12-08T01:00:00.000000Z"'
    assert canonical(date(2026, 12, 8)) == b'"2026-12-08"'
    assert canonical(UUID(int=1)) == b'"00000000-0000-0000-0000-000000000001"'
    assert canonical(Decimal("92.00")) == b'"92.00"'


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        {(1,): "a"},
        {True: 1},
        datetime(2026, 1, 1),  # noqa: DTZ001
        2**53,
        {1, 2},
        b"x",
        Decimal("NaN"),
    ],
)
def test_what_has_no_single_form_is_refused(value):
    with pytest.raises(TypeError):
        canonical(value)


def test_two_keys_equal_in_nfc_are_refused():
    with pytest.raises(TypeError):
        canonical({"é": 1, "e\u0301": 2})


@given(values)
def test_reading_and_writing_again_gives_the_same_bytes(value):
    written = canonical(value)
    assert canonical(json.loads(written)) == written


def test_salt_changes_the_digest_and_cannot_be_shifted_into_the_payload():
    payload = {"choice": "yes"}
    assert salted_digest(b"a" * 16, payload) != salted_digest(b"b" * 16, payload)
    assert salted_digest(b"a" * 16, "x") != salted_digest(b"a" * 17, "x")
    with pytest.raises(ValueError):
        salted_digest(b"short", payload)

"""Which names say enough to be looked for everywhere."""

from __future__ import annotations

import pytest

from nghitruong.platform.storage import words


@pytest.mark.parametrize(
    "name",
    [
        "To-trinh-ve-kho-dan-K15",
        "Phuong_an_tac_chien_phong_thu_2026",
        "Phuong.an.tac.chien.pdf",
        "Tờ trình về kho đạn K15",
        "Tờ trình mật.pdf",
    ],
)
def test_a_name_of_several_words_is_looked_for_whatever_joins_them(name):
    assert words.specific([name]) == [name]


@pytest.mark.parametrize(
    "name", ["Tờ trình", "To-trinh.pdf", "Tờ trình.docx", "To_trinh__.docx", ""]
)
def test_a_common_name_is_not(name):
    assert words.specific([name]) == []

"""The library is what the data folder says; what did not change is left alone."""

from __future__ import annotations

import gzip
import json

import pytest

from nghitruong.council.search.loading import load, title_in
from nghitruong.council.search.models import Law, LawArticle

RULE = """LUẬT
TỔ CHỨC CHÍNH QUYỀN ĐỊA PHƯƠNG

Căn cứ Hiến pháp;

Điều 1. Đơn vị hành chính
1. Hai cấp.

Điều 2. Phân loại
Theo tiêu chí.
"""


def article(number, text, **about):
    row = {"article": number, "title": f"Tên điều {number}", "text": text, "topic": "Hộ tịch"}
    row |= {"doc_no": "60/2014/QH13", "doc_kind": "Luật", "effective": "2016-01-01", "source": ""}
    return row | about


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "corpus").mkdir()
    (tmp_path / "rules" / "72.txt").write_text(RULE)
    (tmp_path / "rules" / "index.csv").write_text(
        "file,number,kind,issued,effective,status,chars,title,url\n"
        "72.txt,72/2025/QH15,Luật,2025-06-16,2025-06-16,Còn hiệu lực,9,x,https://vbpl.vn/72\n"
    )
    (tmp_path / "corpus" / "phapdien_documents.csv").write_text(
        "doc_no,doc_kind,issued,effective,issuer,title\n"
        "60/2014/QH13,Luật,2014-11-20,2016-01-01,Quốc hội,Luật số 60/2014/QH13 Hộ tịch\n"
    )
    write(tmp_path, article("47", "Thủ tục đăng ký"), article("48", "Ghi vào sổ"))
    with gzip.open(tmp_path / "corpus" / "vbpl_docs_2025_2026.jsonl.gz", "wt") as file:
        row = {"doc_no": "249/2025/NĐ-CP", "kind": "Nghị định", "issued": "2025-09-19"}
        row |= {"effective": None, "status": None, "url": "https://vbpl.vn/249"}
        text = "NGHỊ ĐỊNH\nQuy định cơ chế\nthu hút chuyên gia\nCăn cứ Luật;\nĐiều 1. A\nB."
        file.write(json.dumps(row | {"text": text}) + "\n")
    (tmp_path / "corpus" / "nq_hdnd_2017.jsonl").write_text(
        json.dumps(
            {"no": "1/NQ-HĐND", "title": "VỀ PHÍ", "council": "HĐND tỉnh A", "text": "Mức phí"}
            | {"passed": "2017-07-13", "file": "a.md"}
        )
    )
    return tmp_path


def write(folder, *rows):
    with gzip.open(folder / "corpus" / "phapdien_articles.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def test_texts_come_with_articles_titles_and_provenance(folder, db):
    report = load(folder)
    assert (report.texts, report.articles) == (4, 8)
    titles = set(Law.objects.values_list("corpus", "title", "number"))
    assert titles == {
        ("rules", "Luật Tổ chức chính quyền địa phương", "72/2025/QH15"),
        ("vbpl", "Nghị định Quy định cơ chế thu hút chuyên gia", "249/2025/NĐ-CP"),
        ("codification", "Luật Hộ tịch", "60/2014/QH13"),
        ("resolutions", "Nghị quyết Về phí", "1/NQ-HĐND"),
    }
    second = LawArticle.objects.get(law__corpus="rules", number="2")
    assert second.heading == "Phân loại"
    assert "Theo tiêu chí." in second.text
    assert second.law.url == "https://vbpl.vn/72"


def test_a_second_run_changes_only_what_changed(folder, db):
    load(folder)
    kept = set(Law.objects.exclude(corpus="codification").values_list("pk", flat=True))
    again = load(folder)
    assert (again.texts, again.unchanged, again.gone) == (0, 4, 0)
    write(folder, article("47", "Thủ tục đăng ký, sửa đổi"))
    changed = load(folder)
    assert (changed.texts, changed.unchanged, changed.gone) == (1, 3, 1)
    assert kept < set(Law.objects.values_list("pk", flat=True))
    assert LawArticle.objects.get(law__corpus="codification").text.endswith("sửa đổi")


def test_a_number_cut_short_at_the_source_is_read_from_its_citation(folder, db):
    source = "(Điều 3 Thông tư liên tịch số 09/2001/TTLT-BCA-BTP ngày 1/1/2001)"
    write(folder, article("3", "x", doc_no="liên", doc_kind="Thông tư liên tịch", source=source))
    load(folder, ["codification"])
    assert Law.objects.get(corpus="codification").number == "09/2001/TTLT-BCA-BTP"


def test_a_title_in_capitals_is_written_as_a_sentence():
    assert title_in(RULE, "Luật") == "Tổ chức chính quyền địa phương"
    assert title_in("Điều 1", "Luật") == ""

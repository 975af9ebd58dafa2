"""Files that must not come in, and names typed on another machine, through the real pages.

Every file goes the way a browser sends it: tus over the views, as the clerk of papers.
"""

from __future__ import annotations

import base64
import json
import unicodedata
from pathlib import Path

import pytest
from django_scopes import scope

from nghitruong.council.papers.models import Paper, PaperVersion, SecretStub, Upload
from nghitruong.council.papers.tests.conftest import make_docx, make_pdf
from nghitruong.platform.audit.models import Entry
from nghitruong.session.meetings.models import AgendaItem
from nghitruong.session.voting import actions as voting


@pytest.fixture
def var(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    settings.FILES_DIR = tmp_path / "files"
    settings.UPLOADS_DIR = tmp_path / "uploads"
    return tmp_path


@pytest.fixture
def send(province, council, client, settings, var):
    """Send a file as Bình does: begin, bytes; the last answer."""
    client.force_login(
        province.people["binh"].account, backend=settings.AUTHENTICATION_BACKENDS[-1]
    )
    json_answer = {"Accept": "application/json"}

    def send(data: bytes, filename: str = "bao-cao.pdf", length: int | None = None, **about: str):
        about = {"kind": "report", "title": "Báo cáo thẩm tra", "filename": filename, **about}
        metadata = ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in about.items()
        )
        begun = client.post(
            f"/{council.slug}/tai-lieu/tai-len/",
            headers={
                **json_answer,
                "Upload-Length": str(len(data) if length is None else length),
                "Upload-Metadata": metadata,
            },
        )
        if begun.status_code != 201:
            return begun
        return client.patch(
            begun.json()["url"],
            data,
            content_type="application/offset+octet-stream",
            headers={**json_answer, "Upload-Offset": "0"},
        )

    return send


def told(response, status: int, code: str) -> str:
    body = json.loads(response.content)
    assert (response.status_code, body.get("code")) == (status, code), body
    return body["message"]


def kept_files(var: Path) -> list[Path]:
    return [path for path in var.rglob("*") if path.is_file()]


def test_a_file_above_three_hundred_megabytes_is_refused_before_its_first_byte(send, var):
    sentence = told(send(b"", length=300 * 1024 * 1024 + 1), 413, "too_large")
    assert sentence == (
        "Tệp nặng 300,0 MB, quá mức 300 MB mỗi tệp. Hãy giảm độ phân giải khi quét, hoặc "
        "tách thành nhiều tệp rồi tải lên."
    )
    assert kept_files(var) == []
    assert not Upload.objects.exists()


def test_more_bytes_than_announced_are_not_taken(send, var):
    response = send(make_pdf() + b"x" * 5000, length=100)
    assert response.status_code >= 400
    assert "Hãy" in json.loads(response.content)["message"]
    assert not PaperVersion.objects.exists()


def test_what_is_called_pdf_and_is_none_is_refused_with_what_to_do(send, var):
    program = b"MZ\x90\x00" + bytes(4000)
    page = b"<html><script>alert(1)</script></html>"
    refused = ((program, "file_program"), (page, "file_script"), (b"%PD", "file_unknown"))
    for data, code in refused:
        said = told(send(data), 422, code)
        assert "Hãy" in said, data[:8]
        assert said.endswith("mục nào đã khai vẫn còn."), data[:8]
    for data in (b"%PDF-1.7\n" + b"rubbish" * 500, b"PK\x03\x04 rubbish"):
        broken = told(send(data), 422, "file_broken")
        assert broken.startswith("Tệp bị hỏng, không đọc được.")
    assert told(send(b""), 422, "empty").startswith("Tệp rỗng")
    assert not Paper.objects.exists()
    assert kept_files(var) == []


def test_a_pdf_with_its_end_missing_is_refused_or_readable_never_half(send, var):
    whole = make_pdf(pages=20)
    response = send(whole[: len(whole) // 2])
    if response.status_code == 200:
        assert PaperVersion.objects.get().pages
    else:
        assert told(response, 422, "file_broken").startswith("Tệp bị hỏng")
        assert kept_files(var) == []


SECRET_END = (
    ": bí mật nhà nước không được đưa vào hệ thống này. Tệp đã bị xóa hoàn toàn; sổ tài liệu mật "
    "chỉ ghi số, độ mật và cơ quan ban hành. Hãy giao bản giấy theo quy định. "
    "Nếu tên tệp chỉ trùng chữ, hãy đổi tên tệp rồi tải lại."
)


@pytest.mark.parametrize(
    ("about", "data", "begin"),
    [
        (
            {"secrecy": "confidential"},
            make_pdf("phương án Kim Cương"),
            "Tài liệu được khai là «Mật»",
        ),
        (
            {"filename": "BC 12 (TỐI MẬT).pdf"},
            make_pdf("phương án Kim Cương"),
            "Tên tệp cho thấy tài liệu thuộc độ «Tối mật»",
        ),
        (
            {"filename": unicodedata.normalize("NFD", "BC 12 (TỐI MẬT).pdf")},
            make_pdf("phương án Kim Cương"),
            "Tên tệp cho thấy tài liệu thuộc độ «Tối mật»",
        ),
        ({}, make_pdf("TUYỆT MẬT\nphương án Kim Cương"), "Trang đầu của tệp có dấu độ «Tuyệt mật»"),
        (
            {"filename": "a.docx"},
            make_docx("MẬT", "phương án Kim Cương"),
            "Trang đầu của tệp có dấu độ «Mật»",
        ),
        (
            {},
            make_pdf(unicodedata.normalize("NFD", "MẬT\nphương án Kim Cương")),
            "Trang đầu của tệp có dấu độ «Mật»",
        ),
    ],
)
def test_a_paper_marked_secret_is_refused_and_leaves_no_trace(send, var, about, data, begin):
    about = {"number": "12/BC-CA", "title": "phương án Kim Cương", **about}
    response = send(data, **about)
    assert told(response, 422, "state_secret") == begin + SECRET_END
    assert "117/2025/QH15" in json.loads(response.content)["article"]
    assert not Paper.objects.exists()
    assert SecretStub.objects.get().number == "12/BC-CA"
    assert kept_files(var) == []
    # Its subject is in no row: not in the stub, the upload, nor the audit log.
    for model in (SecretStub, Upload, Entry):
        assert "Kim Cương" not in str(list(model.objects.values())), model


def test_titles_typed_in_decomposed_letters_are_stored_composed_and_found(send, council, client):
    typed = unicodedata.normalize("NFD", "Báo cáo về Mường Khương, Sỉn Chéng")
    name = unicodedata.normalize("NFD", "Tờ trình số 5.pdf")
    assert send(make_pdf(), name, title=typed).status_code == 200
    version = PaperVersion.objects.get()
    assert version.paper.title == "Báo cáo về Mường Khương, Sỉn Chéng"
    assert version.file_name == "Tờ trình số 5.pdf"
    for words in ("Sỉn Chéng", unicodedata.normalize("NFD", "Sỉn Chéng"), "sin cheng"):
        page = client.get(f"/{council.slug}/tai-lieu/", {"q": words})
        assert "Báo cáo về Mường Khương, Sỉn Chéng" in page.content.decode(), words


def test_a_question_in_decomposed_letters_is_the_same_question(sitting, chair, council):
    item = AgendaItem.objects.get(order=1)
    typed = unicodedata.normalize("NFD", "Thông qua  dự toán\u00a0ngân sách")
    with scope(council=council.pk):
        poll = voting.prepare_poll(item, by=chair, sitting=sitting, question=typed)
    assert poll.question == "Thông qua dự toán ngân sách"


def test_a_delegate_cannot_bring_a_file_in(province, council, client, settings, var):
    client.force_login(province.people["cuc"].account, backend=settings.AUTHENTICATION_BACKENDS[-1])
    response = client.post(
        f"/{council.slug}/tai-lieu/tai-len/",
        headers={"Accept": "application/json", "Upload-Length": "5"},
    )
    assert told(response, 403, "papers_not_yours").startswith("Chỉ thư ký phụ trách tài liệu")
    assert kept_files(var) == []

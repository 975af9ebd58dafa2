from __future__ import annotations

import pytest

from nghitruong.council.papers import actions, secrecy
from nghitruong.council.papers.models import Paper, SecretStub, Upload
from nghitruong.council.papers.tests.conftest import make_docx, make_pdf, send
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import Refused

SUBJECT = "Phương án bảo vệ mục tiêu X7"


@pytest.mark.parametrize(
    ("name", "degree"),
    [
        ("BC 12 - TỐI MẬT.pdf", "secret"),
        ("tuyet-mat_phuong-an.pdf", "top_secret"),
        ("[MẬT] Báo cáo.docx", "confidential"),
        ("(mat) bao cao.pdf", "confidential"),
        ("Báo cáo Mật số 3.pdf", "confidential"),
        ("Báo cáo Mặt trận Tổ quốc.pdf", None),
        ("bao-cao-mat-tran.pdf", None),
        ("Nghị quyết về bảo vệ bí mật nhà nước.pdf", None),
        ("Quy chế mật khẩu.pdf", None),
        ("Mật độ dân cư.pdf", None),
        ("Bảo mật thông tin.pdf", None),
    ],
)
def test_a_mark_in_a_name(name, degree):
    assert secrecy.in_name(name) == degree


@pytest.mark.parametrize(
    ("text", "degree"),
    [
        ("UBND TỈNH\nMẬT\nSố: 12/BC", "confidential"),
        ("UBND TỈNH\n  TỐI MẬT  \nSố: 12/BC", "secret"),
        ("[TUYỆT MẬT]", "top_secret"),
        ("UBND TỈNH        MẬT        CỘNG HÒA", "confidential"),
        ("Độ mật: Tối mật", "secret"),
        ("ĐỘ MẬT: MẬT", "confidential"),
        ("Độ mật: Không", None),
        ("LUẬT BẢO VỆ BÍ MẬT NHÀ NƯỚC", None),
        ("Quy định về bảo vệ BÍ\nMẬT\nnhà nước", None),
        ("Mật ong rừng là đặc sản.", None),
        ("Danh mục bí mật nhà nước độ Tuyệt mật gồm", None),
    ],
)
def test_a_stamp_on_a_page(text, degree):
    assert secrecy.in_text(text) == degree


def bytes_left(var, *needles):
    """Files under VAR that still hold any of the needles."""
    found = []
    for path in var.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found += [(path.name, n) for n in needles if n in data]
    return found


def no_trace(var):
    assert not Paper.objects.exists()
    assert not Upload.objects.exists()
    assert not [path for path in var.rglob("*") if path.is_file()]
    for entry in Entry.objects.filter(action__startswith="papers."):
        assert SUBJECT not in str(entry.payload)
    stub = SecretStub.objects.get()
    assert SUBJECT not in str([getattr(stub, field.name) for field in stub._meta.fields])
    return stub


def test_a_paper_declared_secret_never_begins(cast, var):
    with pytest.raises(Refused) as refused:
        send(cast.clerk, make_pdf(), title=SUBJECT, number="07/PA", secrecy="secret")
    assert refused.value.code == "state_secret"
    assert "117/2025/QH15" in refused.value.article
    stub = no_trace(var)
    assert (stub.degree, stub.number, stub.found_in) == ("secret", "07/PA", "choice")


def test_a_secret_name_is_turned_away(cast, var):
    with pytest.raises(Refused, match="state_secret"):
        send(cast.clerk, make_pdf(), title=SUBJECT, file_name="Phương án TỐI MẬT.pdf")
    assert no_trace(var).found_in == "name"


@pytest.mark.parametrize(
    "data",
    [
        make_pdf(f"ỦY BAN NHÂN DÂN\nMẬT\n{SUBJECT}"),
        make_docx("ỦY BAN NHÂN DÂN", "TỐI MẬT", SUBJECT),
    ],
    ids=["pdf", "docx"],
)
def test_a_stamp_found_in_the_file_leaves_no_byte_behind(cast, var, data):
    with pytest.raises(Refused, match="state_secret"):
        send(cast.clerk, data, title=SUBJECT)
    assert no_trace(var).found_in == "text"
    assert not bytes_left(var, SUBJECT.encode(), data[:200])


def test_cut_off_while_the_stamp_is_registered_the_file_is_still_held_and_looked_at_again(
    cast, var, monkeypatch
):
    from nghitruong.council.papers.actions import uploads

    real = uploads.write_stub

    def breaks(*args, **kwargs):
        real(*args, **kwargs)
        raise ConnectionError

    monkeypatch.setattr(uploads, "write_stub", breaks)
    data = make_pdf(f"ỦY BAN NHÂN DÂN\nMẬT\n{SUBJECT}")
    with pytest.raises(ConnectionError):
        send(cast.clerk, data, title=SUBJECT)
    assert not SecretStub.objects.exists()
    assert not Paper.objects.exists()
    upload = Upload.objects.get()
    assert bytes_left(var, data[:200])
    monkeypatch.setattr(uploads, "write_stub", real)
    with pytest.raises(Refused, match="state_secret"):
        actions.finish_upload(upload, by=cast.clerk)
    assert no_trace(var).found_in == "text"


def test_cut_off_before_the_erasing_the_line_is_there_and_the_worker_erases(cast, var, monkeypatch):
    from nghitruong.platform.files import shredding

    real = shredding.carry_out
    monkeypatch.setattr(shredding, "carry_out", lambda keys: 0)
    data = make_pdf(f"ỦY BAN NHÂN DÂN\nMẬT\n{SUBJECT}")
    with pytest.raises(Refused, match="state_secret"):
        send(cast.clerk, data, title=SUBJECT)
    assert SecretStub.objects.count() == 1
    monkeypatch.setattr(shredding, "carry_out", real)
    for key, _council in shredding.waiting():
        shredding.run(str(key))
    no_trace(var)
    assert not bytes_left(var, SUBJECT.encode(), data[:200])


def test_a_paper_found_secret_later_is_erased_everywhere(cast, var):
    data = make_pdf(SUBJECT)
    send(cast.clerk, data, title=SUBJECT)
    paper = Paper.objects.get()
    from django.test import TestCase

    with TestCase.captureOnCommitCallbacks(execute=True):
        stub = actions.expunge_secret(paper, "confidential", by=cast.clerk).stub
    paper.refresh_from_db()
    assert SUBJECT not in paper.title
    assert paper.state == "withdrawn"
    assert not bytes_left(var, data[:200])
    assert stub.degree == "confidential"


def test_an_unreadable_degree_is_never_kept(cast):
    with pytest.raises(ValueError, match="not a valid"):
        actions.register_stub("rất mật", by=cast.clerk)


def test_a_line_written_by_mistake_is_crossed_out_and_stays(cast):
    stub = actions.register_stub("secret", by=cast.clerk, number="07/PA")
    with pytest.raises(Refused, match="reason_missing"):
        actions.void_stub(stub, reason=" ", by=cast.clerk)
    actions.void_stub(stub, reason="Ghi hai lần", by=cast.clerk)
    with pytest.raises(Refused, match="already_void"):
        actions.void_stub(stub, reason="Lần nữa", by=cast.clerk)
    found = SecretStub.objects.get()
    assert (found.number, found.void_reason) == ("07/PA", "Ghi hai lần")
    assert found.voided_by_name == cast.clerk.name
    assert Entry.objects.filter(action="papers.void_stub").count() == 1

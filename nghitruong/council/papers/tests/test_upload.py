from __future__ import annotations

import base64
import hashlib
import io
import json
import resource
import unicodedata
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from nghitruong.council.papers import actions
from nghitruong.council.papers.models import Paper, PaperVersion, Upload
from nghitruong.council.papers.tests.conftest import make_docx, make_pdf, send, zip_of
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import partial, store


class Cut(io.BytesIO):
    """A body whose connection breaks after some bytes."""

    def __init__(self, data: bytes, after: int) -> None:
        super().__init__(data[:after])

    def read(self, size=-1):
        piece = super().read(size)
        if not piece:
            raise OSError("request data read error")
        return piece


class Endless:
    """So many bytes, made as they are read."""

    def __init__(self, length: int, head: bytes) -> None:
        self.left, self.head = length, head

    def read(self, size, /):
        take = min(size, self.left)
        self.left -= take
        piece, self.head = self.head[:take], self.head[take:]
        return piece + bytes(take - len(piece))


def start(cast, length, **more):
    about = {"kind": "report", "title": "Báo cáo"} | more.pop("about", {})
    more.setdefault("file_name", "bao-cao.pdf")
    return actions.start_upload(by=cast.clerk, length=length, about=about, **more)


def test_a_pdf_becomes_a_draft_paper_with_pages_and_digest(cast):
    data = make_pdf(pages=3)
    outcome = send(cast.clerk, data, number="125/BC-UBND", dated="2026-11-20")
    version = PaperVersion.objects.get()
    assert outcome == {"paper": str(version.paper_id), "version": 1, "pages": 3}
    assert version.sha256 == hashlib.sha256(data).hexdigest()
    assert store.verify(version.sha256)
    assert version.paper.state == "draft"
    assert version.paper.number == "125/BC-UBND"
    entry = Entry.objects.get(action="papers.add_version")
    assert entry.payload["sha256"] == version.sha256


def test_a_docx_is_taken_by_its_content(cast):
    send(cast.clerk, make_docx("Tờ trình"), file_name="to-trinh.docx", kind="submission")
    assert PaperVersion.objects.get().media_type.endswith("wordprocessingml.document")


def test_an_upload_cut_in_the_middle_goes_on_from_its_offset(cast):
    data = make_pdf("x" * 5000, pages=40)
    upload = start(cast, len(data))
    half = len(data) // 2
    upload, cut = actions.receive_bytes(upload, Cut(data, half), offset=0, by=cast.clerk)
    assert cut
    assert upload.offset == half
    upload = Upload.objects.get(pk=upload.pk)  # another request, another process
    assert upload.offset == half
    with pytest.raises(Refused, match="wrong_offset"):
        actions.receive_bytes(upload, io.BytesIO(data), offset=0, by=cast.clerk)
    actions.receive_bytes(upload, io.BytesIO(data[half:]), offset=half, by=cast.clerk)
    actions.finish_upload(upload, by=cast.clerk)
    assert PaperVersion.objects.get().sha256 == hashlib.sha256(data).hexdigest()


def test_bytes_written_but_never_acknowledged_are_written_again(cast):
    data = make_pdf()
    upload = start(cast, len(data))
    partial.path_of(upload.pk).write_bytes(b"left by a process that died")
    actions.receive_bytes(upload, io.BytesIO(data), offset=0, by=cast.clerk)
    actions.finish_upload(upload, by=cast.clerk)
    assert PaperVersion.objects.get().sha256 == hashlib.sha256(data).hexdigest()


def test_finishing_twice_gives_the_first_outcome(cast):
    data = make_pdf()
    upload = start(cast, len(data))
    actions.receive_bytes(upload, io.BytesIO(data), offset=0, by=cast.clerk)
    first = actions.finish_upload(upload, by=cast.clerk)
    again = actions.finish_upload(Upload.objects.get(pk=upload.pk), by=cast.clerk)
    assert first == again
    assert Paper.objects.count() == 1


def test_a_wrong_piece_is_dropped_and_the_offset_stays(cast):
    data = make_pdf()
    upload = start(cast, len(data))
    wrong = ("sha256", hashlib.sha256(b"other").digest())
    with pytest.raises(Refused, match="checksum_mismatch"):
        actions.receive_bytes(upload, io.BytesIO(data), offset=0, checksum=wrong, by=cast.clerk)
    assert Upload.objects.get(pk=upload.pk).offset == 0
    right = ("sha256", hashlib.sha256(data).digest())
    actions.receive_bytes(upload, io.BytesIO(data), offset=0, checksum=right, by=cast.clerk)
    assert actions.finish_upload(upload, by=cast.clerk)["version"] == 1


def test_more_bytes_than_announced_are_refused(cast):
    upload = start(cast, 10)
    with pytest.raises(Refused, match="upload_too_long"):
        actions.receive_bytes(upload, io.BytesIO(bytes(11)), offset=0, by=cast.clerk)


def test_three_hundred_megabytes_pass_through_little_memory(cast):
    length = 300 * 1024 * 1024
    upload = start(cast, length)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    body = Endless(length, make_pdf())
    upload, cut = actions.receive_bytes(upload, body, offset=0, by=cast.clerk)
    assert upload.offset == length
    assert not cut
    outcome = actions.finish_upload(upload, by=cast.clerk)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 64 * 1024  # kilobytes
    assert outcome["pages"] == 1
    assert PaperVersion.objects.get().size == length


def test_a_file_over_the_limit_is_refused_before_its_first_byte(cast, settings):
    with pytest.raises(Refused) as refused:
        start(cast, settings.UPLOAD_MAX_BYTES + 1)
    assert refused.value.code == "too_large"
    assert "300 MB" in refused.value.sentence
    assert not Upload.objects.exists()
    assert not list(partial.root().iterdir())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"day khong phai PDF " * 20, "file_unknown"),
        (b"%PDF-1.7\nhong het ca", "file_broken"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "file_unknown"),
        (zip_of(**{"hello.txt": "x"}), "file_archive"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "file_script"),
        (zip_of(**{"[Content_Types].xml": "", "word__document.xml": "<a"}), "file_broken"),
        (
            zip_of(
                **{
                    "[Content_Types].xml": "",
                    "word__document.xml": "<a/>",
                    "word__vbaProject.bin": "x",
                }
            ),
            "file_macro",
        ),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_with_what_to_do(cast, var, data, code):
    with pytest.raises(Refused) as refused:
        send(cast.clerk, data)
    assert refused.value.code == code
    assert "Hãy" in refused.value.sentence
    assert not Paper.objects.exists()
    assert not [path for path in var.rglob("*") if path.is_file()]
    upload = Upload.objects.get()
    with pytest.raises(Refused, match=code):  # asked again: the same sentence
        actions.finish_upload(upload, by=cast.clerk)


def test_an_empty_file_is_refused(cast):
    with pytest.raises(Refused, match="empty"):
        start(cast, 0)


def test_a_pdf_with_a_password_is_refused(cast):
    data = make_pdf().replace(
        b"/Root 1 0 R",
        b"/Root 1 0 R /ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
        + b"11" * 32
        + b"> /U <"
        + b"22" * 32
        + b"> >>",
    )
    with pytest.raises(Refused, match="file_encrypted"):
        send(cast.clerk, data)


def test_a_name_in_decomposed_letters_is_stored_composed(cast):
    name = unicodedata.normalize("NFD", "Báo cáo thẩm tra số 2.pdf")
    title = unicodedata.normalize("NFD", "Báo cáo thẩm tra")
    send(cast.clerk, make_pdf(), file_name=f"C:\\Users\\Bình\\{name}", title=title)
    version = PaperVersion.objects.get()
    assert version.file_name == "Báo cáo thẩm tra số 2.pdf"
    assert version.paper.title == "Báo cáo thẩm tra"
    assert (
        version.paper.fold == " bao cao tham tra".strip()
        or "bao cao tham tra" in version.paper.fold
    )


def test_without_a_title_the_file_lends_its_name(cast):
    send(cast.clerk, make_pdf(), title="", file_name="Đề án phát triển.pdf")
    assert Paper.objects.get().title == "Đề án phát triển"


def test_a_replaced_text_makes_version_two_with_its_reason(cast):
    send(cast.clerk, make_pdf("Bản đầu"))
    paper = Paper.objects.get()
    with pytest.raises(Refused, match="reason_missing"):
        send(cast.clerk, make_pdf("Bản sau"), paper=paper)
    send(cast.clerk, make_pdf("Bản sau"), paper=paper, reason="Sửa Điều 4")
    versions = PaperVersion.objects.order_by("number")
    assert [v.number for v in versions] == [1, 2]
    assert versions[1].reason == "Sửa Điều 4"
    assert all(store.verify(v.sha256) for v in versions)  # nothing vanishes
    with pytest.raises(Refused, match="same_text"):
        send(cast.clerk, make_pdf("Bản sau"), paper=paper, reason="Lại")


def test_a_delegate_may_not_send_papers(cast):
    with pytest.raises(Refused, match="papers_not_yours"):
        send(cast.delegates[0], make_pdf())


def test_unfinished_files_are_swept_after_a_day(cast):
    old, fresh = start(cast, 100), start(cast, 100)
    Upload.objects.filter(pk=old.pk).update(touched_at=timezone.now() - timedelta(hours=25))
    assert actions.sweep_uploads() == 1
    assert list(Upload.objects.values_list("pk", flat=True)) == [fresh.pk]
    assert not partial.path_of(old.pk).exists()
    assert partial.path_of(fresh.pk).exists()


def test_a_full_disk_keeps_what_arrived_and_says_so(cast, monkeypatch):
    import errno
    import os

    data = make_pdf()
    upload = start(cast, len(data))

    def full(fd, view, at):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(Refused, match="disk_full") as refused:
        actions.receive_bytes(upload, io.BytesIO(data), offset=0, by=cast.clerk)
    assert refused.value.status == 507
    monkeypatch.undo()
    actions.receive_bytes(upload, io.BytesIO(data), offset=0, by=cast.clerk)
    assert actions.finish_upload(upload, by=cast.clerk)["version"] == 1


# Over HTTP ---------------------------------------------------------------------------------------


def metadata(**pairs):
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in pairs.items())


def create(client, council, length, **pairs):
    pairs = {"filename": "bao-cao.pdf", "kind": "report", **pairs}
    return client.post(
        reverse("papers:uploads", args=[council.slug]),
        headers={
            "Upload-Length": str(length),
            "Upload-Metadata": metadata(**pairs),
            "Accept": "application/json",
        },
    )


def patch(client, url, data, offset):
    return client.patch(
        url,
        data,
        content_type="application/offset+octet-stream",
        headers={"Upload-Offset": str(offset), "Accept": "application/json"},
    )


def test_the_protocol_creates_asks_and_goes_on(cast, council, signed_in):
    client = signed_in(cast.clerk)
    data = make_pdf()
    made = create(client, council, len(data))
    assert made.status_code == 201
    url = made["Location"]
    first = patch(client, url, data[:100], 0)
    assert (first.status_code, first["Upload-Offset"]) == (204, "100")
    asked = client.head(url)
    assert (asked["Upload-Offset"], asked["Upload-Length"]) == ("100", str(len(data)))
    last = patch(client, url, data[100:], 100)
    assert last.status_code == 200
    assert last.json()["version"] == 1
    assert client.get(url).json() == last.json()


def test_a_wrong_offset_is_answered_409(cast, council, signed_in):
    client = signed_in(cast.clerk)
    url = create(client, council, 100)["Location"]
    assert patch(client, url, b"x", 5).status_code == 409


def test_a_file_dropped_by_its_sender_is_gone(cast, council, signed_in):
    client = signed_in(cast.clerk)
    url = create(client, council, 100)["Location"]
    assert client.delete(url).status_code == 204
    assert client.head(url).status_code == 404
    assert not list(partial.root().iterdir())


def test_another_persons_upload_does_not_exist_for_me(cast, council, signed_in):
    url = create(signed_in(cast.clerk), council, 100)["Location"]
    assert signed_in(cast.chair).head(url).status_code == 404


def test_an_unknown_upload_is_404(cast, council, signed_in):
    client = signed_in(cast.clerk)
    url = reverse("papers:upload", args=[council.slug, uuid.uuid4()])
    assert client.head(url).status_code == 404


def _replace(client, council, paper, data, **more):
    made = create(client, council, len(data), paper=str(paper.pk), reason="Sửa", **more)
    return patch(client, made["Location"], data, 0)


def test_a_file_of_another_paper_takes_a_paper_s_place_only_when_meant(cast, council, signed_in):
    data = make_pdf("Dự toán")
    send(cast.clerk, data, title="Dự toán ngân sách")
    send(cast.clerk, make_pdf("Học phí"), title="Học phí")
    paper = Paper.objects.get(title="Học phí")
    actions.release_papers([paper], by=cast.clerk)
    client = signed_in(cast.clerk)
    told = _replace(client, council, paper, data)  # sent since the page was drawn
    assert (told.status_code, told.json()["code"]) == (422, "file_replaces")
    assert "đại biểu được báo ngay" in told.json()["message"]
    told = _replace(client, council, paper, data, replaces="yes")
    assert (told.status_code, told.json()["code"]) == (422, "file_elsewhere")
    assert "«Dự toán ngân sách»" in told.json()["message"]
    assert paper.versions.count() == 1
    # No title stays beside the key, where erasing a paper found secret would not look for it.
    refused = Upload.objects.filter(outcome__code="file_elsewhere").get()
    assert "Dự toán" not in refused.outcome["message"]
    assert (
        _replace(client, council, paper, data, replaces="yes", elsewhere="yes").status_code == 200
    )
    assert paper.versions.count() == 2
    # The first text again is this paper's own: nothing to warn of.
    again = make_pdf("Học phí")
    assert _replace(client, council, paper, again, replaces="yes").status_code == 200
    assert _replace(client, council, paper, again, replaces="yes").json()["code"] == "same_text"


def test_a_paper_replaced_says_which_version_it_is_and_who_knows(cast, council, signed_in):
    send(cast.clerk, make_pdf("Học phí"), title="Học phí")
    paper = Paper.objects.get()
    client = signed_in(cast.clerk)
    page = reverse("papers:details", args=[council.slug, paper.pk])
    _replace(client, council, paper, make_pdf("Bản hai"))
    told = client.get(page)
    assert "Đã nhận bản 2 của tài liệu. Chưa gửi đại biểu." in told.content.decode()
    assert '"asks": ""' in told.content.decode()
    actions.release_papers([paper], by=cast.clerk)
    _replace(client, council, paper, make_pdf("Bản ba"), replaces="yes")
    told = client.get(page)
    assert "Tài liệu nay là bản 3. Đại biểu đã được báo" in told.content.decode()
    asks = f'"asks": {json.dumps("Học phí")}'  # the island asks before the next one
    assert asks in told.content.decode()
    _replace(client, council, paper, make_pdf(""), replaces="yes")  # a scan: read first
    told = client.get(page).content.decode()
    assert "Đã nhận bản 4. Máy chủ đang đọc chữ" in told
    assert "Đại biểu đã được báo" not in client.get(page).content.decode()

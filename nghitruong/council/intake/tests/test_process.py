"""A version's file is looked at in the background, and what was found is kept, once."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
from django.urls import reverse

from nghitruong.council.intake import actions, queries
from nghitruong.council.intake.actions import processing
from nghitruong.council.intake.models import Intake, IntakeState, PageText
from nghitruong.council.intake.pipeline.report import Page, Report, Signature
from nghitruong.council.intake.signals import text_ready
from nghitruong.council.intake.tests.conftest import make_pdf, send
from nghitruong.council.papers import actions as papers
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import store
from nghitruong.platform.jobs import api as jobs
from nghitruong.platform.jobs.models import Job


def arrive(cast, **more):
    send(cast.clerk, make_pdf(), **more)
    return PaperVersion.objects.latest("uploaded_at")


def process():
    return jobs.run_now(processing.JOB)


def test_a_new_version_is_processed_and_its_pages_can_be_read(cast, found):
    heard = []
    text_ready.connect(lambda version, **_: heard.append(version.pk), weak=False, dispatch_uid="t")
    version = arrive(cast)
    assert queries.pages_of(version) == []
    assert process() == 1
    text_ready.disconnect(dispatch_uid="t")
    intake = queries.intake_of(version)
    assert (intake.state, intake.verdict, intake.text_from) == ("done", "accepted", "layer")
    assert queries.text_of(version) == "Báo cáo kinh tế - xã hội\fTrang hai"
    assert PageText.objects.get(number=2).confidence == 91
    version.refresh_from_db()
    assert version.pages == 2
    assert heard == [version.pk]
    assert Entry.objects.get(action="intake.process").payload["text_from"] == "layer"
    assert store.verify(version.sha256)


def test_a_file_is_processed_once_however_often_it_is_rung_for(cast, found):
    version = arrive(cast)
    process()
    jobs.enqueue(processing.JOB, version.pk, council_id=version.council_id)
    process()
    assert found.calls == 1
    assert Entry.objects.filter(action="intake.process").count() == 1


def test_the_sweeper_finds_versions_nobody_looked_at(cast, found):
    version = arrive(cast)
    Intake.objects.all().delete()
    Job.objects.all().delete()
    assert queries.versions_waiting() == [(version.pk, version.council_id)]
    process_key = str(version.pk)
    actions.process(process_key)
    assert queries.versions_waiting() == []


def test_a_crash_in_the_middle_leaves_it_waiting_and_the_folder_clean(cast, found, var):
    version = arrive(cast)

    def crash(*_args, **_options):
        raise MemoryError

    processing.run_pipeline, kept = crash, processing.run_pipeline
    with pytest.raises(MemoryError):
        process()
    processing.run_pipeline = kept
    assert queries.intake_of(version).state == IntakeState.WAITING
    assert list((var / "intake").iterdir()) == []
    Job.objects.update(due_at="2020-01-01T00:00Z")
    host = socket.gethostname()
    (var / "intake" / f"w-{host}_999999999_1-abc").mkdir()  # of a worker that was killed
    process()
    assert queries.intake_of(version).state == IntakeState.DONE
    assert list((var / "intake").iterdir()) == []


def test_a_job_that_fails_for_good_is_said_on_the_page_and_can_be_retried(cast, found, signed_in):
    version = arrive(cast)
    actions.give_up(str(version.pk), "RuntimeError")
    intake = queries.intake_of(version)
    assert intake.state == IntakeState.FAILED
    url = reverse("intake:state", args=["lao-cai", version.paper_id, 1])
    url = url.replace("lao-cai", version.council.slug)
    page = signed_in(cast.clerk).get(url)
    assert "Máy chủ thử nhiều lần" in page.content.decode()
    actions.retry(intake, by=cast.clerk)
    process()
    assert queries.intake_of(version).state == IntakeState.DONE
    with pytest.raises(Refused):
        actions.retry(intake, by=cast.delegates[0])


def test_a_reading_copy_stands_beside_the_untouched_original(cast, found, signed_in):
    found.report = Report(
        kind="office",
        media_type="application/msword",
        pages=1,
        texts=[Page(1, "Tờ trình", "converted")],
        reading="reading.pdf",
    )
    version = arrive(cast)
    process()
    paper = Paper.objects.get()
    client = signed_in(cast.clerk)
    url = reverse("papers:file", args=[paper.council.slug, paper.pk, 1])
    original = b"".join(client.get(url).streaming_content)
    copy = client.get(url + "?doc")
    assert original == make_pdf()
    assert b"".join(copy.streaming_content).startswith(b"%PDF-reading")
    assert copy["Content-Type"] == "application/pdf"
    page = client.get(reverse("papers:paper", args=[paper.council.slug, paper.pk]))
    assert "tep?doc" in page.content.decode()
    assert queries.reading_copy(version).size > 0


def test_a_lost_copy_of_a_pdf_does_not_take_the_paper_with_it(cast, found, signed_in):
    found.report = replace(found.report, reading="reading.pdf")
    version = arrive(cast)
    process()
    client = signed_in(cast.clerk)
    url = reverse("papers:file", args=[version.council.slug, version.paper_id, 1]) + "?doc"
    assert b"".join(client.get(url).streaming_content).startswith(b"%PDF-reading")
    store.path_of(queries.reading_copy(version).sha256).unlink()
    assert b"".join(client.get(url).streaming_content) == make_pdf()
    page = client.get(reverse("papers:paper", args=[version.council.slug, version.paper_id]))
    assert "tep?doc" not in page.content.decode()  # nor is a device told to fetch what is gone


def test_a_stamp_of_secrecy_read_from_a_picture_holds_the_paper(cast, found, signed_in):
    found.report = Report(
        kind="pdf",
        media_type="application/pdf",
        pages=1,
        texts=[Page(1, "UBND TỈNH\nTỐI MẬT\nKế hoạch phòng thủ", "ocr", 90)],
        reading="reading.pdf",
    )
    version = arrive(cast)
    process()
    intake = queries.intake_of(version)
    assert (intake.state, intake.degree, intake.reading_sha256) == ("held", "secret", "")
    assert not PageText.objects.exists()
    with pytest.raises(Refused) as refused:
        papers.release_papers([version.paper], by=cast.clerk)
    assert refused.value.code == "secrecy_held"
    with pytest.raises(Refused):
        actions.retry(intake, by=cast.clerk)
    slug = version.council.slug
    url = reverse("intake:clear", args=[slug, version.paper_id, 1])
    assert signed_in(cast.clerk).post(url).status_code == 302
    process()
    intake = queries.intake_of(version)
    assert (intake.state, intake.cleared_by_name) == ("done", cast.clerk.name)
    papers.release_papers([version.paper], by=cast.clerk)


def test_an_expunged_paper_leaves_nothing_that_was_made_of_it(cast, found):
    found.report = Report(
        kind="pdf", pages=1, texts=[Page(1, "Chữ")], reading="reading.pdf", thumbnails="thumbnails"
    )
    version = arrive(cast)
    process()
    intake = queries.intake_of(version)
    digests = {intake.reading_sha256, intake.thumbnails_sha256, version.sha256}
    assert all(store.path_of(digest).exists() for digest in digests)
    assert actions.erase_made(version.paper) == digests - {version.sha256}
    assert not PageText.objects.exists()
    intake = queries.intake_of(version)
    assert (intake.reading_sha256, intake.thumbnails_sha256) == ("", "")


def test_the_page_names_signers_and_says_what_it_cannot_vouch_for(cast, found, signed_in):
    found.report = Report(
        kind="pdf",
        pages=1,
        texts=[Page(1, "Chữ")],
        signatures=[
            Signature(
                "unknown_root",
                signer="Nguyễn Văn An",
                signed_at="2025-04-19T01:28:06+00:00",
                timestamped=True,
                algorithm="rsassa_pkcs1v15, sha1",
            ),
            Signature("changed", signer="<script>alert(1)</script>"),
        ],
    )
    version = arrive(cast)
    process()
    url = reverse("intake:state", args=[version.council.slug, version.paper_id, 1])
    text = signed_in(cast.clerk).get(url).content.decode()
    assert "Nguyễn Văn An" in text
    assert "08:28 19/04/2025" in text
    assert "chưa xác minh nơi cấp" in text
    assert "SHA-1" in text
    assert "Chữ ký không khớp nội dung" in text
    assert "<script>alert" not in text
    assert "hợp lệ</span>" not in text


def test_thumbnails_are_pieces_of_one_file(cast, found, signed_in):
    version = arrive(cast)
    process()
    client = signed_in(cast.clerk)
    where = [version.council.slug, version.paper_id, 1]
    got = [client.get(reverse("intake:thumbnail", args=[*where, n])) for n in (1, 2, 3)]
    assert [answer.status_code for answer in got] == [200, 200, 404]
    assert [got[0].content, got[1].content] == [b"onet", b"two"]
    assert got[0]["Content-Type"] == "image/webp"


def test_the_first_page_is_seen_before_the_file_has_come(cast, found, signed_in):
    """Its picture is asked for with the page itself; not for somebody who reads the large text."""
    version = arrive(cast)
    address = reverse("papers:paper", args=[version.council.slug, version.paper_id])
    client = signed_in(cast.clerk)
    assert "nt-pdf-waiting" not in client.get(address).content.decode()  # not drawn yet
    process()
    where = [version.council.slug, version.paper_id, 1, 1]
    picture = reverse("intake:thumbnail", args=where)
    early = f'<link rel="preload" as="image" href="{picture}" fetchpriority="high">'
    shown = client.get(address).content.decode()
    assert f'<img src="{picture}"' in shown
    assert early in shown
    assert picture not in client.get(address, {"tim": "ngân sách"}).content.decode()
    papers.remember_page(version, 1, by=cast.clerk, layout="text")
    assert picture not in client.get(address).content.decode()
    papers.remember_page(version, 1, by=cast.clerk, zoom=2)
    assert picture not in client.get(address).content.decode()


def test_progress_is_true_and_shown(cast, found, signed_in):
    version = arrive(cast)
    jobs.progress(processing.JOB, version.pk, 3, 22, "Đang đọc chữ trong ảnh, trang 3")
    url = reverse("papers:details", args=[version.council.slug, version.paper_id])
    text = signed_in(cast.clerk).get(url).content.decode()
    assert 'max="22" value="3"' in text
    assert "Đang đọc chữ trong ảnh, trang 3" in text

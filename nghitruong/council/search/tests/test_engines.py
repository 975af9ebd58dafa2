"""What is found, and in which order: the same on both engines."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from django.utils import timezone
from django_scopes import scope

from nghitruong.council.councils.tests.factories import make_commune_council
from nghitruong.council.intake.signals import text_ready
from nghitruong.council.papers.actions import show_version
from nghitruong.council.papers.models import Paper, PaperState, PaperVersion
from nghitruong.council.search import backends, indexing
from nghitruong.council.search.backends import embedded
from nghitruong.council.search.models import LawArticle
from nghitruong.council.search.passages import Filters, key_of
from nghitruong.council.search.queries import search
from nghitruong.council.search.tests.conftest import give_text, make_law, make_paper
from nghitruong.platform.jobs import api as jobs
from nghitruong.platform.jobs import running, sweeper
from nghitruong.platform.jobs.models import Job, JobState


@pytest.fixture
def papers(council, cast):
    first = make_paper(
        council,
        "Báo cáo tình hình kinh tế - xã hội năm 2026",
        "Tổng sản phẩm trên địa bàn tăng 8,2 %.",
        "Thu ngân sách nhà nước đạt dự toán. Thu hút đầu tư mã số 15.",
        number="152/BC-UBND",
        issuer="Ủy ban nhân dân tỉnh",
        dated=date(2026, 11, 20),
    )
    second = make_paper(
        council,
        "Tờ trình về chính sách hỗ trợ má phanh cho xe cứu hộ",
        "Theo Nghị quyết số 12/2025/NQ-HĐND ngày 10/7/2025.",
        kind="submission",
        issuer="Sở Giao thông",
        dated=date(2025, 6, 1),
    )
    return first, second


def test_accents_are_optional_and_exact_accents_come_first(papers, cast, ask, indexed, council):
    make_paper(council, "Danh sách", "Mạ kẽm cột đèn")
    indexed()
    clerk = cast.clerk
    assert ask(clerk, "thu ngân sách") == ask(clerk, "THU NGAN SACH") == [papers[0].title]
    assert len(ask(clerk, "ma")) == 3
    assert ask(clerk, "má")[0] == papers[1].title
    assert ask(clerk, "mã")[0] == papers[0].title
    assert ask(clerk, "mạ")[0] == "Danh sách"


def test_a_phrase_in_quotes_stands_as_it_is(papers, cast, ask, indexed):
    indexed()
    assert ask(cast.clerk, '"ngân sách nhà nước"') == [papers[0].title]
    assert ask(cast.clerk, '"nhà nước ngân sách"') == []
    assert ask(cast.clerk, "“kinh te xa hoi”") == [papers[0].title]


def test_numbers_are_found_whole_and_short(papers, cast, ask, indexed, library):
    indexed()
    assert ask(cast.clerk, "152/BC-UBND") == [papers[0].title]
    own = "Nghị quyết quy định mức thu phí tham quan danh lam thắng cảnh"
    assert ask(cast.clerk, "12/2025/NQ-HĐND") == [own, papers[1].title]
    assert ask(cast.clerk, "12/2025/nq-hdnd")[0] == own
    assert ask(cast.clerk, "nghị quyết 12/2025")[0] == own


@pytest.mark.parametrize("question", ["Điều 12 luật đất đai", "dieu 12 luat dat dai"])
def test_an_article_of_a_law_comes_first(library, cast, ask, indexed, question):
    indexed()
    found = ask(cast.clerk, question)
    assert found[0] == "Điều 12 Luật Đất đai"
    assert found[1].startswith("Điều 12 Luật sửa đổi")
    assert ask(cast.clerk, "Điều 117 BLDS")[0] == "Điều 117 Bộ luật Dân sự"
    assert ask(cast.clerk, "Điều 12 91/2015/QH13")[0] == "Điều 12 Bộ luật Dân sự"


@pytest.mark.parametrize("question", ["Điều 35 Luật Đầu tư", "dieu 35 luat dau tu"])
def test_an_article_of_a_law_that_came_as_a_paper_opens_at_its_page(
    council, cast, indexed, question
):
    make_paper(
        council,
        "Luật Đầu tư",
        "Điều 2. Luật Đầu tư quy định về đầu tư; luật này, Luật Đầu tư, theo quy định tại\n"
        "Điều 35 của Luật Đầu tư.",
        "Điều 34. Đầu tư ra nước ngoài theo Luật này.",
        "Chương IV\nĐiều 35. Thủ tục\nNhà đầu tư nộp hồ sơ.",
    )
    indexed()
    found = search(cast.clerk, question, Filters(council=council.pk.hex))
    assert found.results[0].hit.passage.part == 3


def test_the_beginning_of_a_word_is_enough_while_typing(papers, cast, ask, indexed):
    indexed()
    assert ask(cast.clerk, "ngân sá") == ask(cast.clerk, "ngan sac") == [papers[0].title]


def test_a_word_at_the_bottom_of_a_long_page_is_found(council, cast, ask, indexed):
    filler = "Nội dung khác của văn bản này. " * 100
    page = f"{filler} Cuối trang nói tới máy gặt."
    low = make_paper(council, "Danh mục", page)
    assert len(page) > 3000
    indexed()
    assert ask(cast.clerk, "máy gặt") == ask(cast.clerk, "may gat") == [low.title]


def test_words_of_every_text_do_not_hide_what_a_long_question_is_about(
    council, cast, ask, indexed, monkeypatch
):
    monkeypatch.setattr(embedded, "_LARGE", 1)
    common = "nhà nước quy định của các"
    for place in range(12):
        make_paper(council, f"Văn bản {place}", f"{common}. Mục {place} về đường sá, cầu cống.")
    wanted = make_paper(council, "Văn bản cần tìm", f"{common} bồi thường cây trồng lâu năm.")
    indexed()
    question = "các quy định của nhà nước bồi thường cây trồng lâu năm"
    assert ask(cast.clerk, question)[0] == wanted.title
    # Common words, and others that stand nowhere: they are all there is to go by.
    noise = "cho hỏi giùm bà con mình với nhé"
    assert len(ask(cast.clerk, f"{noise} {common} về đường sá cầu cống")) == 10


def test_filters(papers, cast, ask, indexed, library, council):
    session = make_paper(council, "Thông báo kỳ họp", "Ngân sách", kind="notice").pk
    Paper.objects.filter(pk=session).update(session_id=council.pk)
    indexed()
    clerk = cast.clerk
    assert ask(clerk, "nghị quyết", sources=frozenset(["paper"])) == [papers[1].title]
    assert ask(clerk, "ngân sách", kinds=frozenset(["report"])) == [papers[0].title]
    assert ask(clerk, "ngân sách", year="2026") == [papers[0].title]
    assert ask(clerk, "ngân sách", year="2024") == []
    assert ask(clerk, "ngân sách", issuer="ủy ban") == [papers[0].title]
    assert ask(clerk, "ngân sách", issuer="so giao thong") == []
    assert ask(clerk, "ngân sách", number="152/BC-UBND") == [papers[0].title]
    wanted = frozenset([council.pk.hex])
    assert ask(clerk, "ngân sách", sessions=wanted) == ["Thông báo kỳ họp"]
    assert ask(clerk, "ngân sách", sessions=frozenset()) == []


def test_a_paper_is_one_row_at_its_best_page_and_names_the_others(council, cast, indexed):
    make_paper(council, "Quy hoạch", "mục lục", "sân bay Sa Pa", "sân bay, sân bay Sa Pa, cảng")
    indexed()
    found = search(cast.clerk, "sân bay", Filters(council=council.pk.hex))
    assert [(r.hit.passage.part, [n for n, _ in r.more]) for r in found.results] == [(3, [2])]
    assert found.results[0].url.endswith("#trang=3")
    assert "<mark>sân bay</mark> Sa Pa" in found.results[0].snippet


def test_a_job_follows_every_change_of_a_paper(council, cast, ask, indexed):
    indexed()
    paper = make_paper(council, "Đề án cầu treo", "dây cáp")
    jobs.run_now(indexing.INDEX)
    assert ask(cast.clerk, "cầu treo") == ask(cast.clerk, "dây cáp") == ["Đề án cầu treo"]
    version = give_text(paper, "dầm thép", number=2)
    text_ready.send(sender=None, version=version)
    jobs.run_now(indexing.INDEX)
    jobs.run_now(indexing.INDEX)
    assert ask(cast.clerk, "dây cáp") == []
    assert ask(cast.clerk, "dầm thép") == ["Đề án cầu treo"]
    assert backends.current().count() == 1
    paper.title = "Đề án cầu bê tông"
    paper.save()
    jobs.run_now(indexing.INDEX)
    assert ask(cast.clerk, "cầu treo") == []
    paper.state = PaperState.WITHDRAWN
    paper.save()
    jobs.run_now(indexing.INDEX)
    assert backends.current().count() == 0


def test_a_row_is_indexed_as_soon_as_the_index_can_be_written_again(
    council, cast, ask, indexed, monkeypatch
):
    """A disk full for a day: nobody has to save the paper again, or to know that it is missing."""
    indexed()
    put = type(backends.current()).put

    def full(*_args):
        raise OSError("No space left on device")

    monkeypatch.setattr(type(backends.current()), "put", full)
    paper = make_paper(council, "Đề án cầu treo", "dây cáp")
    row = Job.objects.filter(name=indexing.INDEX, key=key_of("paper", paper.pk))
    for _try in range(7):
        row.update(due_at=timezone.now())
        running.run(indexing.INDEX, row.get().key)
    assert row.get().state == JobState.QUEUED
    # What an earlier version gave up is taken up again by itself, too.
    row.update(state=JobState.FAILED)
    sweeper.ask_apps()
    monkeypatch.setattr(type(backends.current()), "put", put)
    row.update(due_at=timezone.now())
    assert running.run(indexing.INDEX, row.get().key)
    assert ask(cast.clerk, "cầu treo") == ["Đề án cầu treo"]


def test_while_the_office_looks_at_a_new_text_readers_find_the_one_they_have(
    council, cast, ask, indexed
):
    paper = make_paper(council, "Đề án cầu treo", "dây cáp")
    version = give_text(paper, "dầm thép", number=2)
    PaperVersion.objects.filter(pk=version.pk).update(unread=True)
    indexed()
    reader = cast.delegates[0]
    assert ask(reader, "dây cáp") == ask(reader, "cầu treo") == ["Đề án cầu treo"]
    assert ask(reader, "dầm thép") == ask(cast.clerk, "dây cáp") == []
    assert ask(cast.clerk, "dầm thép") == ["Đề án cầu treo"]
    show_version(version)
    assert ask(reader, "dầm thép") == ["Đề án cầu treo"]
    assert ask(reader, "dây cáp") == []


def test_what_is_out_of_date_in_the_index_is_not_shown(council, cast, ask, indexed):
    paper = make_paper(council, "Đề án cầu treo", "dây cáp")
    indexed()
    give_text(paper, "dầm thép", number=2)
    assert ask(cast.clerk, "dây cáp") == []


def test_of_another_council_nothing_is_found_but_the_library_is(council, cast, ask, library):
    other = make_commune_council()
    make_paper(other, "Báo cáo đất đai xã Mậu A", "đất đai")
    indexing.rebuild()
    assert "Báo cáo đất đai xã Mậu A" not in ask(cast.chair, "đất đai")
    assert ask(cast.chair, "đất đai")


def test_the_same_article_from_two_corpora_is_one_row(library, cast, ask, indexed):
    make_law(
        "Luật Đất đai",
        "31/2024/QH15",
        ("1", "Phạm vi điều chỉnh", "Luật này quy định về chế độ sở hữu đất đai."),
        corpus="vbpl",
    )
    indexed()
    assert ask(cast.clerk, "điều 1 luật đất đai").count("Điều 1 Luật Đất đai") == 1


def test_a_missing_index_is_due_and_made_again(council, cast, ask, library, settings, engine):
    if engine.name != "tantivy":
        assert [key for key, _ in indexing.missing()] == ["all"]
    else:
        indexing.rebuild()
        assert list(indexing.missing()) == []
        shutil.rmtree(settings.VAR_DIR / "search")
    assert ask(cast.clerk, "đất đai") == []
    for key, council_id in indexing.missing():
        jobs.enqueue(indexing.REBUILD, key, council_id=council_id)
    with scope(council=council.pk):
        jobs.run_now(indexing.REBUILD)
    assert list(indexing.missing()) == []
    assert ask(cast.clerk, "chế độ sở hữu đất đai")[0] == "Điều 1 Luật Đất đai"
    assert LawArticle.objects.count() == backends.current().count()

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.db import connection
from django.utils import timezone
from django_scopes import scope

from nghitruong.council.councils.tests.factories import make_cast, make_council
from nghitruong.council.intake.models import PageText
from nghitruong.council.papers.models import Paper, PaperState, PaperVersion
from nghitruong.council.search import backends, indexing
from nghitruong.council.search.models import Corpus, Law, LawArticle
from nghitruong.council.search.passages import Filters
from nghitruong.council.search.queries import search
from nghitruong.lib.text import fold

ENGINES = ["tantivy", "postgresql"] if connection.vendor == "postgresql" else ["tantivy"]


@pytest.fixture(params=ENGINES)
def engine(request, settings, tmp_path, db):
    """Every test of an engine runs on both: PostgreSQL's needs PostgreSQL below."""
    settings.VAR_DIR = tmp_path
    settings.SEARCH_ENGINE = request.param
    return backends.current()


@pytest.fixture
def council(engine):
    council = make_council()
    with scope(council=council.pk):
        yield council


@pytest.fixture
def cast(council):
    return make_cast(council)


def make_paper(council, title, *pages, state=PaperState.RELEASED, **about):
    """A paper with the text of its pages, as intake leaves it; no file."""
    with scope(council=council.pk):
        paper = Paper.objects.create(
            council=council,
            kind=about.pop("kind", "report"),
            title=title,
            fold=fold(title),
            state=state,
            released_at=timezone.now() if state == PaperState.RELEASED else None,
            **about,
        )
        give_text(paper, *pages)
    return paper


def give_text(paper, *pages, number=1):
    """A version of the paper with these pages."""
    version = PaperVersion.objects.create(
        council_id=paper.council_id,
        paper=paper,
        number=number,
        sha256=uuid.uuid4().hex * 2,
        size=1,
        media_type="application/pdf",
        file_name="a.pdf",
        pages=len(pages),
        uploaded_by_name="Trần Thị Bình",
    )
    PageText.objects.bulk_create(
        PageText(
            council_id=paper.council_id, version=version, number=page, text=text, source="layer"
        )
        for page, text in enumerate(pages, start=1)
    )
    return version


def make_law(title, number, *articles, corpus=Corpus.CODE, kind="Luật", **about):
    """A text of the library; articles as (number, heading, text)."""
    law = Law.objects.create(
        corpus=corpus, number=number, kind=kind, title=title, digest="0" * 64, **about
    )
    LawArticle.objects.bulk_create(
        LawArticle(law=law, order=order, number=one, heading=heading, text=text)
        for order, (one, heading, text) in enumerate(articles, start=1)
    )
    return law


@pytest.fixture
def library(db):
    """Three laws and a resolution."""
    issued = {"issuer": "Quốc hội", "issued": date(2024, 1, 18)}
    make_law(
        "Luật Đất đai",
        "31/2024/QH15",
        ("1", "Phạm vi điều chỉnh", "Luật này quy định về chế độ sở hữu đất đai."),
        ("12", "Quyền của đại diện chủ sở hữu", "Nhà nước quyết định quy hoạch, mục đích sử dụng."),
        **issued,
    )
    make_law(
        "Luật sửa đổi, bổ sung một số điều của Luật Đất đai và Luật Nhà ở",
        "43/2024/QH15",
        ("12", "Điều khoản chuyển tiếp", "Hồ sơ đất đai đã nộp thì tiếp tục thực hiện."),
        **issued,
    )
    make_law(
        "Bộ luật Dân sự",
        "91/2015/QH13",
        ("12", "Tự bảo vệ quyền dân sự", "Việc tự bảo vệ quyền dân sự phải phù hợp."),
        ("117", "Điều kiện có hiệu lực của giao dịch dân sự", "Giao dịch có hiệu lực khi đủ."),
        kind="Bộ luật",
        issuer="Quốc hội",
        issued=date(2015, 11, 24),
    )
    make_law(
        "Nghị quyết quy định mức thu phí tham quan danh lam thắng cảnh",
        "12/2025/NQ-HĐND",
        ("", "", "Căn cứ Luật Phí và lệ phí số 97/2015/QH13. Mức thu phí tham quan hang động."),
        corpus=Corpus.RESOLUTIONS,
        kind="Nghị quyết",
        issuer="HĐND tỉnh Quảng Ninh",
        issued=date(2025, 7, 10),
    )


@pytest.fixture
def ask(council):
    """Titles (and «Điều N») of what a person finds."""

    def titles(actor, question, **filters):
        found = search(actor, question, Filters(council=council.pk.hex, **filters))
        rows = [result.hit.passage for result in found.results]
        return [f"Điều {p.article} {p.title}" if p.article else p.title for p in rows]

    return titles


@pytest.fixture
def indexed():
    """Make the index anew from the rows."""
    return indexing.rebuild

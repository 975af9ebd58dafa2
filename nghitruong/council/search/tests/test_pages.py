"""The page under the fingers: what it shows, to whom, and how it turns its leaves."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django_scopes import scope

from nghitruong.council.councils.tests.factories import make_cast, make_council
from nghitruong.council.papers.models import PaperState
from nghitruong.council.search import indexing
from nghitruong.council.search.models import LawArticle
from nghitruong.council.search.tests.conftest import make_paper


@pytest.fixture
def council(engine):
    council = make_council()
    with scope(council=council.pk):
        council.cast = make_cast(council, accounts=True)
        yield council


@pytest.fixture
def get(client, council, settings):
    """The text of a page as somebody sees it."""

    def page(actor, url, **headers):
        client.force_login(actor.person.account, backend=settings.AUTHENTICATION_BACKENDS[-1])
        answer = client.get(url, headers=headers)
        assert answer.status_code == 200
        return answer.content.decode()

    return page


def test_the_page_as_a_whole_and_as_the_part_that_changes(council, get, library):
    make_paper(council, "Dự thảo quy hoạch", "chưa gửi", state=PaperState.DRAFT)
    make_paper(council, "Báo cáo quy hoạch", "đất đai", "quy hoạch sân bay", number="7/BC-UBND")
    indexing.rebuild()
    url = reverse("search:search", args=[council.slug])
    whole = get(council.cast.delegates[0], f"{url}?q=quy+hoach")
    assert "<title>quy hoach" in whole
    assert "Báo cáo <mark>quy hoạch</mark>" in whole
    assert "#trang=2" in whole
    assert "Dự thảo" not in whole.split('id="nt-found"')[1]
    assert "Dự thảo <mark>quy hoạch</mark>" in get(council.cast.clerk, f"{url}?q=quy+hoach")
    part = get(council.cast.clerk, f"{url}?q=quy+hoach", **{"HX-Request": "true"})
    assert part.lstrip().startswith('<div id="nt-found">')
    assert "Không tìm thấy" in get(council.cast.clerk, f"{url}?q=khongcogidau")
    assert "Tìm trong mọi tài liệu" in get(council.cast.clerk, url)
    narrowed = get(council.cast.clerk, f"{url}?q=quy+hoach&nguon=law&nam=2024")
    assert "Báo cáo" not in narrowed.split('id="nt-found"')[1]
    made_up = get(council.cast.clerk, f"{url}?q=quy+hoach&nguon=x&nam=abc&page=99999&ky_hop=1")
    assert "Báo cáo <mark>quy hoạch</mark>" in made_up


def test_leaves_are_turned_until_there_is_no_more(council, get):
    for number in range(23):
        make_paper(council, f"Báo cáo giám sát {number}", "giám sát")
    indexing.rebuild()
    url = reverse("search:search", args=[council.slug]) + "?q=giam+sat"
    seen: list[str] = []
    for page in (1, 2, 3):
        html = get(council.cast.clerk, f"{url}&page={page}")
        seen += [part.split('"')[0] for part in html.split('class="nt-found-link" href="')[1:]]
        assert ('rel="next"' in html) == (page < 3)
        assert ('rel="prev"' in html) == (page > 1)
    assert len(seen) == len(set(seen)) == 23


def test_an_article_of_the_library_says_where_it_comes_from(council, get, library):
    article = LawArticle.objects.get(law__title="Luật Đất đai", number="12")
    html = get(
        council.cast.delegates[0], reverse("search:article", args=[council.slug, article.pk])
    )
    assert "Điều 12. Quyền của đại diện chủ sở hữu" in html
    assert "Bộ pháp điển" in html
    assert "đối chiếu Công báo" in html
    assert html.count("Phạm vi điều chỉnh") == 1


def test_the_frame_has_the_box_and_says_while_the_index_is_made(council, get):
    home = get(council.cast.delegates[0], reverse("papers:papers", args=[council.slug]))
    assert "data-nt-find" in home
    empty = get(council.cast.clerk, reverse("search:search", args=[council.slug]) + "?q=x")
    assert "đang được dựng" in empty
    assert empty.count("data-nt-find") == 1

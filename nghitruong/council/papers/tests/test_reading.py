from __future__ import annotations

import pytest
from django.urls import reverse
from django_scopes import scope

from nghitruong.council.councils.tests.factories import make_cast, make_commune_council
from nghitruong.council.papers import actions, queries
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.council.papers.tests.conftest import make_pdf, send
from nghitruong.platform.live import tickets


@pytest.fixture
def data():
    return make_pdf("Nghị quyết", pages=9)


@pytest.fixture
def paper(cast, data):
    send(cast.clerk, data, file_name="Dự thảo số 1.pdf")
    paper = Paper.objects.get()
    actions.release_papers([paper], by=cast.clerk)
    return paper


@pytest.fixture
def url(council, paper):
    return reverse("papers:file", args=[council.slug, paper.pk, 1])


def body(response):
    return b"".join(response.streaming_content)


def test_the_whole_file_with_its_digest_and_its_name(cast, signed_in, url, data):
    answer = signed_in(cast.delegates[0]).get(url)
    assert answer.status_code == 200
    assert body(answer) == data
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["ETag"].strip('"') == PaperVersion.objects.get().sha256
    assert "filename*=UTF-8''D%E1%BB%B1%20th%E1%BA%A3o" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-99", 0, 99), ("bytes=100-", 100, -1), ("bytes=-50", -50, -1)],
)
def test_a_part_of_the_file(cast, signed_in, url, data, asked, start, end):
    answer = signed_in(cast.delegates[0]).get(url, headers={"Range": asked})
    size = len(data)
    first, last = start % size, end % size
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{last}/{size}"
    assert body(answer) == data[first : last + 1]
    assert answer["Content-Length"] == str(last - first + 1)


def test_a_part_outside_the_file(cast, signed_in, url, data):
    answer = signed_in(cast.delegates[0]).get(url, headers={"Range": "bytes=99999999-"})
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{len(data)}"


def test_a_file_the_reader_has_already(cast, signed_in, url):
    client = signed_in(cast.delegates[0])
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304


def test_only_the_head(cast, signed_in, url, data):
    answer = signed_in(cast.delegates[0]).head(url)
    assert answer["Content-Length"] == str(len(data))


def test_the_page_is_remembered_for_each_person(cast, council, signed_in, paper):
    url = reverse("papers:remember", args=[council.slug, paper.pk, 1])
    cuc, dung = cast.delegates[:2]
    answer = signed_in(cuc).post(url, {"page": 7}, content_type="application/json")
    assert answer.json() == {"ok": True}
    version = PaperVersion.objects.get()
    assert queries.position_for(cuc, version).page == 7
    assert queries.position_for(dung, version).page == 1
    told = {"page": 999, "zoom": 1.5, "layout": "two"}
    signed_in(cuc).post(url, told, content_type="application/json")
    # Never beyond the last page; another device is told what this one left.
    assert signed_in(cuc).get(url).json() == {"page": 9, "zoom": 1.5, "layout": "two"}
    assert signed_in(dung).get(url).json() == {"page": 1, "zoom": 0, "layout": ""}
    assert (
        signed_in(cuc).post(url, {"page": "x"}, content_type="application/json").status_code == 400
    )


def test_the_doorbell_of_the_reader_ends_with_its_sign_in(cast, council, signed_in, paper):
    client = signed_in(cast.delegates[0])
    answer = client.get(reverse("papers:paper", args=[council.slug, paper.pk]))
    cookie = answer.cookies[tickets.PERSONAL_COOKIE]
    ticket, _until = tickets.verify(cookie.value, salt=tickets.PERSONAL_SALT)
    assert ticket.device == tickets.device_of(client.session.session_key)


def test_another_councils_paper_does_not_exist(cast, council, signed_in, paper, url):
    other = make_commune_council()
    with scope(council=other.pk):
        foreign = make_cast(other)
    client = signed_in(foreign.chair)
    assert client.get(url).status_code == 404
    own_slug = reverse("papers:file", args=[other.slug, paper.pk, 1])
    assert client.get(own_slug).status_code == 404


def test_a_draft_does_not_exist_for_a_delegate(cast, council, signed_in):
    send(cast.clerk, make_pdf("Nháp"))
    draft = Paper.objects.get(state="draft")
    url = reverse("papers:file", args=[council.slug, draft.pk, 1])
    assert signed_in(cast.delegates[0]).get(url).status_code == 404
    assert signed_in(cast.clerk).get(url).status_code == 200

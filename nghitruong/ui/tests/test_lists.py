"""Every list behaves the same: search without accents, whitelisted sorting, pages, files."""

import io

import pytest
import python_calamine
from django.contrib.auth.models import Group
from django.test import Client

from nghitruong.ui.tests import kitchen

pytestmark = [pytest.mark.django_db, pytest.mark.urls(kitchen.__name__)]


@pytest.fixture
def people(built, db) -> None:
    # fold() has been applied, as actions do when they store a row
    Group.objects.bulk_create(Group(name=f"dai bieu {n:03d}") for n in range(120))


def first_cells(client: Client, query: str) -> list[str]:
    response = client.get(f"/danh-sach/{query}")
    assert response.status_code == 200
    html = response.content.decode()
    return [
        part.split("</a>")[0].rsplit(">", 1)[-1]
        for part in html.split('data-label="Họ và tên"')[1:]
    ]


def test_a_page_holds_fifty_and_says_how_many_there_are(client, people) -> None:
    html = client.get("/danh-sach/").content.decode()
    assert "120 đại biểu" in html
    assert "Trang 1 trên 3" in html
    assert first_cells(client, "")[0] == "dai bieu 000"
    assert len(first_cells(client, "")) == 50
    assert len(first_cells(client, "?page=3")) == 20


def test_search_needs_no_accents_and_every_word_must_match(client, people) -> None:
    assert first_cells(client, "?q=Đại 007") == ["dai bieu 007"]
    html = client.get("/danh-sach/?q=Tổ 007").content.decode()
    assert "Không tìm thấy" in html


def test_sorting_follows_only_declared_columns(client, people) -> None:
    assert first_cells(client, "?sort=-ten")[0] == "dai bieu 119"
    assert first_cells(client, "?sort=permissions")[0] == "dai bieu 000"
    assert first_cells(client, "?sort=-to")[0] == "dai bieu 000"
    assert 'aria-sort="descending"' in client.get("/danh-sach/?sort=-ten").content.decode()


def test_the_number_of_statements_does_not_grow_with_rows(
    client, people, django_assert_num_queries
) -> None:
    with django_assert_num_queries(2):
        client.get("/danh-sach/")
    Group.objects.bulk_create(Group(name=f"them {n}") for n in range(300))
    with django_assert_num_queries(2):
        client.get("/danh-sach/?page=4")


def test_htmx_gets_only_the_results(client, people) -> None:
    html = client.get("/danh-sach/?q=007", headers={"HX-Request": "true"}).content.decode()
    assert html.lstrip().startswith('<div id="nt-results">')
    assert "<html" not in html


def test_print_view_shows_all_rows(client, people) -> None:
    assert len(first_cells(client, "?in=1")) == 120


def test_xlsx_holds_every_row_as_filtered(client, people) -> None:
    response = client.get("/danh-sach/?xuat=xlsx&q=dai&sort=-ten&page=2")
    assert "dai-bieu-" in response["Content-Disposition"]
    sheet = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(b"".join(response.streaming_content))
    ).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert rows[0] == ["Họ và tên", "Số ghế", "Tổ đại biểu"]
    assert len(rows) == 121
    assert rows[1][0] == "dai bieu 119"


def test_csv_is_read_by_spreadsheets_and_runs_no_formula(client, built) -> None:
    Group.objects.create(name='=HYPERLINK("x")')
    response = client.get("/danh-sach/?xuat=csv")
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeffHọ và tên,Số ghế")
    assert "\"'=HYPERLINK(" in text


def test_an_empty_list_says_so(client, built) -> None:
    assert "Chưa có gì ở đây" in client.get("/danh-sach/").content.decode()

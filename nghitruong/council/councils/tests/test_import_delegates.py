import io
from datetime import timedelta

import pytest
import xlsxwriter
from django.utils import timezone
from django_scopes import scope

from nghitruong.council.councils import actions, queries
from nghitruong.council.councils.importers import delegates
from nghitruong.council.councils.importers.spreadsheet import grid
from nghitruong.council.councils.models import (
    ImportBatch,
    LegislativeTerm,
    Membership,
    Organization,
    Person,
    Seat,
)
from nghitruong.council.councils.roles import Actor
from nghitruong.council.councils.tests.factories import make_account, make_cast, make_council
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db
HEAD = ["STT", "HỌ VÀ TÊN *", "Giới tính", "Ngày sinh", "Chức vụ", "Ban", "Tổ đại biểu", "Số ghế"]
GOOD = [
    ["1", "Nguyễn Văn An", "Nam", "12/05/1968", "Chủ tịch HĐND", "", "Tổ số 1", "1"],
    ["2", "Lê Thị Cúc", "Nữ", "3.2.1959", "", "", "Tổ 1", "2"],
    ["3", "Vũ Thị Hoa", "nữ", "", "Trưởng ban", "Pháp chế", "Tổ số 2", "3"],
]


@pytest.fixture
def council():
    return make_council(seats=5)


@pytest.fixture
def inside(council):
    with scope(council=council.pk):
        yield Actor.system(council)


def csv_of(rows, sep=","):
    return ("\n".join(sep.join(row) for row in [HEAD, *rows])).encode("utf-8-sig")


def xlsx_of(rows, above=()):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for at, row in enumerate([*above, HEAD, *rows]):
        for column, value in enumerate(row):
            number = column in (0, 7) and value.isdecimal()
            sheet.write(at, column, int(value) if number else value)
    book.close()
    return file.getvalue()


def read_and_check(data, by, name="ds.csv"):
    rows = delegates.read(data, name)
    delegates.check(rows, by=by)
    return rows


@pytest.mark.parametrize("kind", ["csv", "semicolon", "xlsx"])
def test_a_list_is_read_from_any_spreadsheet(inside, kind):
    above = (["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], [], ["DANH SÁCH ĐẠI BIỂU"])
    data = {
        "csv": lambda: (csv_of(GOOD), "a.csv"),
        "semicolon": lambda: (csv_of(GOOD, ";"), "a.csv"),
        "xlsx": lambda: (xlsx_of(GOOD, above), "a.xlsx"),
    }[kind]()
    rows = read_and_check(data[0], inside, data[1])
    assert [row.full_name for row in rows] == ["Nguyễn Văn An", "Lê Thị Cúc", "Vũ Thị Hoa"]
    assert [row.seat for row in rows] == ["1", "2", "3"]
    assert [row.errors for row in rows] == [{}, {}, {}]
    assert rows[0].line == (5 if kind == "xlsx" else 2)


def test_applying_makes_people_seats_groups_and_posts_and_audits_each(council, inside):
    rows = read_and_check(csv_of(GOOD), inside)
    batch = delegates.apply(rows, file_name="ds.csv", by=inside)
    found = list(queries.delegates_for(inside))
    assert [(row.person.full_name, row.seat.number) for row in found] == [
        ("Nguyễn Văn An", 1),
        ("Lê Thị Cúc", 2),
        ("Vũ Thị Hoa", 3),
    ]
    posts = {row.person.full_name: queries.post_summary(row.person.posts) for row in found}
    assert "Chủ tịch HĐND" in posts["Nguyễn Văn An"]
    assert "Trưởng Ban Pháp chế" in posts["Vũ Thị Hoa"]
    assert posts["Lê Thị Cúc"] == "Thành viên Tổ đại biểu số 1"
    assert Organization.objects.filter(kind="delegate_group").count() == 2
    assert Entry.objects.filter(action="councils.import_delegate").count() == 3
    assert len(batch.made["person"]) == 3
    assert queries.counts_at(council, found[0].starts_on).in_office == 3


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        (1, "", "full_name"),
        (1, "An", "full_name"),
        (1, "Nguyễn Văn An", "full_name"),
        (2, "khác", "gender"),
        (3, "31/02/1970", "birth_date"),
        (3, "năm 70", "birth_date"),
        (3, "01/01/2190", "birth_date"),
        (4, "Trợ lý", "post"),
        (4, "Tổ trưởng", None),
        (5, "Ban Không Có", "committee"),
        (6, "Tổ nào đó", "group"),
        (7, "9", "seat"),
        (7, "1", "seat"),
        (7, "B2", "seat"),
    ],
)
def test_each_fault_is_told_at_its_row_and_cell(inside, column, value, field):
    bad = list(GOOD[1])
    bad[column] = value
    if (column, value) == (1, "Nguyễn Văn An"):
        bad[3] = GOOD[0][3]
    rows = read_and_check(csv_of([GOOD[0], bad]), inside)
    assert set(rows[1].errors) == ({field} if field else set())
    if field:
        with pytest.raises(Refused) as refused:
            delegates.apply(rows, file_name="x", by=inside)
        assert refused.value.code == "rows_faulty"
        back = delegates.sheet(rows)
        assert delegates.read(back, "x.xlsx")[0].full_name == rows[0].full_name
        assert not Person.objects.exists()


def test_more_delegates_than_seats_by_law_are_refused(inside):
    many = [["", f"Nguyễn Văn {x}", "", "", "", "", "", ""] for x in "ABCDEG"]
    rows = delegates.read(csv_of(many), "a.csv")
    assert delegates.check(rows, by=inside) == 1


def test_where_no_term_runs_every_row_says_so(inside):
    """A delegate without a term would vote and not be counted."""
    LegislativeTerm.objects.update(starts_on=timezone.localdate() + timedelta(days=1))
    rows = read_and_check(csv_of(GOOD), inside)
    assert all("không có khóa nào" in row.errors["full_name"] for row in rows)
    with pytest.raises(Refused):
        delegates.apply(rows, file_name="x", by=inside)
    assert not Membership.objects.exists()


def test_a_second_import_of_the_same_list_is_refused_row_by_row(inside):
    delegates.apply(read_and_check(csv_of(GOOD[:1]), inside), file_name="a", by=inside)
    rows = read_and_check(csv_of(GOOD[:1]), inside)
    assert set(rows[0].errors) == {"full_name", "seat"}


def test_undo_takes_back_exactly_what_was_made(inside):
    by = inside
    old = actions.add_person(full_name="Trần Thị Bình", by=by)
    batch = delegates.apply(read_and_check(csv_of(GOOD), by), file_name="a", by=by)
    delegates.undo(batch, by=by)
    assert list(Person.objects.all()) == [old]
    assert not Membership.objects.exists()
    assert not Seat.objects.exists()
    assert not Organization.objects.filter(kind="delegate_group").exists()
    with pytest.raises(Refused):
        delegates.undo(batch, by=by)


def test_undo_is_refused_once_somebody_works_with_the_list(inside):
    batch = delegates.apply(read_and_check(csv_of(GOOD), inside), file_name="a", by=inside)
    person = Person.objects.first()
    actions.link_account(person, make_account("an"), by=inside)
    with pytest.raises(Refused) as refused:
        delegates.undo(batch, by=inside)
    assert refused.value.code == "import_in_use"
    assert Person.objects.count() == 3
    assert ImportBatch.objects.get(pk=batch.pk).undone_at is None


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7 not a sheet", "a.xlsx"),
        (b"\xff\xd8\xff\x00\x00", "a.csv"),
        ("Tên,Tổ\nAn,1".encode(), "a.csv"),
        (b"", "a.xlsx"),
        (csv_of([]), "a.csv"),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(inside, data, name):
    with pytest.raises(Refused) as refused:
        delegates.read(data, name)
    assert refused.value.status == 422
    assert len(refused.value.sentence) > 20


def test_only_the_office_imports(council):
    cast = make_cast(council)
    with scope(council=council.pk), pytest.raises(NotAllowed):
        delegates.apply([], file_name="x", by=cast.delegates[0])


def test_the_preview_gives_back_what_was_typed(inside):
    rows = delegates.from_post({"2.full_name": " Lê Thị Cúc ", "2.seat": "4", "10.full_name": "X"})
    assert [(row.line, row.full_name, row.seat) for row in rows] == [
        (2, "Lê Thị Cúc", "4"),
        (10, "X", ""),
    ]


def test_the_model_spreadsheet_can_be_imported_itself(inside):
    lines = delegates.template_rows()
    data = "\n".join(";".join(line) for line in lines).encode()
    assert grid(data, "a.csv")[0] == lines[0]
    rows = read_and_check(data, inside)
    assert rows[0].errors == {}

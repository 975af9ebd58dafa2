"""One list, every list: search without accents, filters, sorting, pages of 50, print, XLSX, CSV.

    def people(request, council):
        return ListPage(
            title=_("Đại biểu"),
            noun=_("đại biểu"),
            queryset=queries.people_for(request.actor),
            columns=[
                Column("ten", _("Họ và tên"), "full_name", order=("sort_key",), link=person_url),
                Column("to", _("Tổ"), "group.name", order=("group__number", "sort_key")),
            ],
            search=("fold",),
            filterset=PeopleFilter,
            default_sort="ten",
        ).respond(request)

The page costs a fixed number of statements: one count, one page of rows (plus what the queryset
itself prefetches), and one per filter that offers choices from the database.
"""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import django_filters
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import conditional_escape

M = TypeVar("M", bound=Model)
PER_PAGE = 50


@dataclass(frozen=True)
class Column(Generic[M]):
    """One column. ``name`` stands in the URL (``?sort=-ten``), so it is short and Vietnamese.

    ``value`` is a dotted attribute path or a function of the row; ``order`` the ORM fields to sort
    by (empty: not sortable); ``link`` a function giving the row's URL; ``template`` draws the cell
    from ``row`` and ``value`` when plain text is not enough (exports keep using ``value``); a
    ``short`` one (a name, a state) keeps to one line.
    """

    name: str
    label: Any
    value: str | Callable[[M], Any]
    order: tuple[str, ...] = ()
    link: Callable[[M], str | None] | None = None
    template: str = ""
    number: bool = False
    short: bool = False

    def of(self, row: M) -> Any:
        """The cell's value; None where a part of the path is None."""
        if callable(self.value):
            return self.value(row)
        found: Any = row
        for part in self.value.split("."):
            found = getattr(found, part, None) if found is not None else None
            if callable(found):
                found = found()
        return found


@dataclass(frozen=True)
class Head:
    """A heading: where a tap on it leads, and how the list is sorted by it now."""

    column: Column[Any]
    sort: str
    direction: str  # "ascending", "descending" or ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What ``{% list_cells %}`` draws; ``label`` is the column's, translated and escaped."""

    column: Column[Any]
    label: str
    row: Any
    value: Any
    url: str | None


@dataclass(kw_only=True)
class ListPage(Generic[M]):
    """A list and its answer to a request. Give it a queryset that came from ``queries``."""

    title: Any
    queryset: QuerySet[M]
    columns: Sequence[Column[M]]
    noun: Any = "mục"
    intro: Any = ""
    search: Sequence[str] = ()
    filterset: type[django_filters.FilterSet] | None = None
    default_sort: str = ""
    per_page: int = PER_PAGE
    empty_title: Any = ""
    empty_text: Any = ""
    empty_icon: str = "list"
    template: str = "ui/list.html"
    context: dict[str, Any] = field(default_factory=dict)

    def respond(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse | FileResponse:
        """The page, its part for htmx, its print view, or a file, as the query string asks."""
        rows, filters = self._rows(request)
        export = request.GET.get("xuat", "")
        if export == "xlsx":
            return self._xlsx(rows)
        if export == "csv":
            return self._csv(rows)
        return self._page(request, rows, filters)

    # What is listed ------------------------------------------------------------------------------

    def _rows(self, request: HttpRequest) -> tuple[QuerySet[M], django_filters.FilterSet | None]:
        rows = self.queryset
        filters = None
        if self.filterset is not None:
            filters = self.filterset(request.GET, queryset=rows, request=request)
            rows = filters.qs
        wanted = request.GET.get("q", "").strip()
        if wanted and self.search:
            rows = rows.filter(self._matching(wanted))
        return rows.order_by(*self._ordering(request.GET.get("sort", ""))), filters

    def _matching(self, wanted: str) -> Q:
        """Every word must stand in some searched column, accents and case set aside."""
        from nghitruong.lib.text import fold

        match = Q()
        for word in fold(wanted)[:200].split():
            anywhere = Q()
            for column in self.search:
                anywhere |= Q(**{f"{column}__contains": word})
            match &= anywhere
        return match

    def _ordering(self, asked: str) -> list[Any]:
        """ORM ordering for ``?sort=``; a name nobody declared falls back to the default."""
        for sort in (asked, self.default_sort):
            column = self._sortable(sort)
            if column is not None:
                flip = sort.startswith("-")
                return [*(_flipped(name) if flip else name for name in column.order), "pk"]
        return [*self.queryset.query.order_by, "pk"]

    def _sortable(self, sort: str) -> Column[M] | None:
        name = sort.removeprefix("-")
        return next((c for c in self.columns if c.name == name and c.order), None)

    # How it is shown -----------------------------------------------------------------------------

    def _page(
        self,
        request: HttpRequest,
        rows: QuerySet[M],
        filters: django_filters.FilterSet | None,
    ) -> HttpResponse:
        printing = request.GET.get("in") == "1"
        paginator = Paginator(rows, 10_000 if printing else self.per_page)
        page = paginator.get_page(request.GET.get("page"))
        if rows.query.annotations and not printing:
            # What is computed for a row is computed for the rows of this page, not for all that
            # had to be sorted.
            shown: QuerySet[M] = page.object_list  # type: ignore[assignment]  # as given above
            keys = list(shown.values_list("pk", flat=True))
            page.object_list = rows.filter(pk__in=keys)
        sort = request.GET.get("sort", "")
        if self._sortable(sort) is None:
            sort = self.default_sort
        context = {
            **self.context,
            "list": self,
            "page": page,
            "count": paginator.count,
            "filters": filters,
            "q": request.GET.get("q", ""),
            "narrowed": bool(
                request.GET.get("q") or (filters is not None and _asked(filters, request))
            ),
            "printing": printing,
            "printed_at": timezone.now(),
            "heads": [self._head(column, sort) for column in self.columns],
            "table": self._table(page.object_list),
        }
        part = bool(getattr(request, "htmx", False)) and not request.htmx.boosted  # type: ignore[attr-defined]  # HtmxMiddleware
        name = f"{self.template}#results" if part else self.template
        return render(request, name, context)

    def _head(self, column: Column[M], sort: str) -> Head:
        current = sort.removeprefix("-") == column.name
        down = current and sort.startswith("-")
        return Head(
            column=column,
            sort=(
                ""
                if not column.order
                else f"-{column.name}"
                if current and not down
                else column.name
            ),
            direction="descending" if down else "ascending" if current else "",
        )

    def _table(self, rows: Iterable[M]) -> Iterator[list[Cell]]:
        labels = [str(conditional_escape(column.label)) for column in self.columns]
        for row in rows:
            yield [
                Cell(column, label, row, column.of(row), column.link(row) if column.link else None)
                for column, label in zip(self.columns, labels, strict=True)
            ]

    # Files ---------------------------------------------------------------------------------------

    def _lines(self, rows: QuerySet[M]) -> Iterator[list[Any]]:
        for row in rows.iterator(chunk_size=500):
            yield [_plain(column.of(row)) for column in self.columns]

    def _filename(self, suffix: str) -> str:
        from nghitruong.lib.text import slugify_vn

        today = timezone.localdate()
        return f"{slugify_vn(str(self.title))}-{today:%Y-%m-%d}.{suffix}"

    def _csv(self, rows: QuerySet[M]) -> StreamingHttpResponse:
        """UTF-8 with a byte-order mark, so that spreadsheets read the accents."""
        writer = csv.writer(_Echo())

        def lines() -> Iterable[str]:
            yield "\ufeff" + str(writer.writerow([str(c.label) for c in self.columns]))
            for line in self._lines(rows):
                yield str(writer.writerow([_harmless(value) for value in line]))

        response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self._filename("csv")}"'
        return response

    def _xlsx(self, rows: QuerySet[M]) -> FileResponse:
        """Written row by row to a temporary file: memory does not grow with the list."""
        import xlsxwriter

        file = tempfile.TemporaryFile()  # noqa: SIM115  # FileResponse closes it
        book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(self.columns):
            sheet.set_column(at, at, 14 if column.number else 28)
            sheet.write_string(0, at, str(column.label), bold)
        for line_number, line in enumerate(self._lines(rows), start=1):
            for at, value in enumerate(line):
                if isinstance(value, dt.datetime):
                    sheet.write_datetime(line_number, at, value, moment)
                elif isinstance(value, dt.date):
                    sheet.write_datetime(line_number, at, value, day)
                else:
                    sheet.write(line_number, at, value)
        book.close()
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=self._filename("xlsx"))


def _flipped(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _asked(filters: django_filters.FilterSet, request: HttpRequest) -> bool:
    return any(request.GET.get(name) for name in filters.filters)


def _plain(value: Any) -> Any:
    """What a spreadsheet can hold: local naive moments, numbers, text."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if value is None:
        return ""
    return value if isinstance(value, bool | int | float | dt.date) else str(value)


def _harmless(value: Any) -> Any:
    """A text a spreadsheet would run as a formula is quoted."""
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value


class _Echo:
    """A file whose ``write`` hands the line back to ``csv.writer``'s caller."""

    def write(self, line: str) -> str:
        return line

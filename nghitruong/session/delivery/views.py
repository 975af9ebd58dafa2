"""The office's pages of sending: the acts of a session, the log of one, the savings."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from nghitruong.council.councils.middleware import CouncilRequest
from nghitruong.platform.notices.models import DeliveryState, Recipient
from nghitruong.session.delivery import actions, forms, queries
from nghitruong.session.delivery import savings as figures
from nghitruong.session.meetings import queries as meetings
from nghitruong.session.meetings.models import Session
from nghitruong.session.meetings.views.frame import frame
from nghitruong.ui.lists import Column, ListPage

SHOWN = 200


@require_safe
def releases(request: CouncilRequest, number: int) -> HttpResponse:
    """What was sent for this session, how far each got, and what it saved."""
    session = meetings.session_for(request.actor, number)
    return _releases(request, session, forms.PrintForm(), 200)


def _releases(
    request: CouncilRequest, session: Session, form: forms.PrintForm, status: int
) -> HttpResponse:
    actor = request.actor
    found = list(queries.releases_for(actor, session)[:SHOWN])
    counts = queries.counts_of(found)
    saved = figures.savings_for(actor, [session])[session.pk]
    context = frame(request, session, "delivery:releases") | {
        "releases": [(one, counts.get(one.pk, queries.Counts())) for one in found],
        "saved": saved,
        "took": figures.duration_words(saved.took),
        "runs": list(queries.print_runs_for(actor, session)),
        "form": form,
    }
    return render(request, "delivery/releases.html", context, status=status)


@require_POST
def record_print(request: CouncilRequest, number: int) -> HttpResponse:
    """Write down printed sets."""
    session = meetings.session_for(request.actor, number)
    form = forms.PrintForm(request.POST)
    if not form.is_valid():
        queries.print_runs_for(request.actor, session)  # asks whether it is theirs to do
        return _releases(request, session, form, 422)
    actions.record_print(session, by=request.actor, **form.cleaned_data)
    messages.success(request, _("Đã ghi số giấy đã in."))
    return redirect("delivery:releases", request.council.slug, number)


@require_POST
def remove_print(request: CouncilRequest, number: int, run: uuid.UUID) -> HttpResponse:
    """Take back a line."""
    session = meetings.session_for(request.actor, number)
    row = queries.print_run_for(request.actor, session, run)
    actions.remove_print(row, by=request.actor)
    messages.success(request, _("Đã bỏ dòng giấy đã in; nhật ký vẫn giữ."))
    return redirect("delivery:releases", request.council.slug, number)


class LogFilter(django_filters.FilterSet):
    """Whom it has not reached, who has not opened it."""

    tt = django_filters.ChoiceFilter(
        label=_lazy("Tình trạng"),
        choices=[
            ("chua-toi", _lazy("chưa tới")),
            ("chua-mo", _lazy("chưa mở")),
            ("da-mo", _lazy("đã mở")),
            ("hong", _lazy("có lượt gửi hỏng")),
        ],
        method="by_state",
        empty_label=_lazy("Tất cả"),
    )

    def by_state(self, rows: QuerySet[Recipient], name: str, value: str) -> QuerySet[Recipient]:
        """One of the choices."""
        if value == "chua-toi":
            return rows.filter(reached_at__isnull=True)
        if value == "chua-mo":
            return rows.filter(opened_at__isnull=True)
        if value == "da-mo":
            return rows.filter(opened_at__isnull=False)
        return rows.filter(deliveries__state=DeliveryState.FAILED).distinct()


def _ways(row: Recipient) -> str:
    """Each way with its state, the newest round; a failure with its reason."""
    newest = [d for d in row.deliveries.all() if d.round == row.rounds]
    return "; ".join(
        f"{d.get_channel_display()}: {d.get_state_display()}"
        + (f" ({d.reason})" if d.reason else "")
        + (" — " + _("có thể đã tới hai lần") if d.uncertain else "")
        for d in newest
    )


def _opened(row: Recipient) -> str:
    return _("đã mở") if row.opened_at else _("chưa mở")


@require_safe
def log(request: CouncilRequest, release: uuid.UUID) -> HttpResponseBase:
    """One release: counts first, then everybody told. Which pages anybody read is not here."""
    actor = request.actor
    found = queries.release_for(actor, release)
    counts = queries.counts_of([found]).get(found.pk, queries.Counts())
    slug = request.council.slug
    crumbs = [(_("Kỳ họp"), reverse("meetings:sessions", args=[slug]))]
    if found.session is not None:
        crumbs.append(
            (found.session.title, reverse("delivery:releases", args=[slug, found.session.address]))
        )
    crumbs.append((found.get_kind_display(), ""))
    return ListPage[Recipient](
        title=_("Nhật ký gửi"),
        noun=_("người"),
        queryset=queries.log_for(actor, found),
        columns=[
            Column("ten", _("Họ và tên"), "name", ("sort_key",), short=True),
            Column("chuc-danh", _("Chức danh"), "title"),
            Column(
                "gui",
                _("Gửi lúc"),
                "last_round_at",
                ("last_round_at",),
                template="papers/cells/moment.html",
            ),
            Column(
                "toi",
                _("Tới lúc"),
                "reached_at",
                ("reached_at",),
                template="papers/cells/moment.html",
            ),
            # Whether, not when: the hour somebody began to read is nobody's affair.
            Column("mo", _("Đã mở"), _opened),
            Column("lan", _("Lần gửi"), "rounds", ("rounds",), number=True),
            Column("cach", _("Từng cách gửi"), _ways),
        ],
        search=("fold",),
        filterset=LogFilter,
        default_sort="ten",
        empty_title=_("Không có ai để gửi"),
        empty_icon="mail",
        template="delivery/log.html",
        context={
            "release": found,
            "papers": queries.papers_in(found),
            "counts": counts,
            "ways": queries.ways_of(found),
            "crumbs": crumbs,
        },
    ).respond(request)


@require_POST
def resend(request: CouncilRequest, release: uuid.UUID) -> HttpResponse:
    """Tell again who has not opened it."""
    found = queries.release_for(request.actor, release)
    count = actions.resend(found, by=request.actor)
    messages.success(request, _("Đã gửi lại cho %(n)d người chưa mở.") % {"n": count})
    return redirect("delivery:log", request.council.slug, found.pk)


@require_safe
def savings(request: CouncilRequest) -> HttpResponse:
    """Paper saved and delivery time, session by session."""
    rows = figures.all_for(request.actor)
    context = {
        "rows": [(one, saved, figures.duration_words(saved.took)) for one, saved in rows],
        "circulated": sum(saved.circulated for _one, saved in rows),
        "printed": sum(saved.printed for _one, saved in rows),
        "total": sum(saved.saved for _one, saved in rows),
    }
    return render(request, "delivery/savings.html", context)


HEADS = (
    _lazy("Kỳ họp"),
    _lazy("Khai mạc"),
    _lazy("Tài liệu"),
    _lazy("Số trang"),
    _lazy("Trang × người nhận"),
    _lazy("Đã in"),
    _lazy("Tiết kiệm"),
    _lazy("Tỷ lệ"),
    _lazy("Tệp cuối cùng về lúc"),
    _lazy("Đại biểu cuối cùng nhận lúc"),
    _lazy("Thời gian"),
    _lazy("Lượt chưa tới"),
)


@require_safe
def savings_file(request: CouncilRequest) -> FileResponse:
    """The same as a spreadsheet, with formulas that can be checked."""
    rows = figures.all_for(request.actor)
    return FileResponse(
        _workbook(rows),
        as_attachment=True,
        filename=f"tiet-kiem-giay-{timezone.localdate():%Y-%m-%d}.xlsx",
    )


def _workbook(rows: Iterable[tuple[Session, figures.Savings]]) -> io.BytesIO:
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(str(_("Tiết kiệm giấy")))
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    share = book.add_format({"num_format": "0.00%"})
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, len(HEADS) - 1, 16)
    for at, head in enumerate(HEADS):
        sheet.write_string(0, at, str(head), bold)
    for line, (session, saved) in enumerate(rows, start=1):
        sheet.write_string(line, 0, session.title)
        sheet.write_datetime(line, 1, session.expected_opening, day)
        for at, value in ((2, saved.papers), (3, saved.pages), (4, saved.circulated)):
            sheet.write_number(line, at, value)
        sheet.write_number(line, 5, saved.printed)
        sheet.write_formula(line, 6, f"=E{line + 1}-F{line + 1}", None, saved.saved)
        if saved.share is not None:
            sheet.write_formula(line, 7, f"=G{line + 1}/E{line + 1}", share, saved.share)
        for at, when in ((8, saved.last_in), (9, saved.last_reached)):
            if when is not None:
                sheet.write_datetime(
                    line, at, timezone.localtime(when).replace(tzinfo=None), moment
                )
        sheet.write_string(line, 10, figures.duration_words(saved.took))
        sheet.write_number(line, 11, saved.unreached)
    book.close()
    file.seek(0)
    return file

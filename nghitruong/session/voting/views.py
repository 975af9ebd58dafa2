"""Pages of polls and the chair's steps. The steps answer ``{"ok": true}`` to a script."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nghitruong.council.councils.middleware import CouncilRequest
from nghitruong.council.councils.models import DutyKind, Function
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.meetings.models import Sitting, SittingState
from nghitruong.session.voting import actions, exports, queries
from nghitruong.session.voting.counting import counts_of
from nghitruong.session.voting.forms import AssistForm, PrepareForm, ReasonForm
from nghitruong.session.voting.hemicycle import draw, legend
from nghitruong.session.voting.majority import Rule
from nghitruong.session.voting.models import Poll, PollState
from nghitruong.session.voting.sentence import percent_rows
from nghitruong.session.voting.slices import result_value


def _wants_json(request: CouncilRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _invalid(form: Any) -> Refused:
    """The first thing wrong with a form, in words."""
    field, errors = next(iter(form.errors.items()))
    label = form.fields[field].label if field in form.fields else ""
    return Refused("form_invalid", f"{label}: {errors[0]}".lstrip(": "), status=422)


def _done(request: CouncilRequest, poll: Poll, sentence: str, **facts: Any) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"ok": True, "number": poll.number, "state": poll.state, **facts})
    messages.success(request, sentence)
    return redirect(
        "voting:poll",
        poll.council.slug,
        poll.sitting.session.address,
        poll.sitting.number,
        poll.number,
    )


def _find(request: CouncilRequest, number: int, sitting: int, poll: int) -> tuple[Sitting, Poll]:
    actor = request.actor
    place = queries.sitting_for(actor, number, sitting)
    return place, queries.poll_for(actor, place, poll)


def _runs(request: CouncilRequest) -> bool:
    """Whether the page offers the steps of a poll to this person."""
    return queries.runs_polls(request.actor) and Function.VOTING in request.functions


# --- pages -----------------------------------------------------------------------------------


@require_safe
def polls_page(request: CouncilRequest, number: int, sitting: int) -> HttpResponse:
    """Polls of a sitting, and (for the chair's people) the form that prepares another."""
    actor = request.actor
    place = queries.sitting_for(actor, number, sitting)
    runs = _runs(request)
    over = place.state == SittingState.CLOSED
    initial = {"item": place.current_item_id, "text": "draft"}
    return render(
        request,
        "voting/polls.html",
        {
            "sitting": place,
            "polls": list(queries.polls_for(actor).filter(sitting=place)),
            "shows_numbers": queries.hears_count(actor),
            "form": PrepareForm(place, initial=initial) if runs and not over else None,
            "over": over,
        },
    )


@require_safe
def poll_page(request: CouncilRequest, number: int, sitting: int, poll: int) -> HttpResponse:
    """One poll: its result once this person may see it, its steps for the chair's people."""
    actor = request.actor
    place, row = _find(request, number, sitting, poll)
    runs = _runs(request)
    assist = (
        AssistForm(row)
        if row.state == PollState.OPEN and runs and actor.has(DutyKind.CLERK_VOTING)
        else None
    )
    return render(
        request,
        "voting/poll.html",
        {
            "sitting": place,
            "poll": row,
            "runs": runs,
            "assist": assist,
            "annul": ReasonForm(initial={"seen": row.state}) if runs else None,
            **_result_context(actor, row),
        },
    )


def _result_context(actor: Actor, poll: Poll) -> dict[str, Any]:
    if not queries.counted(actor, poll):
        return {"result": None}
    result = result_value(poll)
    named = queries.sees_names(actor)
    picture = draw(result["seats"]) if named else []
    return {
        "result": result,
        "rows": percent_rows(Rule.from_dict(poll.rule), counts_of(poll)),
        "picture": picture,
        "legend": legend(picture),
        "absent": result["absent"],
        "named": exports.named_rows(poll) if named else [],
        "may_export": queries.may_export(actor, poll),
    }


@require_safe
def result_print(request: CouncilRequest, number: int, sitting: int, poll: int) -> HttpResponse:
    """The list to put in a folder."""
    actor = request.actor
    place, row = _exported(request, number, sitting, poll)
    context = {"sitting": place, "poll": row, **_result_context(actor, row)}
    return render(request, "voting/print.html", context)


def _exported(
    request: CouncilRequest, number: int, sitting: int, poll: int
) -> tuple[Sitting, Poll]:
    actor = request.actor
    place, row = _find(request, number, sitting, poll)
    if not queries.counted(actor, row):
        raise Refused(
            "not_published", _("Kết quả chưa công bố. Hãy chờ chủ tọa công bố kết quả."), status=403
        )
    if not queries.may_export(actor, row):
        raise NotAllowed(
            "no_export",
            _("Danh sách biểu quyết chỉ dành cho đại biểu và thư ký; phiên họp kín không xuất."),
        )
    return place, row


@require_safe
def result_json(request: CouncilRequest, number: int, sitting: int, poll: int) -> HttpResponse:
    """The record: everything needed to recompute the result elsewhere."""
    place, row = _exported(request, number, sitting, poll)
    response = HttpResponse(exports.as_json(row), content_type="application/json; charset=utf-8")
    return _attachment(response, place, row, "json")


@require_safe
def result_xlsx(request: CouncilRequest, number: int, sitting: int, poll: int) -> HttpResponse:
    """The result and the votes by name as a spreadsheet."""
    place, row = _exported(request, number, sitting, poll)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _attachment(HttpResponse(exports.as_xlsx(row), content_type=kind), place, row, "xlsx")


def _attachment(response: HttpResponse, place: Sitting, poll: Poll, ending: str) -> HttpResponse:
    name = f"bieu-quyet-ky-{place.session.number}-phien-{place.number}-lan-{poll.number}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


PER_PAGE = 50  # of one's own votes


@require_safe
def my_votes(request: CouncilRequest) -> HttpResponse:
    """«Phiếu của tôi»: a delegate's own votes, found by receipt or looked through."""
    actor = request.actor
    if not actor.is_delegate:
        raise NotAllowed("not_delegate", _("Trang này dành cho đại biểu tra phiếu của mình."))
    receipt = request.GET.get("ma", "").strip()
    found = queries.my_vote_by_receipt(actor, receipt) if receipt else None
    votes = queries.votes_of(actor)
    return render(
        request,
        "voting/my_votes.html",
        {
            "receipt": receipt,
            "found": found,
            "page": Paginator(votes, PER_PAGE).get_page(request.GET.get("page")),
        },
    )


# --- steps -----------------------------------------------------------------------------------


@require_POST
def prepare(request: CouncilRequest, number: int, sitting: int) -> HttpResponse:
    """Prepare a poll on an item; without a word about the text, the item's newest draft."""
    actor = request.actor
    place = queries.sitting_for(actor, number, sitting)
    form = PrepareForm(place, request.POST)
    if not form.is_valid():
        raise _invalid(form)
    data = form.cleaned_data
    version = None if data["text"] == "none" else queries.newest_draft(data["item"])
    poll = actions.prepare_poll(
        data["item"],
        by=actor,
        sitting=place,
        question=data["question"],
        version=version,
        rule_key=data["rule"] or "vote.majority",
        open_basis=data["open_basis"],
    )
    return _done(request, poll, _("Đã chuẩn bị biểu quyết."))


@require_POST
def prepare_again(request: CouncilRequest, number: int, sitting: int, poll: int) -> HttpResponse:
    """Tie a prepared poll to the newest version of its text."""
    _place, row = _find(request, number, sitting, poll)
    row = actions.prepare_again(row, by=request.actor)
    return _done(request, row, _("Đã chuẩn bị lại với bản mới nhất."))


@require_POST
def open_poll(request: CouncilRequest, number: int, sitting: int, poll: int) -> HttpResponse:
    """«Bắt đầu biểu quyết»."""
    _place, row = _find(request, number, sitting, poll)
    return _done(request, actions.open_poll(row, by=request.actor), _("Đã bắt đầu biểu quyết."))


@require_POST
def close_poll(request: CouncilRequest, number: int, sitting: int, poll: int) -> HttpResponse:
    """«Kết thúc biểu quyết» from a page without the live process; the same action."""
    _place, row = _find(request, number, sitting, poll)
    row = actions.close_poll(row, by=request.actor)
    return _done(request, row, _("Đã kết thúc biểu quyết và kiểm phiếu."), passed=row.passed)


@require_POST
def publish_poll(request: CouncilRequest, number: int, sitting: int, poll: int) -> HttpResponse:
    """«Công bố kết quả»."""
    _place, row = _find(request, number, sitting, poll)
    row = actions.publish_poll(row, by=request.actor)
    return _done(request, row, _("Đã công bố kết quả."), passed=row.passed)


@require_POST
def annul_poll(request: CouncilRequest, number: int, sitting: int, poll: int) -> HttpResponse:
    """«Hủy và biểu quyết lại»; a prepared poll is only taken away."""
    _place, row = _find(request, number, sitting, poll)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise _invalid(form)
    again = actions.annul_poll(row, by=request.actor, repeat=True, **form.cleaned_data)
    done = (
        _("Đã hủy. Hãy bắt đầu biểu quyết lại khi sẵn sàng.")
        if again
        else _("Đã bỏ cuộc biểu quyết này.")
    )
    return _done(request, again or row, done)


@require_POST
def assist_vote(request: CouncilRequest, number: int, sitting: int, poll: int) -> HttpResponse:
    """A clerk enters the vote of a delegate whose device fails."""
    _place, row = _find(request, number, sitting, poll)
    form = AssistForm(row, request.POST)
    if not form.is_valid():
        raise _invalid(form)
    data = form.cleaned_data
    answer = actions.assist_vote(
        row, data["entry"], data["choice"], by=request.actor, reason=data["reason"]
    )
    return _done(request, row, _("Đã ghi phiếu hộ."), receipt=answer["receipt"])

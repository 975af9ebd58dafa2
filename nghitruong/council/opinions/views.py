"""Speaking to a draft, the table of opinions, answering, confirming, and the documents."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nghitruong.council.councils.middleware import same_person
from nghitruong.council.councils.roles import Actor
from nghitruong.council.opinions import actions, documents, flows, follow, forms, queries, rules
from nghitruong.council.opinions.models import Opinion, OpinionState, StepKind
from nghitruong.council.papers import queries as paper_queries
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.lib.articles import Place, parse_text
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import serving
from nghitruong.platform.storage.ids import new_id

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """My opinions and what became of them; the papers whose opinions I work with."""
    actor = _actor(request)
    own = (
        queries.opinions_for(actor)
        .filter(author=actor.person_id)
        .select_related("paper", "version")
        .order_by("-sent_at")
    )
    context = {
        "own": own if actor.person else [],
        "gives": actor.is_delegate,
        "papers": queries.papers_with_opinions(actor),
    }
    return render(request, "opinions/papers.html", context)


@dataclass
class _Block:
    """An article on the page where delegates speak to it."""

    place: Place
    body: str
    parts: list[tuple[Place, str]] = field(default_factory=list)
    opinions: int = 0


def _blocks(version: PaperVersion, own: list[queries.Row]) -> list[_Block]:
    text, places = follow.places_of(version)
    starts = {article.key: article for article in parse_text(text).articles}
    blocks: list[_Block] = []
    for place in places:
        if not place.clause and not place.point:
            article = starts[place.article]
            starts_inside = [c.start for c in article.clauses] + [p.start for p in article.points]
            first = min(starts_inside, default=article.end)
            body = " ".join(text[article.body : max(first, article.body)].split())
            blocks.append(_Block(place, body))
        else:
            blocks[-1].parts.append((place, _own_words(place, text, places)))
    for block in blocks:
        block.opinions = sum(row.where.article == block.place.article for row in own)
    return blocks


def _own_words(place: Place, text: str, places: tuple[Place, ...]) -> str:
    """A clause up to its first point: the points stand under it on their own."""
    end = place.end
    if not place.point:
        within = [
            other.start
            for other in places
            if other.point and (other.article, other.clause) == (place.article, place.clause)
        ]
        end = min([end, *within])
    return " ".join(text[place.start : end].split())


def _chosen(request: HttpRequest) -> tuple[str, str, str]:
    return (
        request.GET.get("dieu", "")[:12],
        request.GET.get("khoan", "")[:8],
        request.GET.get("diem", "")[:8],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def give(request: HttpRequest, paper: uuid.UUID) -> HttpResponse:
    """The draft article by article, a form for the chosen place, and my opinions so far. A device
    that sends what was written without network asks for JSON and says who wrote it."""
    same_person(request)
    actor = _actor(request)
    rules.may_speak(actor)
    found = paper_queries.paper_for(actor, paper)
    version = queries.newest_version(actor, found)
    article, clause, point = _chosen(request)
    asked = request.GET.get("ban", "")
    if request.method == "POST" and asked.isdecimal():  # the text that was before the person
        version = paper_queries.version_for(actor, found, int(asked))
    form = forms.OpinionForm(request.POST or None, initial={"nonce": new_id()})
    if request.method == "POST" and form.is_valid():
        given = actions.give_opinion(
            version,
            text=form.cleaned_data["text"],
            nonce=form.cleaned_data["nonce"],
            article=article,
            clause=clause,
            point=point,
            by=actor,
        )
        told = _("Đã ghi nhận ý kiến về %(place)s.") % {"place": given.place}
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"ok": True, "message": told})
        messages.success(request, told)
        return redirect("opinions:give", actor.council.slug, found.pk)
    if request.method == "POST" and "application/json" in request.headers.get("Accept", ""):
        raise Refused("text_missing", _("Ý kiến trống hoặc quá dài nên chưa ghi."), status=422)
    own = queries.rows_for(actor, found, own=True)
    chosen = follow.find(version, article, clause, point) if article else None
    context = {
        "paper": found,
        "version": version,
        "form": form,
        "blocks": _blocks(version, own) if rules.is_open(found) else [],
        "chosen": chosen[0] if chosen else None,
        "chosen_text": chosen[1] if chosen else "",
        "whole": "toan-van" in request.GET,
        "open": rules.is_open(found),
        "own": own,
    }
    return render(request, "opinions/give.html", context)


@require_safe
@never_cache
def table(request: HttpRequest, paper: uuid.UUID) -> HttpResponse:
    """Everybody's opinions on a paper, article by article."""
    actor = _actor(request)
    found = queries.table_paper_for(actor, paper)
    rows = queries.rows_for(actor, found)
    states = [
        (state.value, flows.OPINION[state].label, sum(r.opinion.state == state for r in rows))
        for state in OpinionState
        if state != OpinionState.WITHDRAWN
    ]
    wanted = request.GET.get("trang_thai", "")
    context = {
        "paper": found,
        "version": queries.newest_version(actor, found),
        "rows": [row for row in rows if not wanted or row.opinion.state == wanted],
        "total": len(rows),
        "states": states,
        "wanted": wanted,
        "can_answer": rules.can_answer(actor, found),
        "can_confirm": rules.can_confirm(actor, found),
    }
    return render(request, "opinions/table.html", context)


def _file(data: bytes, name: str, media_type: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=media_type)
    answer["Content-Disposition"] = serving.disposition(name, download=True)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _table(request: HttpRequest, paper: uuid.UUID) -> tuple[Paper, list[queries.Row]]:
    actor = _actor(request)
    found = queries.table_paper_for(actor, paper)
    return found, queries.rows_for(actor, found)


@require_safe
def table_docx(request: HttpRequest, paper: uuid.UUID) -> HttpResponse:
    """«Bảng tổng hợp ý kiến» as a Word file."""
    found, rows = _table(request, paper)
    return _file(documents.table_document(found, rows), "tong-hop-y-kien.docx", DOCX)


@require_safe
def table_xlsx(request: HttpRequest, paper: uuid.UUID) -> HttpResponse:
    """The same as a spreadsheet."""
    found, rows = _table(request, paper)
    return _file(documents.table_workbook(found, rows), "tong-hop-y-kien.xlsx", XLSX)


@require_safe
def report_docx(request: HttpRequest, paper: uuid.UUID) -> HttpResponse:
    """«Báo cáo giải trình, tiếp thu» as a Word file."""
    found, rows = _table(request, paper)
    return _file(documents.report_document(found, rows), "bao-cao-giai-trinh-tiep-thu.docx", DOCX)


def _page(
    request: HttpRequest,
    found: Opinion,
    answer_form: forms.AnswerForm | None = None,
    *,
    reason: str = "",
    note: str = "",
    status: int = 200,
) -> HttpResponse:
    """``reason`` and ``note`` are the Ban's words that were not taken: they stay in their boxes."""
    actor = _actor(request)
    steps = list(found.steps.all())
    answers = [step for step in steps if step.kind == StepKind.ANSWER]
    latest = queries.newest_version(actor, found.paper)
    row = queries.row_of(found, latest)
    moves = flows.OPINION[OpinionState(found.state)].moves
    open_answer = OpinionState.ANSWERED in moves and rules.can_answer(actor, found.paper)
    mine = actor.person is not None and found.author_id == actor.person.pk
    waits = OpinionState.CONFIRMED in moves
    context = {
        "opinion": found,
        "paper": found.paper,
        "row": row,
        "where": row.where,
        "where_words": documents.where_words(row),
        "latest": latest,
        "steps": steps,
        # What is shown and what the Ban's forms name is one and the same.
        "said": answers[-1] if answers else None,
        "kinds": StepKind,
        "answer_form": answer_form
        or forms.AnswerForm(initial={"decision": found.decision, "text": found.answer}),
        "return_form": forms.ReturnForm(initial={"reason": reason}),
        "note": note,
        "can_answer": open_answer,
        "can_confirm": waits and rules.can_confirm(actor, found.paper),
        "can_withdraw": mine and OpinionState.WITHDRAWN in moves,
        "sees_table": rules.sees_all(actor) or rules.drafting_body(actor, found.paper) is not None,
    }
    return render(request, "opinions/opinion.html", context, status=status)


@require_safe
@never_cache
def opinion(request: HttpRequest, opinion: uuid.UUID) -> HttpResponse:
    """One opinion: its words, where its place is now, every step, and what I can do."""
    return _page(request, queries.opinion_for(_actor(request), opinion))


def _back(request: HttpRequest, found: Opinion) -> HttpResponse:
    return redirect("opinions:opinion", _actor(request).council.slug, found.pk)


@require_POST
def answer(request: HttpRequest, opinion: uuid.UUID) -> HttpResponse:
    """The drafting agency's answer."""
    actor = _actor(request)
    found = queries.opinion_for(actor, opinion)
    rules.may_answer(actor, found.paper)
    form = forms.AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    actions.answer_opinion(found, by=actor, **form.cleaned_data)
    messages.success(request, _("Đã ghi câu trả lời; đại biểu và Ban thấy ngay."))
    return _back(request, found)


def _seen_answer(request: HttpRequest) -> uuid.UUID:
    """The answer that was before the person."""
    try:
        return uuid.UUID(request.POST.get("answer", ""))
    except ValueError:
        raise Refused("answer_missing", _("Hãy tải lại trang rồi làm lại."), status=422) from None


def _again(
    request: HttpRequest, found: Opinion, refused: Refused, *, reason: str = "", note: str = ""
) -> HttpResponse:
    """The page as it is now, with why the Ban's step was not taken and the words typed."""
    messages.error(request, refused.sentence)
    found = queries.opinion_for(_actor(request), found.pk)
    return _page(request, found, reason=reason, note=note, status=refused.status)


@require_POST
def confirm(request: HttpRequest, opinion: uuid.UUID) -> HttpResponse:
    """The Ban confirms."""
    actor = _actor(request)
    found = queries.opinion_for(actor, opinion)
    rules.may_confirm(actor, found.paper)
    asked = request.POST.get("ban", "")  # the text that was before the person
    if not asked.isdecimal():
        raise Refused("version_missing", _("Hãy tải lại trang rồi xác nhận lại."), status=422)
    version = paper_queries.version_for(actor, found.paper, int(asked))
    note = request.POST.get("note", "")
    try:
        actions.confirm_opinion(
            found, version=version, answer=_seen_answer(request), by=actor, note=note
        )
    except Refused as refused:
        return _again(request, found, refused, note=note)
    messages.success(request, _("Đã ghi nhận Ban xác nhận."))
    return _back(request, found)


@require_POST
def send_back(request: HttpRequest, opinion: uuid.UUID) -> HttpResponse:
    """The Ban asks for another answer."""
    actor = _actor(request)
    found = queries.opinion_for(actor, opinion)
    rules.may_confirm(actor, found.paper)
    reason = request.POST.get("reason", "")
    try:
        actions.return_opinion(found, answer=_seen_answer(request), by=actor, reason=reason)
    except Refused as refused:
        return _again(request, found, refused, reason=reason)
    messages.success(request, _("Đã chuyển lại cơ quan trình kèm ý kiến của Ban."))
    return _back(request, found)


@require_POST
def withdraw(request: HttpRequest, opinion: uuid.UUID) -> HttpResponse:
    """The author takes it back."""
    found = queries.opinion_for(_actor(request), opinion)
    actions.withdraw_opinion(found, by=_actor(request))
    messages.success(request, _("Đã rút ý kiến."))
    return redirect(reverse("opinions:give", args=[_actor(request).council.slug, found.paper_id]))

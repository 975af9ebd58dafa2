"""Summons, invitations, lists, answers."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nghitruong.platform.files import cards
from nghitruong.platform.files.cards import Card
from nghitruong.platform.files.serving import disposition
from nghitruong.session.meetings import actions, documents, forms, queries, rules
from nghitruong.session.meetings.chairing import chair_name
from nghitruong.session.meetings.models import Reply, Session, Summons, SummonsKind
from nghitruong.session.meetings.views.frame import frame
from nghitruong.ui.lists import Column, ListPage

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

INVITE_SHOWN = 50  # people to choose from at once; a council knows thousands, who searches finds


@require_safe
def summons(request: HttpRequest, number: int) -> HttpResponseBase:
    """Who was summoned and invited, and what they answered."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    looked_for = request.GET.get("moi", "").strip()
    invitable = queries.invitable_for(actor, session, looked_for)
    listed: list[Column[Summons]] = [
        Column("so", "Số", "number", number=True, order=("kind", "number")),
        Column("ten", "Họ và tên", "name", order=("person__sort_key",), short=True),
        Column("chuc", "Chức danh", "title"),
        Column("giay", "Loại giấy", lambda row: row.get_kind_display(), order=("kind", "number")),
        Column(
            "tl",
            "Trả lời",
            lambda row: row.get_reply_display(),
            order=("reply", "number"),
            template="meetings/cells/reply.html",
        ),
        Column("ly", "Lý do vắng", "reason"),
        Column("tep", "", lambda row: "", template="meetings/cells/summons.html"),
    ]
    return ListPage(
        title=_("Giấy triệu tập, giấy mời"),
        noun=_("giấy"),
        queryset=queries.summons_for(actor, session),
        columns=listed,
        search=("person__fold",),
        empty_title=_("Chưa phát hành giấy triệu tập"),
        empty_text=_("Bấm «Phát hành giấy triệu tập» để gửi cho mọi đại biểu đương nhiệm."),
        empty_icon="mail",
        template="meetings/summons.html",
        context=frame(request, session, "summons")
        | {
            "replies": queries.reply_counts(session),
            "guests": queries.reply_counts(session, SummonsKind.INVITATION),
            "looked_for": looked_for,
            "looked": "moi" in request.GET,
            "invitable": list(invitable[: INVITE_SHOWN + 1]),
            "invite_shown": INVITE_SHOWN,
        },
    ).respond(request)


@require_POST
def issue(request: HttpRequest, number: int) -> HttpResponse:
    """Summon everybody in office who has no summons yet."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_summon(actor)
    session = queries.session_for(actor, number)
    behalf = "" if actor.is_chair else chair_name(session)
    issued = actions.issue_summons(session, by=actor, on_behalf=behalf)
    if issued:
        messages.success(request, _("Đã phát hành %(n)d giấy triệu tập.") % {"n": len(issued)})
    else:
        messages.info(request, _("Mọi đại biểu đương nhiệm đã có giấy triệu tập."))
    return redirect("meetings:summons", actor.council.slug, number)


@require_POST
def invite(request: HttpRequest, number: int) -> HttpResponse:
    """Invite the chosen people."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_summon(actor)
    session = queries.session_for(actor, number)
    form = forms.InviteForm(queries.invitable_for(actor, session), request.POST)
    if form.is_valid():
        behalf = "" if actor.is_chair else chair_name(session)
        issued = actions.invite(
            session, list(form.cleaned_data["people"]), by=actor, on_behalf=behalf
        )
        messages.success(request, _("Đã phát hành %(n)d giấy mời.") % {"n": len(issued)})
    else:
        messages.warning(request, _("Chưa chọn ai. Hãy đánh dấu khách mời rồi bấm lại."))
    return redirect("meetings:summons", actor.council.slug, number)


def _word(data: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": disposition(name, download=True)}
    return HttpResponse(data, content_type=WORD, headers=headers)


@require_safe
def summons_file(request: HttpRequest, number: int) -> HttpResponse:
    """All summons (``?loai=invitation``: invitations) in one file, a page each."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    kind = request.GET.get("loai", SummonsKind.SUMMONS)
    rows = list(queries.summons_for(actor, session).filter(kind=kind).order_by("number"))
    if not rows:
        raise Http404
    parts = queries.programme(actor, session, kind)
    data = documents.summons_file(session, rows, parts, signer=chair_name(session))
    return _word(data, f"{rows[0].get_kind_display()} {session.title}.docx")


@require_safe
def one_file(request: HttpRequest, number: int, summons: uuid.UUID) -> HttpResponse:
    """One person's paper: for them and for the office."""
    actor = request.actor  # type: ignore[attr-defined]
    session = queries.session_for(actor, number)
    row = get_object_or_404(queries.summons_for(actor, session), pk=summons)
    parts = queries.programme(actor, session, row.kind)
    data = documents.summons_file(session, [row], parts, signer=chair_name(session))
    return _word(data, f"{row.get_kind_display()} số {row.number} {row.name}.docx")


@require_safe
def list_file(request: HttpRequest, number: int) -> HttpResponse:
    """The list of delegates (``?loai=invitation``: guests) with their answers."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    kind = request.GET.get("loai", SummonsKind.SUMMONS)
    rows = list(queries.summons_for(actor, session).filter(kind=kind).order_by("person__sort_key"))
    data = documents.list_file(session, rows, kind)
    what = "đại biểu" if kind == SummonsKind.SUMMONS else "khách mời"
    return _word(data, f"Danh sách {what} {session.title}.docx")


def _cards(request: HttpRequest, number: int) -> tuple[Session, list[Card]]:
    """A card for everybody with a paper of this session, by given name."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_prepare(actor)
    session = queries.session_for(actor, number)
    kind = request.GET.get("loai", SummonsKind.SUMMONS)
    rows = queries.summons_for(actor, session).filter(kind=kind).order_by("person__sort_key")
    places = queries.places_of(session)
    slug = actor.council.slug
    found = [
        Card(
            row.name,
            _("Đại biểu") if kind == SummonsKind.SUMMONS else _("Khách mời"),
            row.title,
            places.get(row.person_id, ""),
            request.build_absolute_uri(reverse("councils:person", args=[slug, row.person_id])),
        )
        for row in rows
    ]
    if not found:
        raise Http404
    return session, found


@require_safe
def badges_file(request: HttpRequest, number: int) -> HttpResponse:
    """Badges with a QR code that opens the bearer's page (after sign-in)."""
    session, found = _cards(request, number)
    data = cards.badges(session.council.name, _("Kỳ họp thứ %d") % session.number, found)
    return _word(data, f"Thẻ {session.title}.docx")


@require_safe
def plates_file(request: HttpRequest, number: int) -> HttpResponse:
    """Name plates for the desks."""
    session, found = _cards(request, number)
    return _word(cards.plates(found), f"Biển tên {session.title}.docx")


@require_safe
def my_summons(request: HttpRequest, number: int) -> HttpResponse:
    """The own summons, with its answer."""
    actor = request.actor  # type: ignore[attr-defined]
    session = queries.session_for(actor, number)
    row = queries.own_summons(actor, session)
    if row is None:
        raise Http404
    context = frame(request, session, "session") | {"row": row, "Reply": Reply}
    return render(request, "meetings/my_summons.html", context)


@require_POST
def reply(request: HttpRequest, number: int, summons: uuid.UUID) -> HttpResponse:
    """Coming, or absent with the reason."""
    actor = request.actor  # type: ignore[attr-defined]
    session = queries.session_for(actor, number)
    row = get_object_or_404(queries.summons_for(actor, session), pk=summons)
    coming = request.POST.get("reply") == Reply.COMING
    actions.reply(row, coming=coming, reason=request.POST.get("reason", ""), by=actor)
    messages.success(request, _("Đã ghi nhận trả lời."))
    if row.person_id == actor.person_id:
        return redirect("meetings:my_summons", actor.council.slug, number)
    return redirect("meetings:summons", actor.council.slug, number)

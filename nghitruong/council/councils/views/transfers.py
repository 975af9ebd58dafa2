"""Sending up and down between councils: a page to send, one to read and to receive."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nghitruong.council.councils import actions, queries, rules
from nghitruong.council.councils.forms import SendForm
from nghitruong.council.councils.middleware import CouncilRequest
from nghitruong.council.councils.models import Transfer
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import serving
from nghitruong.ui.lists import Column, ListPage


@require_safe
def transfers(request: CouncilRequest) -> HttpResponseBase:
    """What was sent up or down, and what arrived."""
    rules.require_office(request.actor)
    council = request.council

    def way(row: Transfer) -> str:
        return _("gửi đi") if row.sender_id == council.pk else _("nhận về")

    def other(row: Transfer) -> str:
        return str(row.receiver if row.sender_id == council.pk else row.sender)

    return ListPage[Transfer](
        title=_("Gửi lên, gửi xuống"),
        noun=_("lượt"),
        queryset=queries.transfers_for(request.actor),
        columns=[
            Column(
                "luc",
                _("Gửi lúc"),
                "sent_at",
                order=("sent_at",),
                template="councils/cells/moment.html",
            ),
            Column("chieu", _("Chiều"), way),
            Column("noi", _("Nơi gửi hoặc nhận"), other),
            Column(
                "trich-yeu",
                _("Trích yếu"),
                "subject",
                link=lambda row: reverse("councils:transfer", args=[council.slug, row.pk]),
            ),
            Column("nhan", _("Người nhận"), "received_by_name"),
        ],
        default_sort="-luc",
        empty_title=_("Chưa gửi hay nhận gì"),
        empty_text=_("Hai Hội đồng chỉ chung nhau những gì gửi ở đây; mọi thứ khác vẫn riêng."),
        empty_icon="send",
        template="councils/transfers.html",
        context={"waiting": queries.transfers_waiting_for(request.actor)},
    ).respond(request)


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: CouncilRequest) -> HttpResponse:
    """A letter, with copies of papers, to the council above or one below."""
    rules.require_office(request.actor)
    form = SendForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = actions.send_transfer(
                data["receiver"],
                kind="document",
                subject=data["subject"],
                payload={"text": data["text"], "files": form.files_chosen()},
                by=request.actor,
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Đã gửi tới %(name)s.") % {"name": row.receiver})
            return redirect("councils:transfer", request.council.slug, row.pk)
    return render(request, "councils/send.html", {"form": form})


@require_safe
def transfer(request: CouncilRequest, pk: uuid.UUID) -> HttpResponse:
    """One letter as it was sent; the receiver acknowledges it here."""
    rules.require_office(request.actor)
    row = get_object_or_404(queries.transfers_for(request.actor), pk=pk)
    waiting = row.receiver_id == request.council.pk and row.received_at is None
    context = {"row": row, "files": row.payload.get("files", []), "waiting": waiting}
    return render(request, "councils/transfer.html", context)


@require_safe
def transfer_file(request: CouncilRequest, pk: uuid.UUID, index: int) -> HttpResponseBase:
    """A copy that was sent along, by its place in the letter."""
    rules.require_office(request.actor)
    row = get_object_or_404(queries.transfers_for(request.actor), pk=pk)
    files = row.payload.get("files", [])
    if not 1 <= index <= len(files):
        raise Http404
    sent = files[index - 1]
    if not sent["sha256"]:
        raise Refused("file_erased", _("Tệp này đã xóa khỏi hệ thống theo luật."), status=410)
    try:
        return serving.answer(
            request,
            sha256=sent["sha256"],
            media_type=sent["media_type"],
            file_name=sent["file_name"],
            download=True,
        )
    except FileNotFoundError:
        raise Refused(
            "file_missing", _("Tệp này không còn trên máy chủ. Hãy báo nơi gửi."), status=410
        ) from None


@require_POST
def receive(request: CouncilRequest, pk: uuid.UUID) -> HttpResponse:
    """Acknowledge what arrived."""
    row = get_object_or_404(queries.transfers_for(request.actor), pk=pk)
    actions.receive_transfer(row, by=request.actor)
    messages.success(request, _("Đã ghi nhận «%(subject)s».") % {"subject": row.subject})
    return redirect("councils:transfers", request.council.slug)

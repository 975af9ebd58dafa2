"""The list of papers and the office's work on them."""

from __future__ import annotations

import uuid
from typing import Any

import django_filters
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nghitruong.council.papers import actions, extension, forms, queries, rules
from nghitruong.council.papers.models import Paper, PaperKind, PaperState, SecretStub
from nghitruong.platform.errors import Refused
from nghitruong.ui.lists import Column, ListPage


class StateFilter(django_filters.FilterSet):
    """Narrowing by what became of a paper."""

    trang_thai = django_filters.ChoiceFilter(
        field_name="state", label="Trạng thái", choices=PaperState.choices, empty_label="Tất cả"
    )


class PaperFilter(StateFilter):
    """Narrowing the list."""

    loai = django_filters.ChoiceFilter(
        field_name="kind", label="Loại", choices=PaperKind.choices, empty_label="Tất cả"
    )


def paper_url(paper: Paper) -> str:
    """Where the paper is read."""
    slug = paper.council.slug
    return reverse("papers:paper", args=[slug, paper.pk])


def columns(*, manage: bool, full: bool) -> list[Column[Paper]]:
    """Columns of lists of papers; ``full`` for files, where width costs nothing."""
    found: list[Column[Paper]] = []
    if manage and not full:
        found.append(Column("chon", "Chọn", lambda paper: "", template="papers/cells/pick.html"))
    found += [
        Column(
            "ten",
            "Tên tài liệu",
            "title",
            order=("fold",),
            link=paper_url,
            template="papers/cells/title.html",
        ),
        Column("so", "Số, ký hiệu", "number", order=("number",)),
        Column("ngay", "Ngày", "dated", order=("dated",), template="papers/cells/date.html"),
        Column("trang", "Trang", "latest_pages", number=True, order=("latest_pages",)),
        Column(
            "tt",
            "Trạng thái",
            lambda paper: paper.get_state_display(),
            order=("state", "released_at"),
            template="papers/cells/state.html",
        ),
    ]
    if full:
        found += [
            Column("loai", "Loại", lambda paper: paper.get_kind_display()),
            Column("cq", "Cơ quan", "issuer"),
            Column("ban", "Bản", "latest", number=True),
            Column("gui", "Gửi đại biểu lúc", "released_at"),
        ]
    elif manage:
        found.append(Column("sua", "", lambda paper: "", template="papers/cells/edit.html"))
    return found


@require_safe
def paper_list(request: HttpRequest) -> HttpResponseBase:
    """Every paper this person may see."""
    actor = request.actor  # type: ignore[attr-defined]
    return ListPage(
        title=_("Tài liệu"),
        noun=_("tài liệu"),
        queryset=queries.papers_for(actor).select_related("council").order_by("-created_at"),
        columns=columns(manage=rules.can_manage(actor), full="xuat" in request.GET),
        search=("fold",),
        filterset=PaperFilter,
        empty_title=_("Chưa có tài liệu nào"),
        empty_text=_("Tài liệu hiện ra ở đây khi văn phòng gửi."),
        empty_icon="files",
        template="papers/list.html",
        context={
            "can_manage": rules.can_manage(actor),
            "add_url": reverse("papers:add", args=[actor.council.slug]),
        },
    ).respond(request)


def upload_state(
    actor: Any, *, session_id: uuid.UUID | None = None, paper: Paper | None = None, after: str = ""
) -> dict[str, Any]:
    """What the sending island needs; ``after`` is where a finished paper's key is posted."""
    return {
        "url": reverse("papers:uploads", args=[actor.council.slug]),
        "max": settings.UPLOAD_MAX_BYTES,
        "session": str(session_id) if session_id else "",
        "paper": str(paper.pk) if paper else "",
        "after": after,
        "papers": reverse("papers:papers", args=[actor.council.slug]),
    }


@require_safe
def add_papers(request: HttpRequest) -> HttpResponse:
    """Send files in: describe, drag, watch, correct."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_manage(actor)
    context = {"form": forms.NewPaperForm(actor), "state": upload_state(actor)}
    return render(request, "papers/add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, paper: uuid.UUID) -> HttpResponse:
    """Description, versions, replacing the text, release and withdrawal of one paper."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_manage(actor)
    found = queries.paper_for(actor, paper)
    form = forms.EditForm(actor, found, request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_paper(found, by=actor, seen=form.seen(), **form.changes())
        except Refused as refused:
            if refused.code != "paper_changed":
                raise
            found, status = queries.paper_for(actor, paper), refused.status
            form = form.over(found)
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Đã ghi thông tin tài liệu."))
            return redirect("papers:details", actor.council.slug, found.pk)
    versions = queries.versions_for(actor, found)
    panels = extension.panels_of(actor, versions)
    context = {
        "paper": found,
        "form": form,
        "versions": [(version, panels[version.pk]) for version in versions],
        # The text its readers have; an older one is replaced, one still unread replaces nothing.
        "newest": max((version.number for version in versions if not version.unread), default=0),
        "reason_form": forms.ReasonForm(prefix="rut"),
        # Delegates have it: the island asks before it sends another file in its place.
        "state": upload_state(actor, session_id=found.session_id, paper=found)
        | {"asks": found.title if found.state == PaperState.RELEASED else ""},
        "facts": extension.facts_of(actor, found),
        "links": extension.links_of(actor, found, versions[0]) if versions else [],
        "verification": queries.verification_of(actor, found),
        "verifications": queries.verifications_of(actor, found),
        "verifiable": (
            queries.verifiable_for(actor, found) if found.kind == PaperKind.VERIFICATION else []
        ),
        "degrees": forms.StubForm().fields["degree"].choices,  # type: ignore[attr-defined]
    }
    return render(request, "papers/details.html", context, status=status)


def back_to(request: HttpRequest, default: str) -> str:
    """The page of ours the form came from."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return default


@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """Send the chosen papers to the delegates."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_manage(actor)
    keys = []
    for value in request.POST.getlist("paper"):
        try:
            keys.append(uuid.UUID(value))
        except ValueError:
            continue
    papers = list(queries.papers_for(actor).filter(pk__in=keys))
    sent = actions.release_papers(
        papers,
        by=actor,
        late_approved_by=request.POST.get("late_approved_by", ""),
        late_reason=request.POST.get("late_reason", ""),
    )
    if sent:
        messages.success(request, _("Đã gửi %(n)d tài liệu tới đại biểu.") % {"n": len(sent)})
    elif papers:
        messages.info(request, _("Các tài liệu này đã được gửi từ trước."))
    else:
        messages.warning(request, _("Chưa chọn tài liệu nào. Hãy đánh dấu rồi bấm «Gửi đại biểu»."))
    return redirect(back_to(request, reverse("papers:papers", args=[actor.council.slug])))


@require_POST
def verifies(request: HttpRequest, paper: uuid.UUID) -> HttpResponse:
    """Which text of a draft this report is about."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_manage(actor)
    found = queries.paper_for(actor, paper)
    wanted = request.POST.get("version", "")
    version = next((v for v in queries.verifiable_for(actor, found) if str(v.pk) == wanted), None)
    if wanted and version is None:
        raise Http404
    actions.name_verified(found, version, by=actor)
    messages.success(request, _("Đã ghi bản dự thảo được thẩm tra."))
    return redirect("papers:details", actor.council.slug, found.pk)


@require_POST
def withdraw(request: HttpRequest, paper: uuid.UUID) -> HttpResponse:
    """Withdraw one paper."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_manage(actor)
    found = queries.paper_for(actor, paper)
    actions.withdraw_paper(found, reason=request.POST.get("rut-reason", ""), by=actor)
    messages.success(request, _("Đã rút tài liệu; lý do đã ghi vào nhật ký."))
    return redirect("papers:details", actor.council.slug, found.pk)


@require_POST
def expunge(request: HttpRequest, paper: uuid.UUID) -> HttpResponse:
    """A paper found to be secret after it came in: erase it everywhere."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_manage(actor)
    form = forms.StubForm(request.POST)
    found = queries.paper_for(actor, paper)
    if not form.is_valid():
        messages.error(request, _("Hãy chọn độ mật."))
        return redirect("papers:details", actor.council.slug, found.pk)
    done = actions.expunge_secret(found, form.cleaned_data["degree"], by=actor)
    messages.success(request, _("Đã xóa tài liệu khỏi hệ thống; sổ tài liệu mật giữ một dòng."))
    messages.warning(
        request,
        _(
            "Bản sao lưu và bản đã in trước lúc này vẫn còn tài liệu: hãy thu hồi, tiêu hủy theo "
            "quy định."
        ),
    )
    if done.kept:
        messages.warning(
            request,
            _("%(n)s chỗ trong hồ sơ biểu quyết đã chốt còn nhắc tên tài liệu và không sửa được.")
            % {"n": done.kept},
        )
    if done.short:
        messages.warning(
            request,
            _(
                "Tên tài liệu quá ngắn nên hệ thống không tự tìm được ở nơi khác. Hãy tự xem lại "
                "chương trình, thông báo, biên bản và xóa chỗ nào nhắc đến tài liệu."
            ),
        )
    if done.alike:
        messages.warning(
            request,
            _(
                "%(n)s tài liệu khác có tên như tài liệu này hoặc nhắc tên nó. Hãy xem từng tài "
                "liệu; tài liệu nào cũng mật thì xóa như vậy."
            )
            % {"n": done.alike},
        )
    return redirect("papers:stubs", actor.council.slug)


def _stub_state(stub: SecretStub) -> str:
    if stub.voided_at is None:
        return _("còn hiệu lực")
    return _("đã hủy: %(reason)s (%(name)s)") % {
        "reason": stub.void_reason,
        "name": stub.voided_by_name,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def stubs(request: HttpRequest) -> HttpResponseBase:
    """The register of secret papers, which exist on paper only."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.may_manage(actor)
    form = forms.StubForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.register_stub(form.cleaned_data.pop("degree"), by=actor, **form.cleaned_data)
        messages.success(request, _("Đã ghi vào sổ."))
        return redirect("papers:stubs", actor.council.slug)
    listed: list[Column[SecretStub]] = [
        Column(
            "luc",
            "Vào sổ lúc",
            "registered_at",
            order=("registered_at",),
            template="papers/cells/moment.html",
        ),
        Column("do", "Độ mật", lambda stub: stub.get_degree_display(), order=("degree",)),
        Column("so", "Số, ký hiệu", "number", order=("number",)),
        Column("cq", "Cơ quan ban hành", "issuer", order=("issuer",)),
        Column("ng", "Người vào sổ", "registered_by_name", order=("registered_by_name",)),
        Column("huy", "Tình trạng", _stub_state, template="papers/cells/stub.html"),
    ]
    return ListPage(
        title=_("Sổ tài liệu mật"),
        noun=_("tài liệu"),
        intro=_(
            "Tài liệu mật chỉ có bản giấy. Sổ không ghi trích yếu "
            "(Luật Bảo vệ bí mật nhà nước số 117/2025/QH15, Điều 5)."
        ),
        queryset=queries.stubs_for(actor),
        columns=listed,
        default_sort="-luc",
        empty_title=_("Sổ chưa có dòng nào"),
        empty_icon="lock",
        template="papers/stubs.html",
        context={"form": form},
    ).respond(request)


@require_POST
def void_stub(request: HttpRequest, stub: uuid.UUID) -> HttpResponse:
    """Cross out a line of the register; it stays, with the reason."""
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.stub_for(actor, stub)
    actions.void_stub(found, reason=request.POST.get("reason", ""), by=actor)
    messages.success(request, _("Đã hủy dòng này; sổ vẫn giữ dòng và lý do."))
    return redirect("papers:stubs", actor.council.slug)

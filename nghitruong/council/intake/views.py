"""What became of a file, the store, the scanner's folder."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nghitruong.council.intake import actions, forms, queries
from nghitruong.council.intake.actions import integrity
from nghitruong.council.intake.actions import scanner as scanning
from nghitruong.council.intake.models import Intake
from nghitruong.council.papers import queries as papers
from nghitruong.council.papers import rules as paper_rules
from nghitruong.council.papers.models import PaperKind, PaperVersion
from nghitruong.platform.files import store
from nghitruong.platform.jobs import api as jobs


def _version(request: HttpRequest, paper: uuid.UUID, version: int) -> PaperVersion:
    actor = request.actor  # type: ignore[attr-defined]
    return papers.version_for(actor, papers.paper_for(actor, paper), version)


def _intake(version: PaperVersion) -> Intake:
    found = queries.intake_of(version)
    if found is None:
        raise Http404
    return found


@require_safe
def state(request: HttpRequest, paper: uuid.UUID, version: int) -> HttpResponse:
    """How the file is being processed, its signatures, where its text comes from."""
    actor = request.actor  # type: ignore[attr-defined]
    found = _version(request, paper, version)
    panels = queries.panels(actor, [found])
    context = {"paper": found.paper, "version": found, "panel": panels.get(found.pk)}
    return render(request, "intake/state.html", context)


@require_POST
def retry(request: HttpRequest, paper: uuid.UUID, version: int) -> HttpResponse:
    """Look at the file again."""
    actor = request.actor  # type: ignore[attr-defined]
    paper_rules.may_manage(actor)
    found = _version(request, paper, version)
    actions.retry(_intake(found), by=actor)
    messages.success(request, _("Tệp đang được xử lý lại."))
    return redirect("intake:state", actor.council.slug, paper, version)


@require_POST
def clear(request: HttpRequest, paper: uuid.UUID, version: int) -> HttpResponse:
    """A person says: that is no mark of secrecy."""
    actor = request.actor  # type: ignore[attr-defined]
    paper_rules.may_manage(actor)
    found = _version(request, paper, version)
    actions.clear_hold(_intake(found), by=actor)
    messages.success(request, _("Đã ghi xác nhận; tệp đang được xử lý tiếp."))
    return redirect("intake:state", actor.council.slug, paper, version)


@require_safe
def thumbnail(request: HttpRequest, paper: uuid.UUID, version: int, page: int) -> HttpResponse:
    """A page's small picture."""
    found = _version(request, paper, version)
    about = queries.page_of(found, page)
    intake = queries.intake_of(found)
    if about is None or not about.thumbnail_size or intake is None:
        raise Http404
    try:
        with store.open_file(intake.thumbnails_sha256) as file:
            file.seek(about.thumbnail_at)
            data = file.read(about.thumbnail_size)
    except (FileNotFoundError, ValueError):
        raise Http404 from None
    answer = HttpResponse(data, content_type="image/webp")
    answer["Cache-Control"] = "private, no-cache"  # may be taken away as a secret
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
def storage(request: HttpRequest) -> HttpResponse:
    """The last nightly check, files not wholly processed."""
    actor = request.actor  # type: ignore[attr-defined]
    paper_rules.may_manage(actor)
    troubled = list(queries.troubled(actor)[:200])
    context = {
        "check": queries.last_check(actor),
        "rows": [(intake, queries.sentences(intake)) for intake in troubled],
        "scanner": queries.scanner_of(actor),
    }
    return render(request, "intake/storage.html", context)


@require_POST
def check_now(request: HttpRequest) -> HttpResponse:
    """Have the files checked now."""
    actor = request.actor  # type: ignore[attr-defined]
    paper_rules.may_manage(actor)
    jobs.enqueue(integrity.JOB, f"now:{actor.council.pk}", council_id=actor.council.pk)
    messages.success(request, _("Đang kiểm tra kho tệp; kết quả hiện ở đây khi xong."))
    return redirect("intake:storage", actor.council.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def scanner(request: HttpRequest) -> HttpResponse:
    """The scanner's folder of this council."""
    actor = request.actor  # type: ignore[attr-defined]
    paper_rules.may_manage(actor)
    setting = queries.scanner_of(actor)
    initial = {
        "enabled": setting is not None and setting.enabled,
        "kind": setting.kind if setting else PaperKind.REFERENCE,
    }
    form = forms.ScannerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.set_scanner(by=actor, **form.cleaned_data)
        messages.success(request, _("Đã ghi cài đặt thư mục máy quét."))
        return redirect("intake:scanner", actor.council.slug)
    context = {
        "form": form,
        "setting": setting,
        "folder": scanning.folder_of(actor.council),
        "files": list(queries.scanned_files(actor)[:100]),
    }
    return render(request, "intake/scanner.html", context)

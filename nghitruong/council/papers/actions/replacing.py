"""Before a file takes the place of a paper: what most often was not meant is asked about.

Each refusal has a code at which the island offers to go on (``ui/islands/nt-upload.ts``); whoever
means it sends the file once more, with the word of that question among its facts.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers import queries
from nghitruong.council.papers.models import Paper, PaperState
from nghitruong.platform.errors import Refused

# What is kept of these refusals, which name papers.
UNNAMED = {
    "file_replaces": _lazy("Tài liệu đã gửi đại biểu: tệp này sẽ thay bản đại biểu đang có."),
    "file_elsewhere": _lazy("Tệp này đã có ở một tài liệu khác. Hãy kiểm tra lại tệp vừa chọn."),
}


def check_meant(paper: Paper, sha256: str, about: Mapping[str, str], by: Actor) -> None:
    """Raise unless the file may stand as the next text of ``paper``.

    ``replaces``: delegates have the paper now, whatever the page showed when the file was chosen.
    ``elsewhere``: the very same bytes stand under another paper, most often the wrong file was
    chosen. Only papers this person sees are named.
    """
    if paper.state == PaperState.RELEASED and not about.get("replaces"):
        raise Refused(
            "file_replaces",
            _(
                "«%(title)s» đã gửi đại biểu: tệp này sẽ thay bản đại biểu đang có và đại biểu "
                "được báo ngay. Nếu đúng ý, hãy bấm «Thay bằng tệp này»."
            )
            % {"title": paper.title},
            status=422,
        )
    if about.get("elsewhere"):
        return
    others = queries.papers_for(by).exclude(pk=paper.pk).filter(versions__sha256=sha256)
    other = others.order_by("-created_at").first()
    if other is not None:
        raise Refused(
            "file_elsewhere",
            _(
                "Tệp này đã có ở tài liệu «%(title)s». Hãy kiểm tra lại tệp vừa chọn; nếu đúng là "
                "muốn dùng, hãy bấm «Vẫn dùng tệp này»."
            )
            % {"title": other.title},
            status=422,
        )

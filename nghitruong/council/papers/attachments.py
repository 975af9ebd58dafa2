"""Released papers may be sent to the council above or below: the newest text of each."""

from __future__ import annotations

from nghitruong.council.councils.attachments import Attachment
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import PaperState, PaperVersion
from nghitruong.council.papers.queries import papers_for

MOST = 200  # the newest papers; who looks for an older one searches for it first


def offer(actor: Actor) -> list[Attachment]:
    """Two statements."""
    papers = papers_for(actor).filter(state=PaperState.RELEASED).order_by("-released_at")[:MOST]
    found = {paper.pk: paper for paper in papers}
    newest: dict[object, PaperVersion] = {}
    for version in PaperVersion.objects.filter(paper__in=list(found), unread=False).order_by(
        "number"
    ):
        newest[version.paper_id] = version
    return [
        Attachment(
            key=str(newest[key].pk),
            label=f"{paper.number} {paper.title}".strip(),
            sha256=newest[key].sha256,
            file_name=newest[key].file_name,
            media_type=newest[key].media_type,
            size=newest[key].size,
        )
        for key, paper in found.items()
        if key in newest
    ]

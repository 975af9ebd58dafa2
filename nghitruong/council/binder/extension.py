"""What the binder adds to papers: the order of the packet, and what goes when one is a secret."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from nghitruong.council.binder.contents import contents
from nghitruong.council.binder.models import ImportFile, Packet
from nghitruong.council.binder.sessions import sessions
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.extension import Bound
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.council.papers.queries import papers_for


def packet_of(actor: Actor, paper: Paper) -> Sequence[Bound] | None:
    """The papers of the session's binder this person may see, in the binder's order; of a paper
    sent for no session, the binder of the session on whose agenda it stands."""
    session_id = paper.session_id or sessions().session_of(paper.pk)
    if session_id is None:
        return None
    sections = contents(paper.council_id, session_id)
    inside = [entry for section in sections for entry in section.entries]
    visible = papers_for(actor).filter(pk__in=[entry.paper.pk for entry in inside])
    seen = set(visible.values_list("pk", flat=True))
    found = [
        Bound(entry.paper, entry.leaf.version, entry.first, entry.last)
        for entry in inside
        if entry.paper.pk in seen
    ]
    return found if any(one.paper.pk == paper.pk for one in found) else None


def expunge(paper: Paper, versions: QuerySet[PaperVersion]) -> Iterable[str]:
    """Names and proposals of its import go, and of the same file in other imports, and every
    printed set of the council: the paper may stand on any session's agenda, or have stood there
    when a set was bound, and sets are ordered again in a minute. Returns the printed sets' files,
    to be shredded; a set being bound finds its row gone and keeps no file."""
    same = Q(paper=paper) | Q(paper__isnull=True, sha256__in=versions.values("sha256"))
    ImportFile.objects.filter(same).update(
        include=False,
        folder="",
        file_name="",
        order_key="",
        title="",
        number="",
        issuer="",
        body=None,
        ask_id=None,
        sources={},
        problems=[],
        sha256="",
    )
    packets = Packet.objects.filter(council=paper.council_id)
    digests = [digest for digest in packets.values_list("sha256", flat=True) if digest]
    packets.delete()
    return digests

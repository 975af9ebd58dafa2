"""The only door to papers: what this person may know exists."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.http import Http404
from django.utils import timezone

from nghitruong.council.councils.roles import Actor, Role
from nghitruong.council.papers import extension
from nghitruong.council.papers.models import (
    Paper,
    PaperKind,
    PaperState,
    PaperVersion,
    ReadingPosition,
    SecretStub,
    Upload,
)
from nghitruong.council.papers.rules import UPLOAD_EXPIRES, is_office, may_manage, may_read

UNMARKED = 32_767  # a version number nobody reaches: neither new nor replaced


VERIFIED_KINDS = (PaperKind.DRAFT, PaperKind.PROPOSAL, PaperKind.REPORT, PaperKind.SUBMISSION)


def papers_for(actor: Actor) -> QuerySet[Paper]:
    """Papers this person may see, each with ``latest`` (version number), ``latest_pages``…, and
    ``read``: the newest version this person has opened (None: none; UNMARKED: not asked).

    The office and the chair see drafts; delegates what was sent to them, withdrawn ones too (they
    had them); an agency its own papers; others none; layers above show some more, and keep from the
    office what an agency has not sent yet. Two council walls: the scope and this filter.
    """
    papers: QuerySet[Paper] = Paper.objects.filter(council=actor.council)
    if not is_office(actor):
        seen = Q(pk__in=[])
        sent = Q(released_at__isnull=False)
        if may_read(actor):
            seen |= sent
        if actor.has(Role.AGENCY):
            seen |= sent & Q(issuing_body__in=actor.body_ids)
        papers = papers.filter(seen | extension.sight_of(actor))
    else:
        papers = papers.exclude(extension.hidden_from_office(actor))
    newest = PaperVersion.objects.filter(paper=OuterRef("pk")).order_by("-number")
    if not is_office(actor):
        newest = newest.filter(unread=False)
    extra = extension.columns()
    return papers.annotate(
        **extra,
        latest=Subquery(newest.values("number")[:1]),
        latest_pages=Subquery(newest.values("pages")[:1]),
        latest_type=Subquery(newest.values("media_type")[:1]),
        latest_size=Subquery(newest.values("size")[:1]),
        read=_read(actor),
    )


def _read(actor: Actor) -> Subquery | Value:
    """The newest version this person has opened; the office's own work is not news to it."""
    if actor.person is None or (actor.is_office and not actor.is_delegate):
        return Value(UNMARKED, output_field=IntegerField())
    opened = ReadingPosition.objects.filter(
        person=actor.person, version__paper=OuterRef("pk")
    ).order_by("-version__number")
    return Subquery(opened.values("version__number")[:1])


def last_read(actor: Actor, versions: Iterable[PaperVersion], *, below: int) -> int | None:
    """The newest older than ``below`` of these texts that this person has opened."""
    if actor.person is None:
        return None
    older = [version.pk for version in versions if version.number < below]
    found: int | None = (
        ReadingPosition.objects.filter(person=actor.person, version__in=older)
        .order_by("-version__number")
        .values_list("version__number", flat=True)
        .first()
    )
    return found


def paper_for(actor: Actor, key: uuid.UUID) -> Paper:
    """One paper; 404 when this person may not know it exists."""
    paper = papers_for(actor).filter(pk=key).first()
    if paper is None:
        raise Http404
    return paper


def versions_for(actor: Actor, paper: Paper) -> list[PaperVersion]:
    """The texts this person may read, newest first; those not yet read for a mark of secrecy are
    the office's alone, and so are texts replaced before the release: but who had one of these by
    then keeps it, and the text that a Ban's report is about goes with the report."""
    versions: list[PaperVersion] = list(
        PaperVersion.objects.filter(paper=paper).order_by("-number")
    )
    if is_office(actor) or not versions:
        return versions
    if paper.released_at is None:
        shown = Paper.objects.filter(extension.sight_of(actor), pk=paper.pk).exists()
        return [version for version in versions if not version.unread] if shown else []
    sent = sent_versions(paper, versions)
    kept = _kept(actor, paper) if sent and sent[-1] != versions[-1] else set()
    return [one for one in versions if one in sent or (one.pk in kept and not one.unread)]


def _kept(actor: Actor, paper: Paper) -> set[uuid.UUID]:
    """The texts of a paper that this person has read, and those verified in reports they see."""
    reports = papers_for(actor).filter(verifies__paper=paper)
    kept = set(reports.values_list("verifies", flat=True))
    if actor.person is not None:
        read = ReadingPosition.objects.filter(person=actor.person, version__paper=paper)
        kept |= set(read.values_list("version", flat=True))
    return kept


def sent_versions(paper: Paper, versions: Sequence[PaperVersion]) -> list[PaperVersion]:
    """Of all texts of a paper those that were sent out, in the order given: not what was replaced
    before the release, nor what was not yet read for a mark of secrecy."""
    released = paper.released_at
    if released is None:
        return []
    first = max((v.number for v in versions if v.uploaded_at <= released), default=0)
    return [version for version in versions if version.number >= first and not version.unread]


def newest_for(actor: Actor, papers: Collection[Paper]) -> dict[uuid.UUID, PaperVersion]:
    """Paper → its newest text this person may read, of papers they may see; one statement."""
    found: dict[uuid.UUID, list[PaperVersion]] = {}
    for version in PaperVersion.objects.filter(paper__in=papers).order_by("-number"):
        found.setdefault(version.paper_id, []).append(version)
    newest = {}
    for paper in papers:
        versions = found.get(paper.pk, [])
        if not is_office(actor):
            if paper.released_at is None:
                versions = [version for version in versions if not version.unread]
            else:
                versions = sent_versions(paper, versions)
        if versions:
            newest[paper.pk] = versions[0]
    return newest


def version_for(actor: Actor, paper: Paper, number: int) -> PaperVersion:
    """One text of a paper; 404 like :func:`paper_for`."""
    for version in versions_for(actor, paper):
        if version.number == number:
            return version
    raise Http404


@dataclass(frozen=True)
class Verified:
    """A Ban's report and the text it is about; ``moved`` when the draft has a newer one. ``open``:
    this person may read that text; else it is named, without a link."""

    report: Paper
    version: PaperVersion
    newest: int
    open: bool

    @property
    def moved(self) -> bool:
        return self.newest > self.version.number


def verification_of(actor: Actor, report: Paper) -> Verified | None:
    """The text this report is about, if this person may know the draft."""
    if report.verifies_id is None:
        return None
    version: PaperVersion | None = (
        PaperVersion.objects.select_related("paper").filter(pk=report.verifies_id).first()
    )
    draft = papers_for(actor).filter(pk=version.paper_id).first() if version else None
    if version is None or draft is None:
        return None
    newest = getattr(draft, "latest", 0) or version.number
    return Verified(report, version, newest, version in versions_for(actor, draft))


def verifications_of(actor: Actor, draft: Paper) -> list[Verified]:
    """The reports about this draft that this person may see."""
    reports = papers_for(actor).filter(verifies__paper=draft).order_by("created_at")
    about = [(one, one.verifies) for one in reports.select_related("verifies") if one.verifies]
    readable = versions_for(actor, draft) if about else []
    newest = getattr(draft, "latest", 0) or 0
    return [Verified(one, version, newest, version in readable) for one, version in about]


def verifiable_for(actor: Actor, report: Paper) -> list[PaperVersion]:
    """The texts a report may be about: drafts and other papers that are verified, newest first."""
    drafts = papers_for(actor).filter(kind__in=VERIFIED_KINDS).exclude(pk=report.pk)
    if report.session_id is not None:
        drafts = drafts.filter(Q(session_id=report.session_id) | Q(session_id__isnull=True))
    return list(
        PaperVersion.objects.filter(paper__in=drafts.values("pk"))
        .select_related("paper")
        .order_by("paper__fold", "paper", "-number")[:500]
    )


def position_for(actor: Actor, version: PaperVersion) -> ReadingPosition:
    """Where this person stopped; an unsaved one (page 1) for a text never opened."""
    if actor.person is not None:
        found = ReadingPosition.objects.filter(person=actor.person, version=version).first()
        if found is not None:
            return found
    return ReadingPosition(council=actor.council, person=actor.person, version=version)


def upload_for(actor: Actor, key: uuid.UUID) -> Upload:
    """A file this very person is sending."""
    upload: Upload | None = Upload.objects.filter(pk=key, owner=actor.person_id).first()
    if upload is None:
        raise Http404
    return upload


def stubs_for(actor: Actor) -> QuerySet[SecretStub]:
    """The register of secret papers kept on paper: for those who manage papers."""
    may_manage(actor)
    stubs: QuerySet[SecretStub] = SecretStub.objects.filter(council=actor.council)
    return stubs.order_by("-registered_at")


def stub_for(actor: Actor, key: uuid.UUID) -> SecretStub:
    """A line of the register; 404 when there is none."""
    found = stubs_for(actor).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class MenuEntry:
    """One of the eight entries of a session's page."""

    code: str
    label: str
    kinds: tuple[str, ...]


# The fixed menu of a session, as councils print it on the first page of the binder.
MENU: tuple[MenuEntry, ...] = (
    MenuEntry("chuong-trinh", "Chương trình", (PaperKind.PROGRAMME,)),
    MenuEntry("bao-cao", "Báo cáo", (PaperKind.REPORT,)),
    MenuEntry("to-trinh", "Tờ trình, đề án", (PaperKind.SUBMISSION, PaperKind.PROPOSAL)),
    MenuEntry(
        "du-thao",
        "Dự thảo nghị quyết và thẩm tra",
        (PaperKind.DRAFT, PaperKind.VERIFICATION, PaperKind.RESPONSE),
    ),
    MenuEntry("cu-tri", "Ý kiến cử tri", (PaperKind.VOTERS,)),
    MenuEntry("danh-sach", "Danh sách đại biểu, khách mời", (PaperKind.NAMES,)),
    MenuEntry("thong-bao", "Thông báo", (PaperKind.NOTICE,)),
    MenuEntry("tra-cuu", "Tra cứu", (PaperKind.REFERENCE,)),
)


def describe(paper: Paper) -> dict[str, Any]:
    """The paper as lists and exports show it."""
    return {
        "id": str(paper.pk),
        "kind": paper.get_kind_display(),
        "title": paper.title,
        "number": paper.number,
        "state": PaperState(paper.state).label,
    }


def councils_with_stale_uploads() -> list[uuid.UUID]:
    """Councils of this installation with unfinished files nobody touched for a day; outside any
    scope (the sweeper of jobs)."""
    edge = timezone.now() - UPLOAD_EXPIRES
    stale = Upload.objects.filter(finished_at__isnull=True, touched_at__lt=edge)
    return list(stale.order_by().values_list("council_id", flat=True).distinct())

"""The only writers of notes. A note is the person's own affair: no audit entry, no name anywhere.
Sharing one with a body, and taking it back, are acts towards others: logged, without the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Membership, Organization
from nghitruong.council.councils.periods import in_force
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.council.reading import rules
from nghitruong.council.reading.changes import Change
from nghitruong.council.reading.events import NotesMoved
from nghitruong.council.reading.models import Annotation, Notebook
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.live import api as live
from nghitruong.platform.storage.db import lock_row


def _open_notebook(by: Actor) -> Notebook:
    """The person's notebook, locked: their devices write one after the other."""
    person = rules.may_keep_notes(by)
    Notebook.objects.get_or_create(person=person, defaults={"council": by.council})
    notebook: Notebook = lock_row(Notebook.objects.filter(person=person)).get()
    return notebook


def _tell(people: Iterable[Any], version: PaperVersion, by: Actor) -> None:
    event = NotesMoved(version=str(version.pk))
    live.emit_many(
        [(live.doorbell_stream(person), event) for person in sorted(set(people), key=str)],
        council_id=by.council.pk,
    )


def _members(body: Organization | None) -> list[Any]:
    if body is None:
        return []
    return list(
        Membership.objects.filter(in_force(timezone.localdate()), organization=body).values_list(
            "person", flat=True
        )
    )


def put_changes(version: PaperVersion, changes: Sequence[Change], *, by: Actor) -> int:
    """Take in what a device wrote; returns how many changes were new.

    1. The notebook is locked. 2. Of each note the later clock stays; a change that is here already
    (a sending repeated after a lost answer) or is older changes nothing. 3. What stays gets the
    notebook's next number, by which other devices ask for it. 4. The person's devices are told, and
    the body's members where a shared note changed.

    Raises Refused ``note_elsewhere`` for a key that is a note of another text: nothing is kept
    (:func:`.queries.noted_elsewhere` tells beforehand which).
    """
    if not changes:
        return 0
    with transaction.atomic():
        notebook = _open_notebook(by)
        known = {
            note.key: note
            for note in Annotation.objects.filter(
                person=notebook.person_id, key__in=[change.key for change in changes]
            ).select_related("shared_with")
        }
        told: set[Any] = set()
        new = 0
        for change in changes:
            note = known.get(change.key)
            if note is None:
                note = Annotation(
                    council=by.council,
                    person_id=notebook.person_id,
                    key=change.key,
                    version=version,
                )
                known[change.key] = note
            elif note.version_id != version.pk:
                raise rules.note_elsewhere()
            elif change.order <= (note.clock, note.device):
                continue
            told.update(_members(note.shared_with))
            new += 1
            notebook.seq += 1
            note.kind, note.page = change.kind, change.page
            note.data, note.text = change.data, change.text
            note.clock, note.device = change.clock, change.device
            note.removed, note.seq = change.removed, notebook.seq
            if note.removed:
                note.shared_with, note.shared_at = None, None
            note.save()
        if not new:
            return 0
        kept = Annotation.objects.filter(
            person=notebook.person_id, version=version, removed=False
        ).count()
        rules.check_room(kept)
        notebook.save(update_fields=["seq"])
        _tell({notebook.person_id, *told}, version, by)
    return new


def share(note: Annotation, body: Organization, *, by: Actor) -> None:
    """Let the members of one's body see this note from now on, and what becomes of it."""
    _set_share(note, body, by=by, action="reading.share")


def unshare(note: Annotation, *, by: Actor) -> None:
    """Take a shared note back: nobody else sees it any more."""
    _set_share(note, None, by=by, action="reading.unshare")


def _set_share(note: Annotation, body: Organization | None, *, by: Actor, action: str) -> None:
    with transaction.atomic():
        notebook = _open_notebook(by)
        found = (
            Annotation.objects.select_related("shared_with", "version")
            .filter(pk=note.pk, person=notebook.person_id, removed=False)
            .first()
        )
        if found is None:
            raise Refused(
                "note_removed", _("Ghi chú này vừa bị xóa trên máy khác. Hãy tải lại trang.")
            )
        before = found.shared_with
        if before == body:
            return
        notebook.seq += 1
        notebook.save(update_fields=["seq"])
        found.shared_with = body
        found.shared_at = timezone.now() if body else None
        found.seq = notebook.seq
        found.save(update_fields=["shared_with", "shared_at", "seq", "changed_at"])
        named = body or before
        assert named is not None  # noqa: S101  # one of two different values
        audit.record(
            action,
            **by.audit(),
            target=found.version.paper,
            payload={"body": named.name, "page": found.page},
        )
        members = {*_members(before), *_members(body)}
        _tell({notebook.person_id, *members}, found.version, by)


def forget_paper(paper: Paper, versions: QuerySet[PaperVersion]) -> Iterable[str]:
    """A paper turned out to be a state secret: notes quote it, so they go with it.

    Called inside the transaction that expunges the paper.
    """
    Annotation.objects.filter(version__in=versions).delete()
    return ()

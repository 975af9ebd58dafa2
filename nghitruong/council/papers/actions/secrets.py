"""State secrets: turned away, erased everywhere, a stub without its subject kept."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from nghitruong.council.councils.models import Transfer
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers import events, extension
from nghitruong.council.papers.models import (
    ERASED_TITLE,
    Paper,
    PaperState,
    PaperVersion,
    Secrecy,
    SecretStub,
)
from nghitruong.council.papers.rules import may_manage, reason_given
from nghitruong.council.papers.secrecy import ARTICLE
from nghitruong.lib.text import fold
from nghitruong.platform.audit import api as audit
from nghitruong.platform.audit.actions import erase_where
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import shredding, store
from nghitruong.platform.live import epoch
from nghitruong.platform.live.models import Event
from nghitruong.platform.storage import words
from nghitruong.platform.storage.db import lock_row


def register_stub(
    degree: str,
    *,
    by: Actor,
    number: str = "",
    issuer: str = "",
    session_id: uuid.UUID | None = None,
    found_in: str = "choice",
) -> SecretStub:
    """Write a secret paper into the register: number, degree, issuer; never its subject."""
    may_manage(by)
    return write_stub(
        degree, by=by, number=number, issuer=issuer, session_id=session_id, found_in=found_in
    )


def write_stub(
    degree: str,
    *,
    by: Actor,
    number: str,
    issuer: str,
    session_id: uuid.UUID | None,
    found_in: str,
) -> SecretStub:
    """:func:`register_stub` for a file turned away from whoever sent it."""
    with transaction.atomic():
        stub = SecretStub(
            council=by.council,
            number=number[:60],
            degree=Secrecy(degree),
            issuer=issuer[:200],
            session_id=session_id,
            found_in=found_in,
            registered_by_name=by.name,
        )
        stub.save(force_insert=True)
        audit.record(
            "papers.register_stub",
            **by.audit(),
            target=stub,
            payload={"degree": stub.degree, "found_in": found_in},
        )
    return stub


def void_stub(stub: SecretStub, *, reason: str, by: Actor) -> SecretStub:
    """A line written by mistake (not secret after all, entered twice) is crossed out, with who and
    why; the line itself stays in the register."""
    may_manage(by)
    reason = reason_given(reason, _("hủy dòng"))
    with transaction.atomic():
        changed = SecretStub.objects.filter(
            pk=stub.pk, council=by.council, voided_at__isnull=True
        ).update(voided_at=timezone.now(), voided_by_name=by.name[:200], void_reason=reason)
        if changed != 1:
            raise Refused("already_void", _("Dòng này đã hủy rồi."))
        stub.refresh_from_db()
        audit.record(
            "papers.void_stub", **by.audit(), target=stub, payload={"reason": stub.void_reason}
        )
    return stub


@dataclass(frozen=True)
class Expunged:
    """The register's line, and what a person still has to look at: ``kept`` counted votes whose
    frozen record names the paper, ``alike`` other papers whose title holds this one's, ``short``
    titles of it that say too little to be looked for elsewhere."""

    stub: SecretStub
    kept: int
    alike: int
    short: int


def expunge_secret(paper: Paper, degree: str, *, by: Actor) -> Expunged:
    """A paper already here turns out to be secret: its texts and its subject go, a stub stays.

    What is erased, in one transaction with the stub:

    1. the paper's title, number and fold, its versions' file names and reasons; it is withdrawn;
    2. what other apps made of it (:mod:`..extension`): page texts, reading copies and small
       pictures, notes on it, opinions with their answers, rows of imports, printed sets, names and
       copies from the scanner, minutes' files that name it;
    3. its title (every one it ever had) and file names wherever they stand in any column of the
       council's rows (:mod:`nghitruong.platform.storage.words`): session notices, agenda, questions
       of votes not counted yet, journal, requests, letters to and from other councils with copies
       of its file, live events, receipts of commands, integrity reports, jobs;
    4. payloads of audit entries about it, and of any that name it, here and in the councils it was
       sent to: tombstoned, each with its own entry, the chain stays whole;
    5. search indexes are made anew, screens start from a fresh state.

    The stored bytes are written over after the commit, by an order that outlives a crash
    (:mod:`nghitruong.platform.files.shredding`), unless another paper has the very same file (which
    is then to be expunged too). Not touched: the frozen record of a counted vote, whose digest is
    printed; other papers; backups made before. The caller tells people of these.
    """
    may_manage(by)
    with transaction.atomic(), _overwriting():
        found = lock_row(Paper.objects.filter(pk=paper.pk)).get()
        versions = PaperVersion.objects.filter(paper=found)
        stub = register_stub(
            degree,
            by=by,
            number=found.number,
            issuer=found.issuer,
            session_id=found.session_id,
            found_in="text",
        )
        titles = titles_of(found)
        names = _names(found, titles)
        digests = set(versions.values_list("sha256", flat=True))
        keys = {found.pk, *versions.values_list("pk", flat=True)}
        with scopes_disabled():  # the store is one for all councils of the installation
            shared = set(
                PaperVersion.objects.filter(sha256__in=digests)
                .exclude(paper=found)
                .exclude(file_name="")
                .values_list("sha256", flat=True)
            )
        made_from_it = extension.expunge(found, versions)
        versions.update(file_name="", reason="")
        found.title = ERASED_TITLE
        found.fold = ""
        found.number = ""
        found.late_approved_by = ""
        found.withdrawn_reason = ""
        found.state = PaperState.WITHDRAWN
        found.save()
        others = Paper.objects.exclude(pk=found.pk)
        alike = set(others.filter(_any_of("fold", map(fold, names))).values_list("pk", flat=True))
        parties = _recall(digests, names, by)
        erased = words.erase(
            names,
            council_id=by.council_id,
            by=ERASED_TITLE,
            skip=(Paper, PaperVersion, SecretStub),
        )
        _erase_log(names, keys, alike, {by.council_id, *parties}, by)
        if erased.changed[Event._meta.label]:
            epoch.renew()  # what live remembers of these events goes too
        events.tell([found], "")
        audit.record(
            "papers.expunge_secret",
            **by.audit(),
            target=found,
            payload={"degree": stub.degree, "files": len(digests)},
        )
        orders = shredding.order(
            store.path_of(digest) for digest in (digests - shared) | made_from_it
        )
        transaction.on_commit(lambda: shredding.carry_out(orders))
    short = sum(not words.specific([title]) for title in titles)
    return Expunged(stub, sum(erased.kept.values()), len(alike), short)


@contextmanager
def _overwriting() -> Iterator[None]:
    """SQLite writes zeros over what this transaction frees, else it stays in free pages."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        before = int(cursor.fetchone()[0])
        cursor.execute("PRAGMA secure_delete=1")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA secure_delete={before}")


def titles_of(paper: Paper) -> set[str]:
    """Every title it had, less the mark of one that was erased."""
    found = {paper.title}
    for payload in Entry.objects.filter(target_id=paper.pk).values_list("payload", flat=True):
        changed = (payload or {}).get("changed")
        for title in [
            (payload or {}).get("title"),
            *(changed.get("title", []) if isinstance(changed, dict) else []),
        ]:
            if isinstance(title, str):
                found.add(title)
    return found - {ERASED_TITLE}


def _names(paper: Paper, titles: set[str]) -> list[str]:
    """Its titles, and the names of its files with and without their endings."""
    found = set(titles)
    for name in PaperVersion.objects.filter(paper=paper).values_list("file_name", flat=True):
        found |= {name, PurePosixPath(name).stem}
    return words.specific(found)


def _any_of(column: str, texts: Iterable[str]) -> models.Q:
    """Rows whose ``column`` holds one of these; none where there are none."""
    found = models.Q(pk__in=[])
    for text in texts:
        found |= models.Q(**{f"{column}__contains": text})
    return found


def _recall(digests: set[str], names: list[str], by: Actor) -> set[uuid.UUID]:
    """Copies sent to other councils lose file and name; returns the councils of every letter that
    carries the file or names it: their logs do too."""
    councils: set[uuid.UUID] = set()
    mine = models.Q(sender=by.council) | models.Q(receiver=by.council)
    for letter in Transfer.objects.filter(mine):
        copies = [one for one in letter.payload.get("files") or [] if one["sha256"] in digests]
        text = " ".join((letter.subject, json.dumps(letter.payload, ensure_ascii=False))).lower()
        if not copies and not any(name.lower() in text for name in names):
            continue
        councils |= {letter.receiver_id, letter.sender_id}
        for one in copies:
            one.update(label=ERASED_TITLE, file_name="", sha256="", size=0)
        Transfer.objects.filter(pk=letter.pk).update(payload=letter.payload)
    return councils


def _erase_log(
    names: list[str],
    keys: set[uuid.UUID],
    alike: set[uuid.UUID],
    councils: set[uuid.UUID],
    by: Actor,
) -> None:
    """Tombstone what the log says of it; a title that another paper has too stays in the lines
    about that one."""
    with scopes_disabled():
        log = Entry.objects.filter(erased_at__isnull=True).exclude(target_id__in=alike)
        naming = words.naming(names, log.filter(council_id__in=councils), "payload")
        about = models.Q(council_id=by.council_id, target_id__in=keys) | models.Q(pk__in=naming)
        erase_where(log.filter(about), by=by, reason=ARTICLE)

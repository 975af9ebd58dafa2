"""State secrets: turned away, erased everywhere, a stub without its subject kept."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers import extension
from nghitruong.council.papers.models import (
    Paper,
    PaperState,
    PaperVersion,
    Secrecy,
    SecretStub,
)
from nghitruong.council.papers.rules import may_manage, reason_given
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.files import partial, store
from nghitruong.platform.storage.db import lock_row

ERASED_TITLE = "Tài liệu thuộc bí mật nhà nước, đã xóa khỏi hệ thống"


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


def expunge_secret(paper: Paper, degree: str, *, by: Actor) -> SecretStub:
    """A paper already here turns out to be secret: its texts and its subject go, a stub stays.

    1. Title, file names and number leave the rows, and so does everything the layers above made
    from the text (:mod:`..extension`); the paper is withdrawn. 2. The stub and the
    audit entry are written. 3. After the commit the stored bytes are written over and removed,
    unless another paper has the very same file (which is then to be expunged too).
    """
    may_manage(by)
    with transaction.atomic():
        found = lock_row(Paper.objects.filter(pk=paper.pk)).get()
        stub = register_stub(
            degree,
            by=by,
            number=found.number,
            issuer=found.issuer,
            session_id=found.session_id,
            found_in="text",
        )
        digests = set(PaperVersion.objects.filter(paper=found).values_list("sha256", flat=True))
        with scopes_disabled():  # the store is one for all councils of the installation
            shared = set(
                PaperVersion.objects.filter(sha256__in=digests)
                .exclude(paper=found)
                .exclude(file_name="")
                .values_list("sha256", flat=True)
            )
        versions = PaperVersion.objects.filter(paper=found)
        made_from_it = extension.expunge(found, versions)
        versions.update(file_name="", reason="")
        found.title = ERASED_TITLE
        found.fold = ""
        found.number = ""
        found.state = PaperState.WITHDRAWN
        found.save(update_fields=["title", "fold", "number", "state"])
        audit.record(
            "papers.expunge_secret",
            **by.audit(),
            target=found,
            payload={"degree": stub.degree, "files": len(digests)},
        )

        def erase() -> None:
            for digest in (digests - shared) | made_from_it:
                partial.shred(store.path_of(digest))

        transaction.on_commit(erase)
    return stub

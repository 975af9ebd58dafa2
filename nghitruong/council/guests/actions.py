"""The only writers: giving a pass, taking it back, coming in with it, giving papers."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from nghitruong.council.councils.actions import end_duty, give_duty, link_account
from nghitruong.council.councils.models import Council, Duty, DutyKind, Person
from nghitruong.council.councils.roles import Actor, Role, actor_of_person
from nghitruong.council.guests import rules
from nghitruong.council.guests.models import GuestPaper, GuestPass
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.platform.accounts.models import Account
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.live import api as live
from nghitruong.platform.storage.db import lock_row

PIN_DIGITS = 8
NUMBER_FROM, NUMBERS = 100_000, 900_000  # six digits by chance: nobody counts their way to a pass


@dataclass(frozen=True)
class Issued:
    """A fresh pass; ``token`` and ``pin`` exist nowhere else: print or show them now."""

    row: GuestPass
    token: str
    pin: str


def token_digest(token: str) -> str:
    """256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def pin_digest(council_id: uuid.UUID, number: int, pin: str) -> str:
    """Eight digits alone would be found in a stolen database at once, so the installation's own key
    goes in; guessing at the door is stopped by five tries."""
    return salted_hmac("nghitruong.guests.pin", f"{council_id.hex}:{number}:{pin}").hexdigest()


def issue(person: Person, *, ends_on: date, by: Actor) -> Issued:
    """A pass until the end of a day; one given before stops working at once."""
    rules.may_invite(by)
    rules.may_be_guest(person)
    if ends_on < timezone.localdate():
        raise Refused("pass_past", _("Ngày hết hạn đã qua. Hãy chọn từ hôm nay."), status=422)
    token, pin = secrets.token_urlsafe(32), f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"
    with transaction.atomic():
        lock_row(Council.objects.filter(pk=by.council.pk)).get()  # no number is given twice
        _end(GuestPass.objects.filter(person=person, revoked_at__isnull=True), by)
        _account(person, by)
        _duty(person, ends_on, by)
        number = _free_number()
        row = GuestPass.objects.create(
            council=by.council,
            person=person,
            number=number,
            token_digest=token_digest(token),
            pin_digest=pin_digest(by.council.pk, number, pin),
            ends_on=ends_on,
            issued_at=timezone.now(),
            issued_by_name=by.name[:200],
        )
        audit.record(
            "guests.issue",
            **by.audit(),
            target=row,
            payload={
                "person": person.full_name,
                "number": row.number,
                "ends_on": ends_on.isoformat(),
            },
        )
    return Issued(row, token, pin)


def _free_number() -> int:
    while True:
        number = NUMBER_FROM + secrets.randbelow(NUMBERS)
        if not GuestPass.objects.filter(number=number).exists():
            return number


def _account(person: Person, by: Actor) -> Account:
    """A sign-in nobody can type: only a pass opens it. A new unusable password each time ends the
    screens of the pass before."""
    if person.account is None:
        account = Account.objects.create(
            username=f"khach-{person.pk.hex}",
            display_name=person.full_name,
            password=make_password(None),
        )
        link_account(person, account, by=by)
        person.account = account
    else:
        _shut(person)
    return person.account


def _shut(person: Person) -> None:
    """End every screen this guest is signed in on: the session carries a digest of the password
    field, which changes; in the hall their tickets end."""
    live.end_tickets([person.pk])
    if person.account_id is not None:
        Account.objects.filter(pk=person.account_id).update(password=make_password(None))


def _duty(person: Person, ends_on: date, by: Actor) -> None:
    """The guest's right to know of the council ends with the pass."""
    Duty.objects.filter(
        person=person, kind=DutyKind.GUEST, ends_on__gte=timezone.localdate()
    ).update(ends_on=ends_on)
    running = Duty.objects.filter(person=person, kind=DutyKind.GUEST)
    if not running.filter(ends_on=ends_on).exists():
        duty = give_duty(person, DutyKind.GUEST, by=by)
        Duty.objects.filter(pk=duty.pk).update(ends_on=ends_on)


def revoke(row: GuestPass, *, by: Actor) -> None:
    """Take a pass back: its screens end with their next request, those in the hall at once."""
    rules.may_invite(by)
    with transaction.atomic():
        if not _end(GuestPass.objects.filter(pk=row.pk, revoked_at__isnull=True), by):
            raise Refused("pass_revoked", _("Thẻ này đã thu hồi rồi."))
        _shut(row.person)
        today = timezone.localdate()
        for duty in Duty.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today),
            person=row.person,
            kind=DutyKind.GUEST,
        ):
            end_duty(duty, by=by)
        audit.record(
            "guests.revoke",
            **by.audit(),
            target=row,
            payload={"person": row.person.full_name, "number": row.number},
        )


def _end(passes: QuerySet[GuestPass], by: Actor) -> int:
    return passes.update(revoked_at=timezone.now(), revoked_by_name=by.name[:200])


def end_screens(key: str) -> None:
    """The day of this pass (its key) is over: what it still shows in the hall ends too. The sign-in
    expired by itself; a ticket of the hall would go on for hours."""
    for row in GuestPass.objects.filter(pk=key, ends_on__lt=timezone.localdate()):
        live.end_tickets([row.person_id])


def no_more_than_a_guest(person: Person) -> None:
    """A guest was given a post or a duty: the screens opened with the pass end, since whoever holds
    that device would act with the new rights. In the transaction that gave them."""
    used = GuestPass.objects.filter(
        person=person, used_at__isnull=False, revoked_at__isnull=True
    ).exists()
    if used and not actor_of_person(person).roles <= {Role.GUEST}:
        live.end_tickets([person.pk])


# Coming in ---------------------------------------------------------------------------------------


def enter_by_token(token: str) -> GuestPass:
    """The square was photographed; in the council's scope. Raises the one refusal otherwise."""
    with transaction.atomic():
        found = lock_row(GuestPass.objects.filter(token_digest=token_digest(token))).first()
        if found is None or not _usable(found):
            raise rules.wrong_pass()
        return _enter(found)


def enter_by_pin(number: int, pin: str) -> GuestPass:
    """Number and PIN were typed; in the council's scope. The fifth wrong PIN closes this way in;
    the square still opens, or anybody could keep every guest out."""
    pin = re.sub(r"\D", "", pin)
    with transaction.atomic():
        found = lock_row(GuestPass.objects.filter(number=number)).first()
        if found is not None and _usable(found) and found.tries < rules.MOST_TRIES:
            right = pin_digest(found.council_id, found.number, pin)
            if constant_time_compare(found.pin_digest, right):
                return _enter(found)
            GuestPass.objects.filter(pk=found.pk).update(tries=F("tries") + 1)
    raise rules.wrong_pass()  # after the commit: a wrong try is counted


def _usable(row: GuestPass) -> bool:
    return row.revoked_at is None and row.used_at is None and row.ends_on >= timezone.localdate()


def _enter(row: GuestPass) -> GuestPass:
    try:
        rules.may_be_guest(row.person)
    except Refused:  # given another role since: their own account opens it
        raise rules.wrong_pass() from None
    GuestPass.objects.filter(pk=row.pk).update(used_at=timezone.now())
    audit.record(
        "guests.enter",
        council_id=row.council_id,
        actor_id=row.person_id,
        actor_name=row.person.full_name,
        target=row,
        payload={"number": row.number},
    )
    return row


def end_of(row: GuestPass) -> datetime:
    """When the pass and every screen opened with it end."""
    return timezone.make_aware(datetime.combine(row.ends_on, time(23, 59, 59)))


# Papers ------------------------------------------------------------------------------------------


def give_papers(person: Person, papers: Collection[Paper], *, by: Actor) -> int:
    """What this guest may read is exactly these papers from now on; returns how many changed."""
    rules.may_invite(by)
    rules.may_be_guest(person)
    with transaction.atomic():
        wanted = {paper.pk for paper in papers}
        given = GuestPaper.objects.filter(person=person)
        had = set(given.values_list("paper_id", flat=True))
        given.exclude(paper__in=wanted).delete()
        GuestPaper.objects.bulk_create(
            GuestPaper(council=by.council, person=person, paper_id=key, given_by_name=by.name[:200])
            for key in wanted - had
        )
        changed = len(wanted ^ had)
        if changed:
            audit.record(
                "guests.give_papers",
                **by.audit(),
                target=person,
                payload={
                    "person": person.full_name,
                    # Keys, not titles: a title may have to leave the system one day.
                    "papers": [str(paper.pk) for paper in papers],
                    "files": len(wanted),
                },
            )
    return changed


def forget_paper(paper: Paper, versions: QuerySet[PaperVersion]) -> Iterable[str]:
    """A paper that turned out to be secret is no guest's any more."""
    GuestPaper.objects.filter(paper=paper).delete()
    return ()

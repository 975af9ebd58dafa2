"""Where a person agrees to be told outside the application: their own choice, verified, ended when
they like. Audited without the address."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from nghitruong.lib.text import nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.platform.jobs import api as jobs
from nghitruong.platform.notices import sending
from nghitruong.platform.notices.models import Address, Channel
from nghitruong.platform.notices.ways import AddressGone, NeverAgain, Parcel, TryAgain
from nghitruong.platform.notices.ways.push import is_known_service
from nghitruong.platform.storage.db import lock_row

JOB = "notices.code"
MOST = 5  # addresses of a person on one channel
A_DAY = 10  # addresses a person may add in a day: codes go to whatever they typed
CODE_LASTS = timedelta(minutes=30)
CODE_PAUSE = timedelta(minutes=1)
CODE_TRIES = 5  # for each code
CODES_TO_ONE = 5  # codes a day to one number or letter box, whoever asks
CODES_OF_ONE = 10  # codes a day for one person
TYPED = (Channel.EMAIL, Channel.SMS, Channel.ZALO)
_PHONE = re.compile(r"(?:\+84|0)[1-9]\d{8,9}")


def addresses_for(actor: Any) -> QuerySet[Address]:
    """This person's own addresses in use."""
    rows: QuerySet[Address] = Address.objects.filter(
        person_id=actor.person_id, ended_at__isnull=True
    )
    if actor.person_id is None:
        rows = rows.none()
    return rows.order_by("channel", "consented_at")


def address_for(actor: Any, key: uuid.UUID) -> Address:
    """One of them; Http404 otherwise."""
    return get_object_or_404(addresses_for(actor), pk=key)


def plain(channel: str, value: str) -> str:
    """The address as it is kept. Raises Refused for what is none."""
    value = nfc(value).strip()
    if channel == Channel.EMAIL:
        try:
            validate_email(value)
        except ValidationError:
            raise Refused(
                "bad_email", _("Địa chỉ thư chưa đúng, ví dụ: cuc@example.vn."), status=422
            ) from None
        return value[:254]
    digits = re.sub(r"[\s.\-()]", "", value)
    if not _PHONE.fullmatch(digits):
        raise Refused("bad_phone", _("Số điện thoại chưa đúng, ví dụ: 0912 345 678."), status=422)
    return f"+84{digits[1:]}" if digits.startswith("0") else digits


def add_address(channel: str, value: str, *, by: Any) -> Address:
    """The person agrees to be told there; a code is sent to prove that it is theirs."""
    if channel not in TYPED or Channel(channel) not in sending.usable():
        raise Refused("channel_off", _("Máy chủ chưa bật cách gửi này."))
    value = plain(channel, value)
    with transaction.atomic():
        address = _new(by, channel, value)
        if address.verified_at is None:
            _send_code(address)
        _record("notices.add_address", address, by)
    return address


def add_device(endpoint: str, keys: dict[str, str], label: str, *, by: Any) -> Address:
    """A browser that agreed to show notices; its own subscription is the proof."""
    if Channel.PUSH not in sending.usable():
        raise Refused("channel_off", _("Máy chủ chưa bật cách gửi này."))
    good = {name: str(keys.get(name, ""))[:200] for name in ("p256dh", "auth")}
    if len(endpoint) > 1000 or not is_known_service(endpoint) or not all(good.values()):
        raise Refused("bad_device", _("Trình duyệt này không báo trên máy được."), status=422)
    with transaction.atomic():
        # A tablet that changed hands, in another council too: it shows the notices of whom it
        # belongs to now.
        with scopes_disabled():
            Address.objects.filter(
                channel=Channel.PUSH, value=endpoint, ended_at__isnull=True
            ).exclude(person_id=by.person_id).update(
                ended_at=timezone.now(), end_reason="máy đã chuyển cho người khác"
            )
        address = _new(by, Channel.PUSH, endpoint)
        address.keys = good
        address.label = nfc(label).strip()[:120]
        address.verified_at = timezone.now()
        address.save(update_fields=["keys", "label", "verified_at"])
        _record("notices.add_address", address, by)
    return address


def _new(by: Any, channel: str, value: str) -> Address:
    if by.person_id is None:
        raise NotAllowed(
            "no_person", _("Tài khoản này không phải người của Hội đồng nên không nhận thông báo.")
        )
    mine = addresses_for(by).filter(channel=channel)
    found = mine.filter(value=value).first()
    if found is not None:
        return found
    if mine.count() >= MOST:
        raise Refused("too_many", _("Đã có 5 nơi nhận theo cách này. Hãy bỏ bớt một nơi."))
    edge = timezone.now() - timedelta(days=1)
    if Address.objects.filter(person_id=by.person_id, consented_at__gte=edge).count() >= A_DAY:
        raise Refused("too_often", _("Hôm nay đã thêm quá nhiều nơi nhận. Hãy thử lại ngày mai."))
    return Address.objects.create(
        council_id=by.council_id,
        person_id=by.person_id,
        channel=channel,
        value=value,
        consented_at=timezone.now(),
    )


def send_code_again(address: Address, *, by: Any) -> None:
    """Another code, a minute after the last one at the earliest."""
    with transaction.atomic():
        found = lock_row(addresses_for(by).filter(pk=address.pk)).get()
        if found.verified_at is None:
            _send_code(found)


def _send_code(address: Address) -> None:
    now = timezone.now()
    if address.code_sent_at is not None and now - address.code_sent_at < CODE_PAUSE:
        raise Refused("code_just_sent", _("Mã vừa được gửi. Hãy đợi một phút rồi xin mã khác."))
    today = timezone.localdate()
    sent = Address.objects.filter(codes_on=today)
    for rows, most in (
        (sent.filter(channel=address.channel, value=address.value), CODES_TO_ONE),
        (sent.filter(person_id=address.person_id), CODES_OF_ONE),
    ):
        if (rows.aggregate(n=Sum("codes"))["n"] or 0) >= most:
            raise Refused(
                "codes_over",
                _("Hôm nay đã gửi quá nhiều mã. Hãy thử lại vào ngày mai."),
            )
    Address.objects.filter(pk=address.pk).update(
        code_sent_at=now,
        code_hash="",
        code_tries=0,
        codes=F("codes") + 1 if address.codes_on == today else 1,
        codes_on=today,
    )
    jobs.enqueue(JOB, address.pk, council_id=address.council_id)


def _digest(address_id: uuid.UUID, code: str) -> str:
    """With the installation's key: six digits alone would be found in a stolen database at once."""
    return salted_hmac("nghitruong.notices.code", f"{address_id.hex}:{code}").hexdigest()


def send_code(key: str) -> None:
    """The job: make the code, keep its digest, send it. A try that failed makes another code."""
    address = Address.objects.filter(pk=key, ended_at__isnull=True, verified_at=None).first()
    way = sending.usable().get(Channel(address.channel)) if address is not None else None
    if address is None or way is None:
        return
    code = f"{secrets.randbelow(1_000_000):06d}"
    Address.objects.filter(pk=address.pk).update(code_hash=_digest(address.pk, code))
    parcel = Parcel(
        uuid.uuid4().hex, f"Nghị Trường: mã xác nhận {code}, dùng trong 30 phút", settings.SITE_URL
    )
    try:
        way.send(address, parcel)
    except TryAgain:
        raise  # the job comes back
    except (NeverAgain, AddressGone) as error:
        Address.objects.filter(pk=address.pk).update(
            code_hash="", end_reason=str(error)[:200] or "không gửi được"
        )


def verify(address: Address, code: str, *, by: Any) -> bool:
    """Whether the code is right; five wrong ones, or half an hour, and another is needed."""
    code = re.sub(r"\D", "", code)
    with transaction.atomic():
        found = lock_row(addresses_for(by).filter(pk=address.pk)).get()
        fresh = found.code_sent_at is not None and timezone.now() - found.code_sent_at < CODE_LASTS
        if not (found.code_hash and fresh and found.code_tries < CODE_TRIES):
            raise Refused(
                "code_over", _("Mã đã hết hạn hoặc gõ sai quá 5 lần. Hãy bấm «Gửi mã khác».")
            )
        if not constant_time_compare(found.code_hash, _digest(found.pk, code)):
            Address.objects.filter(pk=found.pk).update(code_tries=F("code_tries") + 1)
            return False
        Address.objects.filter(pk=found.pk).update(verified_at=timezone.now(), code_hash="")
        _record("notices.verify_address", found, by)
    return True


def remove(address: Address, *, by: Any) -> None:
    """The person no longer wants to be told there."""
    with transaction.atomic():
        sending.end_address(address, "người nhận thôi dùng")
        _record("notices.remove_address", address, by)


def end_devices(people: Collection[uuid.UUID], reason: str) -> None:
    """No browser of these people shows their notices any more, until they turn it on again. The
    caller records why."""
    Address.objects.filter(
        channel=Channel.PUSH, person_id__in=people, ended_at__isnull=True
    ).update(ended_at=timezone.now(), end_reason=reason[:200])


def _record(action: str, address: Address, by: Any) -> None:
    audit.record(
        action,
        **by.audit(),
        target=address,
        payload={"channel": str(Channel(address.channel).label)},
    )


def counts() -> dict[str, int]:
    """Verified addresses of the council by channel."""
    from django.db.models import Count

    rows = (
        Address.objects.filter(Q(ended_at__isnull=True) & Q(verified_at__isnull=False))
        .order_by()
        .values_list("channel")
        .annotate(n=Count("person_id", distinct=True))
    )
    return dict(rows)

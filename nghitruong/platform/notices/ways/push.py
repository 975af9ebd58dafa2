"""Web push (RFC 8030, 8291, 8292): encrypted to one browser, signed with this installation's key.

It needs the Internet and HTTPS. The key pair is made by ``nghitruong push-keys`` and stays in var.
"""

from __future__ import annotations

import base64
import json
import os
import re
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from nghitruong.platform.notices.models import Address, Channel
from nghitruong.platform.notices.ways import AddressGone, NeverAgain, Parcel, Sent, TryAgain

LIVES = 24 * 60 * 60  # seconds a push service keeps it for a device that is off
TIMEOUT = 20
# Two readers of one address must not see two hosts: no backslash, no blank, no name before an @.
_PLAIN = re.compile(r"[!-\[\]-~]+")
_HOST = re.compile(r"[a-z0-9.-]+(?::\d{1,5})?")


def key_file() -> Path:
    """The private key, readable by its owner only."""
    return Path(settings.VAR_DIR) / "push" / "vapid.pem"


def make_keys() -> bool:
    """Make the key pair unless there is one; returns whether it was made. Changing it later would
    silence every subscription."""
    path = key_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    key = ec.generate_private_key(ec.SECP256R1())
    with os.fdopen(fd, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return True


def public_key() -> str:
    """What browsers subscribe with: the uncompressed point, base64url; empty without a key."""
    if not key_file().exists():
        return ""
    key = load_pem_private_key(key_file().read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101  # make_keys made it
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def is_known_service(endpoint: str) -> bool:
    """Whether the address belongs to a push service: a browser names it, so it is never trusted to
    lead anywhere else (into this network, say)."""
    if not _PLAIN.fullmatch(endpoint):
        return False
    parts = urlsplit(endpoint)
    if not _HOST.fullmatch(parts.netloc):
        return False
    # «*» stands before the host's end, so a port passes only where the setting names that port.
    origin = f"{parts.scheme}://{parts.netloc}"
    return any(fnmatchcase(origin, known) for known in settings.PUSH_SERVICES)


class _NoDetour(requests.Session):
    """A push service answers itself; where it would send us next is nobody's to say."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Never followed."""


class Push:
    """Every browser of a person that asked for it."""

    channel = Channel.PUSH

    def problem(self) -> str:
        """A key, a contact for the push services, and an address to open."""
        if not key_file().exists():
            return "chưa chạy lệnh «nghitruong push-keys»"
        if not settings.PUSH_CONTACT:
            return "chưa đặt NGHITRUONG_PUSH_CONTACT"
        if not settings.SITE_URL:
            return "chưa đặt NGHITRUONG_SITE_URL"
        return ""

    def send(self, address: Address, parcel: Parcel) -> Sent:
        """The topic lets the push service replace an undelivered copy of the same message."""
        # Here, because it brings all of aiohttp along: a tenth of every process's start.
        from pywebpush import WebPushException, webpush

        if not is_known_service(address.value):
            raise AddressGone
        content = {"title": parcel.line, "url": parcel.link, "tag": parcel.key}
        try:
            webpush(
                {"endpoint": address.value, "keys": address.keys},
                json.dumps(content, ensure_ascii=False),
                vapid_private_key=str(key_file()),
                vapid_claims={"sub": f"mailto:{settings.PUSH_CONTACT}"},
                ttl=LIVES,
                timeout=TIMEOUT,
                requests_session=_NoDetour(),
                headers={"Topic": parcel.key[:32], "Urgency": "normal"},
            )
        except WebPushException as error:
            code = error.response.status_code if error.response is not None else 0
            if code in {404, 410}:
                raise AddressGone from error
            if code == 429 or code >= 500 or code == 0:
                raise TryAgain(f"nơi báo trên máy tạm thời không nhận (mã {code})") from error
            raise NeverAgain(f"nơi báo trên máy từ chối (mã {code})") from error
        except requests.RequestException as error:
            raise TryAgain(f"không tới được nơi báo trên máy ({type(error).__name__})") from error
        except (ValueError, TypeError) as error:  # keys that are none
            raise AddressGone from error
        return Sent()

"""The page from which a tablet, a phone or a computer installs the local authority.

For everybody, signed in or not: what is handed out is public by nature. There is no such page on
an installation without a local authority (a bought certificate needs nothing installed).
"""

from __future__ import annotations

import plistlib
import uuid

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nghitruong.config import tls


def _authority() -> x509.Certificate:
    path = tls.files().authority
    if not path.exists():
        raise Http404
    return x509.load_pem_x509_certificate(path.read_bytes())


def _title(authority: x509.Certificate) -> str:
    return str(authority.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


@require_safe
def install(request: HttpRequest) -> HttpResponse:
    """How to install it, per kind of device, and its fingerprint to compare."""
    authority = _authority()
    server = tls.current()
    names = tls.Names.of(server).allowed_hosts() if server is not None else []
    context = {
        "authority": _title(authority),
        "pairs": tls.fingerprint(authority),
        "names": names,
        "until": authority.not_valid_after_utc,
    }
    return render(request, "config/install_certificate.html", context)


@require_safe
def certificate(request: HttpRequest) -> HttpResponse:
    """For Android, Windows and others: DER."""
    return _download(
        _authority().public_bytes(serialization.Encoding.DER),
        "application/x-x509-ca-cert",
        "nghi-truong.crt",
    )


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """For iPad, iPhone and Mac: a configuration profile with the one certificate.

    Its identifiers come from the fingerprint: installing it again replaces it.
    """
    authority = _authority()
    der = authority.public_bytes(serialization.Encoding.DER)
    outer, inner = (
        str(uuid.uuid5(uuid.NAMESPACE_OID, f"{part} {tls.fingerprint(authority)}"))
        for part in ("profile", "certificate")
    )
    content = plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"nghitruong.{outer}",
            "PayloadUUID": outer,
            "PayloadDisplayName": _title(authority),
            "PayloadDescription": "Cho phép máy này mở phòng họp không giấy qua kết nối an toàn.",
            "PayloadContent": [
                {
                    "PayloadType": "com.apple.security.root",
                    "PayloadVersion": 1,
                    "PayloadIdentifier": f"nghitruong.{inner}",
                    "PayloadUUID": inner,
                    "PayloadDisplayName": _title(authority),
                    "PayloadCertificateFileName": "nghi-truong.crt",
                    "PayloadContent": der,
                }
            ],
        }
    )
    return _download(content, "application/x-apple-aspen-config", "nghi-truong.mobileconfig")


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer

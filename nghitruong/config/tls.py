"""HTTPS in a hall without Internet: a local authority, a certificate, and what both promise.

The authority is bound to the names it was made for (RFC 5280 §4.2.1.10, critical): a tablet that
trusts it trusts it for this council's own addresses and for nothing else, even if its key is
stolen. The server's certificate lives 397 days, below the 398 that browsers take.
"""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

SERVER_DAYS = 397
AUTHORITY_DAYS = 3650
WARN_DAYS = 30
HOST = re.compile(
    r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\Z"
)
EVERYTHING = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class TlsError(Exception):
    """The reason, as a sentence for the administrator."""


@dataclass(frozen=True)
class Files:
    """The files, all readable by their owner only."""

    folder: Path

    @property
    def authority(self) -> Path:
        """The local authority's certificate (PEM): what devices install."""
        return self.folder / "ca.crt"

    @property
    def authority_key(self) -> Path:
        """Signs renewals; nothing else ever needs it."""
        return self.folder / "ca.key"

    @property
    def certificate(self) -> Path:
        """The server's certificate and the authority's (PEM)."""
        return self.folder / "server.crt"

    @property
    def key(self) -> Path:
        """The server's key."""
        return self.folder / "server.key"

    @property
    def hosts(self) -> Path:
        """The names, a line each: settings.py reads it without loading a certificate."""
        return self.folder / "hosts"

    def exist(self) -> bool:
        """Whether a server can start with them."""
        return self.certificate.exists() and self.key.exists()


def files() -> Files:
    """Those of this installation; what a cut renewal left half done is brought to its end."""
    where = Files(Path(settings.VAR_DIR) / "tls")
    _settle(where)
    return where


def _settle(where: Files) -> None:
    """Two files cannot change at one instant. Both new ones are written aside before the first
    takes its place: where only the key did, the certificate follows it now."""
    new_key, new_certificate = _aside(where.key), _aside(where.certificate)
    if not new_certificate.exists():
        return
    if new_key.exists():  # cut before anything changed: the old pair stands
        return
    if _fit(where.key, new_certificate):
        new_certificate.replace(where.certificate)


def _aside(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _fit(key: Path, certificate: Path) -> bool:
    try:
        private = serialization.load_pem_private_key(key.read_bytes(), None)
        public = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    except (OSError, ValueError):
        return False
    pem, kind = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return private.public_key().public_bytes(pem, kind) == public.public_bytes(pem, kind)


@dataclass(frozen=True)
class Names:
    """What the certificate is for: host names and addresses."""

    hosts: tuple[str, ...]
    addresses: tuple[Address, ...]

    @classmethod
    def read(cls, words: Iterable[str]) -> Names:
        """Sort the words; raises :class:`TlsError` at one that is neither."""
        hosts: list[str] = []
        addresses: list[Address] = []
        for word in words:
            text = word.strip().strip("[]").lower().rstrip(".")
            try:
                addresses.append(ipaddress.ip_address(text))
            except ValueError:
                if not HOST.match(text) or re.fullmatch(r"[0-9.]+", text):
                    raise TlsError(
                        f"«{word}» không phải tên máy hay địa chỉ IP. Ví dụ: phonghop.lan "
                        "192.168.1.10"
                    ) from None
                hosts.append(text)
        if not hosts and not addresses:
            raise TlsError("Cần ít nhất một tên máy hay địa chỉ IP mà các máy trong mạng sẽ gõ.")
        return cls(tuple(dict.fromkeys(hosts)), tuple(dict.fromkeys(addresses)))

    @classmethod
    def of(cls, certificate: x509.Certificate) -> Names:
        """Those a certificate was made for."""
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return cls(
            tuple(found.get_values_for_type(x509.DNSName)),
            tuple(
                address
                for address in found.get_values_for_type(x509.IPAddress)
                if isinstance(address, ipaddress.IPv4Address | ipaddress.IPv6Address)
            ),
        )

    def allowed_hosts(self) -> list[str]:
        """As Django's ALLOWED_HOSTS writes them."""
        return [*self.hosts, *(f"[{a}]" if a.version == 6 else str(a) for a in self.addresses)]

    def general(self) -> list[x509.GeneralName]:
        """As a certificate holds them."""
        return [
            *(x509.DNSName(host) for host in self.hosts),
            *(x509.IPAddress(address) for address in self.addresses),
        ]

    def constraints(self) -> x509.NameConstraints:
        """These names and no other, of either kind."""
        permitted: list[x509.GeneralName] = [
            *(x509.DNSName(host) for host in self.hosts),
            *(x509.IPAddress(ipaddress.ip_network(address)) for address in self.addresses),
        ]
        # A kind that is not named at all would be free: shut it.
        excluded: list[x509.GeneralName] = []
        if not self.hosts:
            excluded.append(x509.DNSName(""))
        versions = {address.version for address in self.addresses}
        excluded += [x509.IPAddress(net) for net in EVERYTHING if net.version not in versions]
        return x509.NameConstraints(permitted, excluded or None)


def make(names: Names, *, now: datetime | None = None) -> Files:
    """A new authority and the server's certificate, all of it or nothing: everything is written
    into a folder beside, which then takes its place.

    Raises TlsError when there are some already.
    """
    there = files()
    if there.authority.exists():
        raise TlsError(
            f"Đã có chứng chỉ gốc ở {there.folder}. Gia hạn: nghitruong tls renew. Làm lại từ đầu "
            "(mọi máy phải cài lại chứng chỉ): chuyển thư mục này đi nơi khác rồi chạy lại."
        )
    where = Files(there.folder.with_name("tls.dang-lam"))
    shutil.rmtree(where.folder, ignore_errors=True)
    where.folder.mkdir(mode=0o700, parents=True)
    start = _today(now)
    key = ec.generate_private_key(ec.SECP256R1())
    title = f"Nghị Trường {(names.allowed_hosts())[0]} {start:%d/%m/%Y}"[:64]
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Nghị Trường"),
            x509.NameAttribute(NameOID.COMMON_NAME, title),
        ]
    )
    authority = (
        _builder(name, name, key.public_key(), start, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(ca=True), critical=True)
        .add_extension(names.constraints(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(where.hosts, "\n".join(names.allowed_hosts()).encode())
    _write(where.authority_key, _private(key))
    _write(where.authority, authority.public_bytes(serialization.Encoding.PEM))
    _sign_server(where, authority, key, names, start)
    _sync(where.folder)
    if there.folder.exists():  # no authority in it: what an older version left half done
        there.folder.rename(there.folder.with_name(f"tls.bo-{start:%Y%m%d%H%M%S}"))
    where.folder.rename(there.folder)
    _sync(there.folder.parent)
    return there


def renew(*, now: datetime | None = None) -> Files:
    """A new key and certificate for the same names; devices notice nothing.

    Raises :class:`TlsError` without an authority, or when it ends before the new certificate.
    """
    where = files()
    if not where.authority.exists() or not where.authority_key.exists():
        raise TlsError(
            f"Không thấy chứng chỉ gốc và khóa của nó trong {where.folder}. Làm mới: nghitruong "
            "tls init TÊN-MÁY"
        )
    authority = x509.load_pem_x509_certificate(where.authority.read_bytes())
    key = serialization.load_pem_private_key(where.authority_key.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TlsError(f"{where.authority_key}: không phải khóa do lệnh này làm ra.")
    if where.certificate.exists():
        names = Names.of(x509.load_pem_x509_certificate(where.certificate.read_bytes()))
    elif where.hosts.exists():  # an init that was cut off before its last file
        names = Names.read(where.hosts.read_text().split())
    else:
        raise TlsError(
            f"{where.folder} không còn tên các máy. Hãy chuyển thư mục này đi nơi khác rồi chạy: "
            "nghitruong tls init TÊN-MÁY"
        )
    start = _today(now)
    if authority.not_valid_after_utc < start + timedelta(days=SERVER_DAYS):
        raise TlsError(
            "Chứng chỉ gốc sắp hết hạn: hãy làm lại từ đầu (nghitruong tls init) và cài lại trên "
            "mọi máy."
        )
    _sign_server(where, authority, key, names, start)
    return where


def current(path: Path | None = None) -> x509.Certificate | None:
    """The server's certificate, or None when there is none."""
    where = path or files().certificate
    return x509.load_pem_x509_certificate(where.read_bytes()) if where.exists() else None


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 in pairs, as devices show it."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _today(now: datetime | None) -> datetime:
    # A tablet's clock may be a day behind: valid from yesterday.
    return (now or datetime.now(UTC)).replace(microsecond=0) - timedelta(days=1)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    start: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _sign_server(
    where: Files,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    names: Names,
    start: datetime,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names.allowed_hosts()[0][:64])])
    certificate = (
        _builder(subject, authority.subject, key.public_key(), start, SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName(names.general()), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(ca=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()),
            critical=False,
        )
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    new_key, new_certificate = _aside(where.key), _aside(where.certificate)
    new_key.unlink(missing_ok=True)
    _write(new_key, _private(key))
    _write(new_certificate, certificate.public_bytes(pem) + authority.public_bytes(pem))
    _sync(where.folder)
    new_key.replace(where.key)  # from here on :func:`_settle` goes on where this is cut off
    new_certificate.replace(where.certificate)
    _sync(where.folder)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(path: Path, content: bytes) -> None:
    """Never readable by others, not for a moment; on the disk and whole, or not there."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _sync(folder: Path) -> None:
    """The names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""The local authority: bound to its names, short-lived, private; and the page that hands it out."""

from __future__ import annotations

import plistlib
import stat
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import verification
from django.core.management import CommandError, call_command

from nghitruong.config import doctor, tls
from nghitruong.config.serve import CannotServe, check_certificate

NOW = datetime.now(UTC)
WORDS = ["phonghop.lan", "192.168.1.10"]


@pytest.fixture
def made(settings, tmp_path) -> tls.Files:
    settings.VAR_DIR = tmp_path
    return tls.make(tls.Names.read(WORDS), now=NOW)


def _chain(files: tls.Files) -> tuple[x509.Certificate, x509.Certificate]:
    leaf, authority = x509.load_pem_x509_certificates(files.certificate.read_bytes())
    return leaf, authority


def _verify(leaf: x509.Certificate, authority: x509.Certificate, name: x509.DNSName) -> None:
    builder = verification.PolicyBuilder().store(verification.Store([authority])).time(NOW)
    builder.build_server_verifier(name).verify(leaf, [])


def test_a_browser_that_trusts_the_authority_trusts_the_server_under_its_names_only(made) -> None:
    leaf, authority = _chain(made)
    _verify(leaf, authority, x509.DNSName("phonghop.lan"))
    with pytest.raises(verification.VerificationError):
        _verify(leaf, authority, x509.DNSName("nganhang.vn"))


class Cut(Exception):
    """The power went."""


@pytest.mark.parametrize("step", range(1, 12))
def test_cut_off_at_any_write_there_is_a_whole_certificate_or_none(
    settings, tmp_path, monkeypatch, step
) -> None:
    """At each file written or renamed: what was there before works, or what comes works, and the
    same command again ends well."""
    settings.VAR_DIR = tmp_path
    real, done = tls.Path.replace, []
    rename = tls.Path.rename

    def cutting(way):
        def way_or_cut(path, target):
            done.append(path)
            if len(done) == step:
                raise Cut
            return way(path, target)

        return way_or_cut

    monkeypatch.setattr(tls.Path, "replace", cutting(real))
    monkeypatch.setattr(tls.Path, "rename", cutting(rename))
    first = tls.Names.read(WORDS)
    before = None
    for act in (lambda: tls.make(first, now=NOW), lambda: tls.renew(now=NOW)):
        try:
            act()
        except Cut:
            where = tls.files()
            if before is None and not where.authority.exists():
                assert not where.exist()
                act()
            check_certificate(str(where.certificate), str(where.key))
            if before is not None:
                assert tls.Names.of(tls.current()).allowed_hosts() == first.allowed_hosts()
        before = tls.current()
    check_certificate(str(tls.files().certificate), str(tls.files().key))
    leaf, authority = _chain(tls.files())
    _verify(leaf, authority, x509.DNSName("phonghop.lan"))
    assert len(done) >= 9 or step > len(done)


def test_an_init_an_older_version_left_half_done_is_finished_by_renewing(made) -> None:
    made.certificate.unlink()
    made.key.unlink()
    tls.renew(now=NOW)
    leaf, authority = _chain(made)
    _verify(leaf, authority, x509.DNSName("phonghop.lan"))


def test_even_the_stolen_key_cannot_speak_for_another_name(made) -> None:
    _leaf, authority = _chain(made)
    key = serialization.load_pem_private_key(made.authority_key.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    forged = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(authority.subject)
        .public_key(ec.generate_private_key(ec.SECP256R1()).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("nganhang.vn")]), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
        )
        .add_extension(
            x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    with pytest.raises(verification.VerificationError, match="name constraints"):
        _verify(forged, authority, x509.DNSName("nganhang.vn"))


def test_a_kind_of_name_that_was_not_asked_for_is_shut() -> None:
    only_host = tls.Names.read(["phonghop.lan"]).constraints()
    assert {str(name.value) for name in only_host.excluded_subtrees or []} == {"0.0.0.0/0", "::/0"}
    only_address = tls.Names.read(["192.168.1.10"]).constraints()
    assert [str(name.value) for name in only_address.excluded_subtrees or []] == ["", "::/0"]


def test_the_certificate_is_short_and_the_files_are_the_owners_alone(made) -> None:
    leaf, authority = _chain(made)
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=398)
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in made.folder.iterdir()}
    assert set(modes.values()) == {0o600}
    assert set(modes) == {"ca.crt", "ca.key", "server.crt", "server.key", "hosts"}
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700


def test_renewing_keeps_the_authority_and_its_names(made) -> None:
    before, authority = _chain(made)
    tls.renew(now=NOW)
    after, same = _chain(made)
    assert same == authority
    assert after.serial_number != before.serial_number
    assert after.public_key() != before.public_key()
    assert tls.Names.of(after) == tls.Names.read(WORDS)
    check_certificate(str(made.certificate), str(made.key))
    with pytest.raises(tls.TlsError, match="sắp hết hạn"):
        tls.renew(now=NOW + timedelta(days=tls.AUTHORITY_DAYS - 100))


def test_a_second_authority_is_refused_and_so_is_a_word_that_is_no_name(made) -> None:
    with pytest.raises(tls.TlsError, match="Đã có"):
        tls.make(tls.Names.read(["khac.lan"]))
    for word in ("phòng họp", "a b", "999.1.1.1", "-a.lan", "x" * 64):
        with pytest.raises(tls.TlsError):
            tls.Names.read([word])


def test_serve_says_at_once_that_a_key_belongs_to_another_certificate(made, tmp_path) -> None:
    with pytest.raises(CannotServe, match="không dùng được"):
        check_certificate(str(made.certificate), str(made.authority_key))
    with pytest.raises(CannotServe, match="Không thấy tệp"):
        check_certificate(str(made.certificate), str(tmp_path / "không có.key"))


@pytest.mark.real_time
def test_the_doctor_warns_a_month_before_the_end_and_fails_after_it(
    made, settings, monkeypatch
) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", *WORDS]
    assert [f.level for f in doctor.certificate()] == ["ok"]
    for left, level in ((29, "warn"), (-1, "fail")):
        now = NOW - timedelta(days=tls.SERVER_DAYS - 1 - left)
        for path in (made.certificate, made.key):
            path.unlink()
        made.authority.unlink()
        tls.make(tls.Names.read(WORDS), now=now)
        found = list(doctor.certificate())
        assert [f.level for f in found] == [level]
        assert "tls renew" in found[0].sentence
    made.key.chmod(0o644)
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    assert {f.subject for f in doctor.certificate()} == {"Chứng chỉ", "Tên máy", "Khóa chứng chỉ"}


def test_the_command_says_what_to_do_next(settings, tmp_path, capsys) -> None:
    settings.VAR_DIR = tmp_path
    with pytest.raises(CommandError, match="Chưa có chứng chỉ"):
        call_command("tls", "show")
    call_command("tls", "init", *WORDS)
    said = capsys.readouterr().out
    authority = x509.load_pem_x509_certificate(tls.files().authority.read_bytes())
    assert tls.fingerprint(authority) in said
    assert "http://phonghop.lan/cai-chung-chi/" in said
    with pytest.raises(CommandError, match="Đã có"):
        call_command("tls", "init", *WORDS)


@pytest.mark.django_db
def test_the_installing_page_hands_out_what_devices_take(made, client) -> None:
    _leaf, authority = _chain(made)
    text = client.get("/cai-chung-chi/").content.decode()
    assert tls.fingerprint(authority) in text
    assert "phonghop.lan, 192.168.1.10" in text
    file = client.get("/cai-chung-chi/nghi-truong.crt")
    assert file["Content-Type"] == "application/x-x509-ca-cert"
    assert x509.load_der_x509_certificate(file.content) == authority
    profile = client.get("/cai-chung-chi/nghi-truong.mobileconfig")
    assert profile["Content-Type"] == "application/x-apple-aspen-config"
    inside = plistlib.loads(profile.content)["PayloadContent"][0]
    assert inside["PayloadType"] == "com.apple.security.root"
    assert x509.load_der_x509_certificate(inside["PayloadContent"]) == authority


@pytest.mark.django_db
def test_without_a_local_authority_there_is_no_such_page(settings, tmp_path, client) -> None:
    settings.VAR_DIR = tmp_path
    for path in ("", "nghi-truong.crt", "nghi-truong.mobileconfig"):
        assert client.get(f"/cai-chung-chi/{path}").status_code == 404

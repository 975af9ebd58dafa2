"""Electronic signatures, verified offline: made here with a root of our own."""

from __future__ import annotations

import datetime
import io

import pytest

from nghitruong.council.intake.pipeline import signatures
from nghitruong.council.papers.tests.samples import make_pdf


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    """(a signed PDF, the folder with the root that vouches for it)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, sign_pdf, signers

    folder = tmp_path_factory.mktemp("signing")
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)

    def name(common):
        return x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, common),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "HĐND tỉnh Lào Cai"),
            ]
        )

    def certificate(common, key, issuer, issuer_key, *, root):
        usage = {
            "digital_signature": not root,
            "content_commitment": not root,
            "key_cert_sign": root,
            "crl_sign": root,
        }
        none = dict.fromkeys(
            ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only"), False
        )
        return (
            x509.CertificateBuilder()
            .subject_name(name(common))
            .issuer_name(name(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + datetime.timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**usage, **none, decipher_only=False), critical=True)
            .sign(issuer_key, hashes.SHA256())
        )

    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = certificate("Gốc thử", root_key, "Gốc thử", root_key, root=True)
    leaf = certificate("Nguyễn Văn An", key, "Gốc thử", root_key, root=False)
    trust = folder / "trust"
    trust.mkdir()
    pem = serialization.Encoding.PEM
    (trust / "goc.pem").write_bytes(root.public_bytes(pem))
    (trust / "ghi-chu.txt").write_text("không phải chứng thư")
    (trust / "hong.pem").write_text("không phải chứng thư")
    (folder / "leaf.pem").write_bytes(leaf.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    signer = signers.SimpleSigner.load(str(folder / "key.pem"), str(folder / "leaf.pem"))
    out = io.BytesIO()
    sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(make_pdf("Nghị quyết"))),
        PdfSignatureMetadata(field_name="ChuKy", md_algorithm="sha256"),
        signer=signer,
        output=out,
    )
    return out.getvalue(), trust


def verify(tmp_path, data, trust=None):
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    assert signatures.may_be_signed(path)
    return signatures.verify(path, trust)


def test_a_signature_of_a_trusted_root_is_valid_and_names_its_signer(tmp_path, signed):
    data, trust = signed
    (one,) = verify(tmp_path, data, trust)
    assert (one.state, one.signer, one.organization) == (
        "valid",
        "Nguyễn Văn An",
        "HĐND tỉnh Lào Cai",
    )
    assert (one.covers, one.timestamped, one.expired) == ("whole", False, False)
    assert datetime.datetime.fromisoformat(one.signed_at).tzinfo is not None


def test_without_the_root_it_is_whole_but_not_called_valid(tmp_path, signed):
    (one,) = verify(tmp_path, signed[0])
    assert (one.state, one.signer) == ("unknown_root", "Nguyễn Văn An")


def test_a_changed_byte_is_seen_even_with_the_root(tmp_path, signed):
    data, trust = signed
    at = data.index(b"/MediaBox [0 0 595 842]") + len(b"/MediaBox [0 0 ")
    (one,) = verify(tmp_path, data[:at] + b"594" + data[at + 3 :], trust)
    assert one.state == "changed"


def test_what_is_added_after_the_signature_is_seen(tmp_path, signed):
    from pyhanko.pdf_utils.generic import NameObject, NumberObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    data, trust = signed
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    page = writer.root["/Pages"]["/Kids"][0]
    page[NameObject("/Rotate")] = NumberObject(180)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    (one,) = verify(tmp_path, out.getvalue(), trust)
    assert (one.state, one.covers) == ("added", "changes")

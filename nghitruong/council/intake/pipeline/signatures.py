"""A stage of its own process: the electronic signatures of a PDF, verified without a network.

``python -m …pipeline.signatures PDF [TRUST]`` prints a JSON list. TRUST is a folder of root and
intermediate certificates (PEM or DER) this installation trusts; without it no signature is
«valid», only whole: the page says plainly that nobody here vouches for its certificate.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nghitruong.council.intake.pipeline.report import Signature

MOST = 50  # signatures looked at


def may_be_signed(path: Path) -> bool:
    """Whether the bytes speak of a signature at all: loading the library costs a second."""
    tail = b""
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            if b"/ByteRange" in tail + piece:
                return True
            tail = piece[-16:]
    return False


def verify(path: Path, trust: Path | None = None) -> list[Signature]:
    """Every signature in the file, in the order they were made."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    logging.disable(logging.CRITICAL)
    found: list[Signature] = []
    with path.open("rb") as file:
        reader = PdfFileReader(file, strict=False)
        embedded = list(reader.embedded_signatures)
        for number, one in enumerate(embedded[:MOST]):
            try:
                found.append(_one(one, trust, last=number == len(embedded) - 1))
            except Exception as error:  # whatever a stranger's file makes the library do
                found.append(Signature(state="unreadable", reason=type(error).__name__))
    return found


def _certificates(folder: Path | None) -> tuple[list[Any], list[Any]]:
    """(roots, others) of the trusted folder; unreadable files are passed over."""
    from pyhanko import keys

    load: Any = keys.load_certs_from_pemder

    roots: list[Any] = []
    others: list[Any] = []
    for path in sorted(folder.glob("*")) if folder is not None and folder.is_dir() else []:
        if path.suffix.lower() not in {".pem", ".crt", ".cer", ".der"}:
            continue
        try:
            for certificate in load([str(path)]):
                (roots if certificate.self_issued else others).append(certificate)
        except (ValueError, OSError, TypeError):
            continue
    return roots, others


def _name(certificate: Any, *, of: str = "subject") -> tuple[str, str]:
    """(common name, organization)."""
    native = getattr(certificate, of).native

    def text(key: str) -> str:
        value = native.get(key, "")
        return ", ".join(value) if isinstance(value, list) else str(value or "")

    return text("common_name"), text("organization_name")


def _one(embedded: Any, trust: Path | None, *, last: bool) -> Signature:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
    from pyhanko_certvalidator import ValidationContext

    certificate = embedded.signer_cert
    signer, organization = _name(certificate)
    issuer = " – ".join(part for part in _name(certificate, of="issuer") if part)
    roots, others = _certificates(trust)
    claimed = embedded.self_reported_timestamp
    moment = claimed or datetime.now(UTC)
    context = ValidationContext(
        trust_roots=roots,
        other_certs=others,
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=moment,
        best_signature_time=moment,
        weak_hash_algos=set(),
    )
    status: Any
    is_stamp = embedded.sig_object.get("/Type") == "/DocTimeStamp"
    algorithm = ""
    if not is_stamp:
        status = validate_pdf_signature(
            embedded, signer_validation_context=context, ts_validation_context=context
        )
    else:
        status = validate_pdf_timestamp(embedded, validation_context=context)
    algorithm = f"{status.pkcs7_signature_mechanism}, {status.md_algorithm}"
    level = getattr(status, "modification_level", None)
    coverage = getattr(status.coverage, "name", "")
    if coverage == "ENTIRE_FILE":
        covers = "whole"
    elif level in {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES}:
        covers = "whole" if last else "more_signatures"
    elif level == ModificationLevel.FORM_FILLING:
        covers = "more_signatures" if not last else "allowed_changes"
    elif level == ModificationLevel.ANNOTATIONS:
        covers = "allowed_changes"
    else:
        covers = "changes"
    whole = bool(status.intact and status.valid)
    stamp = getattr(status, "timestamp_validity", None)
    stamped = bool(stamp is not None and stamp.intact and stamp.valid)
    when = (
        stamp.timestamp
        if stamp is not None and stamped
        else getattr(status, "timestamp", None) or claimed
    )
    if not whole:
        state = "changed"
    elif covers == "changes":
        state = "added"
    else:
        state = "valid" if status.trusted else "unknown_root"
    return Signature(
        state=state,
        signer=signer,
        organization=organization,
        issuer=issuer,
        signed_at=when.isoformat() if when else "",
        timestamped=stamped,
        covers=covers,
        algorithm=algorithm,
        expired=not certificate.not_valid_before <= moment <= certificate.not_valid_after,
        kind="timestamp" if is_stamp else "signature",
    )


def main(arguments: Sequence[str]) -> int:
    """The stage."""
    try:
        found = verify(Path(arguments[0]), Path(arguments[1]) if len(arguments) > 1 else None)
    except Exception as error:  # the file's own structure is past reading
        found = [Signature(state="unreadable", reason=type(error).__name__)]
    print(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

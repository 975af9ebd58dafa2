"""What may be wrong with the certificate of an installation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from nghitruong.config import tls
from nghitruong.config.finding import Finding


def certificate() -> Iterator[Finding]:
    """The certificate's days, names and who may read its key."""
    made = tls.files()
    path = Path(settings.CERTFILE) if settings.CERTFILE else made.certificate
    found = tls.current(path)
    if found is None:
        if not settings.CERTFILE and made.authority.exists():
            yield Finding(
                "fail",
                "Chứng chỉ",
                "có chứng chỉ gốc mà thiếu chứng chỉ máy chủ. Hãy chạy: nghitruong tls renew",
            )
        if settings.CERTFILE:
            yield Finding("fail", "Chứng chỉ", f"không thấy {path}. Hãy sửa NGHITRUONG_CERTFILE.")
        return
    own = not settings.CERTFILE
    renew = (
        "Hãy chạy: nghitruong tls renew, rồi khởi động lại"
        if own
        else "Hãy lấy chứng chỉ mới từ nơi cấp"
    )
    days = (found.not_valid_after_utc - datetime.now(UTC)).days
    if days < 0:
        yield Finding("fail", "Chứng chỉ", f"đã hết hạn. {renew}.")
    elif days < tls.WARN_DAYS:
        yield Finding("warn", "Chứng chỉ", f"còn {days} ngày. {renew}.")
    else:
        yield Finding(
            "ok", "Chứng chỉ", f"còn {days} ngày, đến {found.not_valid_after_utc:%d/%m/%Y}"
        )
    missing = set(tls.Names.of(found).allowed_hosts()) - set(settings.ALLOWED_HOSTS)
    if missing:
        yield Finding(
            "warn",
            "Tên máy",
            f"chứng chỉ có {', '.join(sorted(missing))} nhưng hệ thống không trả lời tên đó. "
            "Hãy thêm vào NGHITRUONG_HOSTS.",
        )
    keys = [made.key, made.authority_key] if own else [Path(settings.KEYFILE)]
    for key in keys:
        if key.exists() and key.stat().st_mode & 0o077:
            yield Finding(
                "fail", "Khóa chứng chỉ", f"người khác đọc được. Hãy chạy: chmod 600 {key}"
            )

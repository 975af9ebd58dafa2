"""E-mail over SMTP. «Sent» means that the mail server took it; what comes after it tells nobody."""

from __future__ import annotations

import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from nghitruong.platform.notices.models import Address, Channel
from nghitruong.platform.notices.ways import NeverAgain, Parcel, Sent, TryAgain

TIMEOUT = 20  # seconds


class Mail:
    """The mail server of the settings."""

    channel = Channel.EMAIL

    def problem(self) -> str:
        """Nothing is sent without a server, a sender and the address people can open."""
        if not settings.EMAIL_HOST:
            return "chưa đặt NGHITRUONG_EMAIL_HOST"
        if not settings.DEFAULT_FROM_EMAIL:
            return "chưa đặt NGHITRUONG_EMAIL_FROM"
        if not settings.SITE_URL:
            return "chưa đặt NGHITRUONG_SITE_URL"
        return ""

    def send(self, address: Address, parcel: Parcel) -> Sent:
        """One letter. Its Message-ID is the same at every try: a mail server or reader that got it
        twice can tell."""
        reference = f"<{parcel.key}@{urlsplit(settings.SITE_URL).hostname}>"
        letter = EmailMessage(
            subject=" ".join(parcel.line.split()),
            body=f"{parcel.line}\n\n{parcel.link}\n\n"
            "Thư gửi tự động, xin không trả lời. Đổi cách nhận: mục «Thông báo» trong hệ thống.\n",
            to=[address.value],
            headers={"Message-ID": reference, "Auto-Submitted": "auto-generated"},
            connection=get_connection(
                "django.core.mail.backends.smtp.EmailBackend", timeout=TIMEOUT
            ),
        )
        try:
            letter.send()
        except smtplib.SMTPRecipientsRefused as error:
            code = max(answer[0] for answer in error.recipients.values())
            raise _refused(code) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code) from error
        except (OSError, smtplib.SMTPException) as error:
            raise TryAgain(f"máy chủ thư không trả lời ({type(error).__name__})") from error
        return Sent(reference)


def _refused(code: int) -> Exception:
    """SMTP's own distinction: 4xx may pass later, 5xx never (RFC 5321, 4.2.1)."""
    if 400 <= code < 500:
        return TryAgain(f"máy chủ thư tạm thời không nhận (mã {code})")
    return NeverAgain(f"máy chủ thư từ chối (mã {code})")

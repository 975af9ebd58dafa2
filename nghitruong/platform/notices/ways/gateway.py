"""SMS and Zalo through a small HTTP interface of our own, described in docs/sms.md: what stands
behind it (an operator's brand name, an official account) is the installation's choice."""

from __future__ import annotations

from typing import Any

import requests
from django.conf import settings

from nghitruong.platform.notices.models import Address, Channel
from nghitruong.platform.notices.ways import AddressGone, NeverAgain, Parcel, Sent, TryAgain

TIMEOUT = (5, 20)  # seconds: to connect, to answer


class Gateway:
    """One address to POST to, per channel."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel

    @property
    def _place(self) -> tuple[str, str]:
        found: tuple[str, str] = settings.NOTICE_GATEWAYS[self.channel.value]
        return found

    def problem(self) -> str:
        """Both the gateway and the address people can open are needed."""
        if not self._place[0]:
            return f"chưa đặt NGHITRUONG_{self.channel.value.upper()}_URL"
        if not settings.SITE_URL:
            return "chưa đặt NGHITRUONG_SITE_URL"
        return ""

    def send(self, address: Address, parcel: Parcel) -> Sent:
        """The gateway must take the same ``Idempotency-Key`` once: a lost answer is asked again."""
        url, token = self._place
        headers = {"Idempotency-Key": parcel.key, "Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        body = {"to": address.value, "text": f"{parcel.line}. {parcel.link}", "key": parcel.key}
        try:
            answer = requests.post(
                url, json=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as error:
            raise TryAgain(f"nơi chuyển tin không trả lời ({type(error).__name__})") from error
        code = answer.status_code
        if code == 409:  # it has this key already: an earlier try got through
            return Sent(_reference(answer))
        if code == 410:
            raise AddressGone
        if code == 429 or code >= 500:
            raise TryAgain(f"nơi chuyển tin đang bận hoặc lỗi (mã {code})")
        if not 200 <= code < 300:
            raise NeverAgain(f"nơi chuyển tin từ chối (mã {code})")
        return Sent(_reference(answer), delivered=_said(answer).get("status") == "delivered")


def _said(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _reference(answer: requests.Response) -> str:
    return str(_said(answer).get("id", ""))[:200]

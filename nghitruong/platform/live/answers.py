"""What a command is answered, and the refusals of the live process itself."""

from __future__ import annotations

from typing import NamedTuple

import orjson

from nghitruong.platform.live.commands import Outcome, Refusal

BUSY = Refusal(
    "busy",
    "Máy chủ đang nhận quá nhiều lệnh cùng lúc. Lệnh này CHƯA được ghi; xin bấm gửi lại.",
    status=503,
)
STOPPING = Refusal(
    "stopping",
    "Máy chủ đang khởi động lại. Lệnh này CHƯA được ghi; xin chờ vài giây rồi bấm gửi lại.",
    status=503,
)
NO_ROOM = Refusal(
    "no_room",
    "Máy chủ không còn chỗ để ghi. Lệnh này CHƯA được ghi; xin báo ngay thư ký kỳ họp.",
    status=507,
)
UNAVAILABLE = Refusal(
    "unavailable",
    "Máy chủ chưa ghi được vì mất kết nối với kho dữ liệu. Lệnh này CHƯA được ghi;"
    " xin bấm gửi lại sau vài giây.",
    status=503,
)
BROKEN = Refusal(
    "broken",
    "Máy chủ gặp lỗi với riêng lệnh này. Lệnh này CHƯA được ghi; xin báo thư ký kỳ họp.",
    status=500,
)
UNKNOWN = Refusal("unknown_command", "Không có lệnh này. Xin tải lại trang.", status=404)
NONCE_REUSED = Refusal(
    "nonce_reused", "Mã gửi này đã dùng cho lệnh khác. Xin tải lại trang.", status=409
)


class Answer(NamedTuple):
    """An HTTP status and a JSON body."""

    status: int
    body: bytes


def answer(outcome: Outcome) -> Answer:
    """What the client is told."""
    if isinstance(outcome, Refusal):
        return Answer(outcome.status, orjson.dumps(outcome.as_dict()))
    return Answer(200, orjson.dumps({"ok": True, **outcome}, default=str))


def stored(result: Answer) -> str:
    """The receipt's text: status and body, so that a replay says the same."""
    return f'{{"s":{result.status},"b":{result.body.decode()}}}'


def replayed(text: str) -> Answer:
    content = orjson.loads(text)
    return Answer(content["s"], orjson.dumps(content["b"]))

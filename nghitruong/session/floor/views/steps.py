"""The steps of chair and clerk: one POST address each, one action each.

Scripts (``Accept: application/json``) are answered ``{"ok": true}``, screens learn the rest from
the events; a plain form goes back to the page it came from.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from nghitruong.council.councils.functions import uses
from nghitruong.council.councils.middleware import CouncilRequest
from nghitruong.council.councils.models import Function
from nghitruong.council.councils.roles import Actor
from nghitruong.platform.errors import Refused
from nghitruong.session.floor import actions, queries, rules
from nghitruong.session.meetings.models import Sitting

PAGES: Final = ("cockpit", "desk", "journal")
MOST_ON_A_ROLL: Final = 500


def _key(post: QueryDict, name: str) -> uuid.UUID:
    return _key_of(post.get(name, ""))


def _key_of(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Refused(
            "bad_input", _("Thiếu nội dung cần chọn. Hãy tải lại trang rồi làm lại."), status=422
        ) from None


def _number(post: QueryDict, name: str) -> int | None:
    text = post.get(name, "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise Refused("bad_input", _("Hãy ghi một số nguyên."), status=422)
    return int(text)


def _open_roll(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.open_roll(sitting, by=by)


def _close_roll(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.close_roll(sitting, by=by)


def _set_presence(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.set_presence(
        sitting,
        _key(post, "membership"),
        post.get("presence", ""),
        by=by,
        reason=post.get("reason", ""),
    )


def _present_rest(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    named = post.get("members", "").split()
    if len(named) > MOST_ON_A_ROLL:
        raise Refused("bad_input", _("Danh sách dài hơn số đại biểu của một Hội đồng."), status=422)
    return actions.present_rest(sitting, [_key_of(one) for one in named], by=by)


def _open(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.open_sitting(sitting, by=by, quorum_reason=post.get("quorum_reason", ""))


def _suspend(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.suspend_sitting(sitting, by=by)


def _resume(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.resume_sitting(sitting, by=by)


def _close(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.close_sitting(sitting, by=by)


def _hand_over(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.hand_over(sitting, _key(post, "person"), by=by)


def _next(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    if not post.get("after"):
        return actions.next_item(sitting, by=by, after="" if "after" in post else None)
    return actions.next_item(sitting, by=by, after=_key(post, "after"))


def _go_to(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.go_to_item(sitting, _key(post, "item"), by=by)


def _speech_minutes(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.set_speech_minutes(sitting, _key(post, "item"), _number(post, "minutes"), by=by)


def _call(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    start = post.get("start", "1") != "0"
    return actions.call_speaker(sitting, _key(post, "request"), by=by, start=start)


def _start(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.start_speech(sitting, _key(post, "request"), by=by)


def _call_off(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.call_off(sitting, _key(post, "request"), by=by)


def _drop(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.drop_request(sitting, _key(post, "request"), by=by)


def _extend(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    seconds = _number(post, "seconds") or 60
    return actions.extend_speech(sitting, _key(post, "speech"), seconds=seconds, by=by)


def _pause_clock(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.pause_clock(sitting, _key(post, "speech"), by=by)


def _resume_clock(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.resume_clock(sitting, _key(post, "speech"), by=by)


def _warn(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.warn_speaker(sitting, _key(post, "speech"), by=by)


def _finish(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.finish_speech(sitting, _key(post, "speech"), by=by)


def _give_floor(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.give_floor(
        sitting,
        name=post.get("name", ""),
        title=post.get("title", ""),
        kind=post.get("kind", ""),
        minutes=_number(post, "minutes"),
        by=by,
    )


def _announce(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.announce(sitting, post.get("text", ""), by=by)


def _clear_notice(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.clear_notice(sitting, by=by)


def _read_note(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.read_note(sitting, _key(post, "note"), by=by)


def _add_line(sitting: Sitting, by: Actor, post: QueryDict) -> Any:
    return actions.add_line(sitting, post.get("text", ""), by=by)


Run = Callable[[Sitting, Actor, QueryDict], Any]

# step → (part of the address, what it does, who may, what is said when it is done)
STEPS: Final[dict[str, tuple[str, Run, Callable[[Actor], bool], Any]]] = {
    "open_roll": (
        "mo-diem-danh",
        _open_roll,
        rules.may_keep_roll,
        gettext_lazy("Đã bắt đầu điểm danh."),
    ),
    "close_roll": (
        "ket-thuc-diem-danh",
        _close_roll,
        rules.may_keep_roll,
        gettext_lazy("Đã kết thúc điểm danh."),
    ),
    "set_presence": (
        "diem-danh",
        _set_presence,
        rules.may_keep_roll,
        gettext_lazy("Đã ghi nhận điểm danh."),
    ),
    "present_rest": (
        "diem-danh-con-lai",
        _present_rest,
        rules.may_keep_roll,
        gettext_lazy("Đã ghi có mặt những người còn lại."),
    ),
    "open": ("bat-dau", _open, rules.may_lead, gettext_lazy("Phiên họp đã bắt đầu.")),
    "suspend": ("tam-nghi", _suspend, rules.may_lead, gettext_lazy("Phiên họp tạm nghỉ.")),
    "resume": ("tiep-tuc", _resume, rules.may_lead, gettext_lazy("Phiên họp tiếp tục.")),
    "close": ("ket-thuc", _close, rules.may_lead, gettext_lazy("Phiên họp đã kết thúc.")),
    "hand_over": (
        "giao-chu-toa",
        _hand_over,
        rules.may_lead,
        gettext_lazy("Đã ghi nhận người điều hành."),
    ),
    "next": ("tiep-theo", _next, rules.may_lead, gettext_lazy("Đã sang nội dung tiếp theo.")),
    "go_to": ("den-noi-dung", _go_to, rules.may_lead, gettext_lazy("Đã chuyển nội dung.")),
    "speech_minutes": (
        "thoi-gian-phat-bieu",
        _speech_minutes,
        rules.may_lead,
        gettext_lazy("Đã đặt thời gian phát biểu."),
    ),
    "call": ("moi-phat-bieu", _call, rules.may_lead, gettext_lazy("Đã mời phát biểu.")),
    "start": ("bat-dau-phat-bieu", _start, rules.may_lead, gettext_lazy("Đồng hồ đã chạy.")),
    "call_off": ("huy-luot-moi", _call_off, rules.may_lead, gettext_lazy("Đã hủy lượt mời.")),
    "drop": ("bo-luot", _drop, rules.may_lead, gettext_lazy("Đã bỏ lượt đăng ký.")),
    "extend": ("them-thoi-gian", _extend, rules.may_lead, gettext_lazy("Đã thêm thời gian.")),
    "pause_clock": (
        "dung-dong-ho",
        _pause_clock,
        rules.may_lead,
        gettext_lazy("Đã dừng đồng hồ."),
    ),
    "resume_clock": (
        "chay-tiep-dong-ho",
        _resume_clock,
        rules.may_lead,
        gettext_lazy("Đồng hồ chạy tiếp."),
    ),
    "warn": ("nhac-thoi-gian", _warn, rules.may_lead, gettext_lazy("Đã nhắc thời gian.")),
    "finish": (
        "ket-thuc-phat-bieu",
        _finish,
        rules.may_lead,
        gettext_lazy("Đã kết thúc lượt phát biểu."),
    ),
    "give_floor": (
        "moi-khach-phat-bieu",
        _give_floor,
        rules.may_lead,
        gettext_lazy("Đã mời phát biểu."),
    ),
    "announce": ("thong-bao", _announce, rules.may_lead, gettext_lazy("Đã chiếu thông báo.")),
    "clear_notice": (
        "thoi-thong-bao",
        _clear_notice,
        rules.may_lead,
        gettext_lazy("Đã thôi chiếu thông báo."),
    ),
    "read_note": ("da-doc-loi-nhan", _read_note, rules.may_preside, gettext_lazy("Đã đọc.")),
    "add_line": (
        "ghi-dien-bien",
        _add_line,
        rules.may_write_journal,
        gettext_lazy("Đã ghi vào diễn biến."),
    ),
}


# The steps that a council without the function is not offered; what ends something stays possible.
FUNCTION_OF: Final[dict[str, Function]] = {
    **dict.fromkeys(
        ("open_roll", "close_roll", "set_presence", "present_rest"), Function.ROLL_CALL
    ),
    **dict.fromkeys(("call", "start", "extend", "give_floor", "speech_minutes"), Function.SPEAKING),
}


def view_of(step: str) -> Callable[..., HttpResponse]:
    """The view of one step."""
    _path, run, _may, said = STEPS[step]

    @require_POST
    def view(request: CouncilRequest, number: int, sitting: int) -> HttpResponse:
        row = queries.sitting_for(request.actor, number, sitting)
        run(row, request.actor, request.POST)
        return _done(request, number, sitting, str(said))

    view.__name__ = step
    view.__doc__ = run.__name__
    if step in FUNCTION_OF:
        uses(FUNCTION_OF[step], view)
    return view


def _done(request: HttpRequest, number: int, sitting: int, said: str) -> HttpResponse:
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"ok": True})
    messages.success(request, said)
    page = request.POST.get("back", "")
    council = request.council  # type: ignore[attr-defined]  # set by CouncilMiddleware
    name = page if page in PAGES else "desk"
    return redirect(f"floor:{name}", council.slug, number, sitting)

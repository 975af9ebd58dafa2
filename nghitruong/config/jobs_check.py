"""What the doctor says of work in the background."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count

from nghitruong.config.finding import Finding
from nghitruong.council.intake.actions import processing
from nghitruong.council.search import indexing
from nghitruong.platform.jobs import api as jobs
from nghitruong.platform.jobs.models import Job, JobState
from nghitruong.platform.jobs.running import PAUSES

_SECRETS_LEFT = (
    "Byte, chữ của tài liệu mật đã xóa có thể còn trên đĩa: hãy sửa ổ đĩa hoặc quyền ghi."
)
_MEANS = {
    indexing.INDEX: (
        "Điều vừa ghi chưa tìm thấy được; nếu là tài liệu đã xóa thì chữ cũ còn trong chỉ mục. Hãy "
        "xem nhật ký máy chủ, sửa ổ đĩa hoặc quyền ghi."
    )
}


def background_work() -> Iterator[Finding]:
    """What was given up, by what a person can do about it; what fails and is tried for ever."""
    lost = Job.objects.filter(state=JobState.FAILED)
    files = lost.filter(name=processing.JOB).count()
    if files:
        yield Finding(
            "warn",
            "Việc nền",
            f"{files} tệp không xử lý được sau nhiều lần thử. Hãy mở trang «Kho tệp» của từng Hội "
            "đồng, mở tài liệu được nêu và bấm «Xử lý lại tệp».",
        )
    others = lost.exclude(name=processing.JOB)
    kinds = list(others.values("name").annotate(n=Count("pk")).order_by("name"))
    if kinds:
        said = ", ".join(f"{kind['name']} ({kind['n']})" for kind in kinds)
        yield Finding(
            "warn",
            "Việc nền",
            f"đã thôi sau nhiều lần thử: {said}. Hãy tìm lỗi trong nhật ký máy chủ; bộ in, gói "
            "nhập thì yêu cầu lại trên trang, việc hằng ngày tự làm lại hôm sau.",
        )
    failing = Job.objects.filter(name__in=jobs.endless()).exclude(error="")
    for job in failing.filter(attempts__gt=len(PAUSES)).order_by("due_at")[:5]:
        yield Finding(
            "fail",
            "Việc nền",
            f"{job.name} hỏng {job.attempts} lần, máy chủ vẫn thử lại ({job.error}). "
            + _MEANS.get(job.name, _SECRETS_LEFT),
        )

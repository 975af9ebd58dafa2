"""What the doctor says of the lists of people."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django_scopes import scope

from nghitruong.config.finding import Finding
from nghitruong.council.councils.models import Council
from nghitruong.council.councils.queries import delegates_at


def delegates_without_term() -> Iterator[Finding]:
    """Delegates written before a term was asked for: no sitting counts them or lets them vote."""
    today = timezone.localdate()
    for council in Council.objects.order_by("name"):
        with scope(council=council.pk):
            rows = delegates_at(council, today).filter(term__isnull=True)
            names = list(rows.values_list("person__full_name", flat=True))
        if names:
            yield Finding(
                "fail",
                "Đại biểu không thuộc khóa",
                f"{council.short_name}: {', '.join(names)}. Các vị này không được điểm danh, biểu "
                "quyết. Hãy mở trang của từng người, kết thúc tư cách đại biểu rồi giao lại từ "
                "ngày đầu của khóa (hoặc ngày bắt đầu nhiệm vụ trong khóa).",
            )

"""What an administrator must know of the installation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from nghitruong.config.today.tasks import Task, Urgency, provider
from nghitruong.council.councils.roles import Actor, Role
from nghitruong.platform.audit.queries import unsealed_before
from nghitruong.platform.storage.guards import missing_guards


@provider
def system_checks(actor: Actor) -> Iterator[Task]:
    """What an administrator must not find out later: unprotected records, a silent sealer."""
    if not actor.has(Role.ADMIN):
        return
    look = {
        "icon": "alert-triangle",
        "button": _("Xem nhật ký"),
        "url": reverse("audit:entries", args=[actor.council.slug]),
    }
    if missing_guards():
        yield Task(
            urgency=Urgency.NOW,
            title=_("Nhật ký chưa được khóa chống sửa, xóa"),
            text=_("Dừng máy chủ rồi chạy lệnh «nghitruong migrate» để đặt lại khóa."),
            **look,
        )
    if unsealed_before(actor.council.pk, timezone.now() - timedelta(minutes=5)):
        yield Task(
            urgency=Urgency.TODAY,
            title=_("Nhật ký chưa được niêm phong từ hơn 5 phút"),
            text=_("Tiến trình nền có thể đã dừng. Hãy khởi động lại máy chủ."),
            **look,
        )

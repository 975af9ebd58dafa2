from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.apps import AppConfig


def _installation() -> Iterable[uuid.UUID | None]:
    return [None]


class FilesConfig(AppConfig):
    name = "nghitruong.platform.files"
    label = "files"
    verbose_name = "Tệp"

    def ready(self) -> None:
        """What must be erased is erased after a crash too; what nobody names is swept at night."""
        from nghitruong.platform.files import orphans, shredding
        from nghitruong.platform.jobs import api as jobs

        jobs.register(shredding.JOB, shredding.run, tries=None)
        jobs.register_sweeper(shredding.JOB, shredding.waiting)
        jobs.register_daily(orphans.JOB, orphans.nightly, hour=3, councils=_installation)

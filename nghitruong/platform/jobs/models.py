"""What is to be done in the background, and how far it got."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from nghitruong.platform.storage.models import TimeOrdered


class JobState(models.TextChoices):
    """A job that failed for good stays, with its error, until somebody asks for it again."""

    QUEUED = "queued", "đang chờ"
    RUNNING = "running", "đang làm"
    DONE = "done", "đã xong"
    FAILED = "failed", "không làm được"


class Job(TimeOrdered):
    """One piece of work: ``name`` says which function, ``key`` what it works on.

    Not scoped: the worker serves every council of the installation and enters ``council_id``'s
    scope before it calls the function.
    """

    name = models.CharField("loại việc", max_length=60)
    key = models.CharField("đối tượng", max_length=80)
    council_id = models.UUIDField("hội đồng", null=True, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=JobState, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    due_at = models.DateTimeField("làm từ lúc", default=timezone.now)
    again = models.BooleanField("được gọi lại khi đang làm", default=False)
    worker = models.CharField("tiến trình đang làm", max_length=120, blank=True)
    lease_until = models.DateTimeField("giữ việc đến", null=True, blank=True)
    done = models.PositiveIntegerField("phần đã xong", default=0)
    total = models.PositiveIntegerField("tổng số phần", default=0)
    note = models.CharField("đang làm gì", max_length=200, blank=True)
    error = models.CharField("lỗi", max_length=500, blank=True)
    created_at = models.DateTimeField("tạo lúc", auto_now_add=True)
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)

    class Meta:
        verbose_name = "việc chạy nền"
        verbose_name_plural = "việc chạy nền"
        constraints = [models.UniqueConstraint(fields=["name", "key"], name="job_once")]
        indexes = [models.Index(fields=["state", "due_at"], name="job_due")]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"

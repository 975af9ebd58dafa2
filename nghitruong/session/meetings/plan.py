"""The preparation plan: what is to be done before a session, by whom, by which rule.

Dates are never stored: each task names a rule of the session's frozen profile, and the date
follows the expected opening, or for what comes after the session its last sitting (N114/2025 and
the model rules of NQ 104/2025; walkthrough of a real year-end session). Tasks without a rule are
practice and take an offset in days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from nghitruong.council.councils.models import OrganizationKind
from nghitruong.council.procedure.profiles import Snapshot, due_date
from nghitruong.lib.days import HolidayCalendar
from nghitruong.session.meetings.models import PlanTask, Session, SessionKind, Sitting

REGULAR = frozenset({SessionKind.REGULAR, SessionKind.FIRST})
SPECIAL = frozenset({SessionKind.THEMATIC, SessionKind.URGENT})
EVERY = REGULAR | SPECIAL
PRACTICE = "Theo thực tiễn, không có điều luật ấn định"


@dataclass(frozen=True)
class Template:
    """A task as every session of these kinds has it.

    ``days`` before the opening (negative: after) where no rule binds: with both, the councils that
    the rule does not bind do it by practice. ``closing``: counted from the session's last day
    instead, where resolutions are adopted.
    """

    key: str
    title: str
    owner: str
    rule: str = ""
    days: int | None = None
    kinds: frozenset[SessionKind] = EVERY
    closing: bool = False

    def binding(self, snapshot: Snapshot) -> str:
        """Its rule where it binds this council, else an empty string."""
        found = snapshot["rules"].get(self.rule)
        return self.rule if found is not None and found["value"] not in (0, None) else ""


TEMPLATES: tuple[Template, ...] = (
    Template(
        "liaison",
        "Hội nghị liên tịch thống nhất nội dung, chương trình, phân công chuẩn bị",
        OrganizationKind.STANDING,
        days=45,
        kinds=REGULAR,
    ),
    Template(
        "oversight_proposals",
        "Tổng hợp đề xuất chương trình giám sát năm sau",
        OrganizationKind.OFFICE,
        "oversight.programme_proposals",
        kinds=REGULAR,
    ),
    Template(
        "question_call",
        "Đề nghị đại biểu đề xuất vấn đề chất vấn",
        OrganizationKind.OFFICE,
        "question.call",
        kinds=REGULAR,
    ),
    Template(
        "petition_report",
        "Gửi báo cáo kết quả giải quyết kiến nghị cử tri",
        OrganizationKind.EXECUTIVE,
        "petition.agency_report_before",
        kinds=REGULAR,
    ),
    Template(
        "convene_regular",
        "Quyết định tổ chức kỳ họp, gửi giấy triệu tập, dự kiến chương trình",
        OrganizationKind.STANDING,
        "session.regular.decision_before",
        kinds=REGULAR,
    ),
    Template(
        "convene_special",
        "Quyết định tổ chức kỳ họp, gửi giấy triệu tập, dự kiến chương trình",
        OrganizationKind.STANDING,
        "session.special.decision_before",
        kinds=SPECIAL,
    ),
    Template(
        "question_synth",
        "Tổng hợp đề xuất vấn đề chất vấn",
        OrganizationKind.OFFICE,
        "question.synth",
        kinds=REGULAR,
    ),
    Template(
        "question_implementation",
        "Báo cáo việc thực hiện nghị quyết về chất vấn",
        OrganizationKind.EXECUTIVE,
        "question.impl_report",
        kinds=REGULAR,
    ),
    Template(
        "documents",
        "Gửi tài liệu kỳ họp đến đại biểu",
        OrganizationKind.OFFICE,
        "session.documents_before",
        kinds=REGULAR,
    ),
    Template(
        "verify_dossier",
        "Gửi hồ sơ dự thảo nghị quyết đến Ban thẩm tra",
        OrganizationKind.EXECUTIVE,
        "verify.dossier_before",
    ),
    Template(
        "question_draft",
        "Dự kiến nhóm vấn đề chất vấn, lấy ý kiến các Ban",
        OrganizationKind.OFFICE,
        "question.draft",
        kinds=REGULAR,
    ),
    Template(
        "question_choose",
        "Chọn nhóm vấn đề chất vấn, người trả lời",
        OrganizationKind.STANDING,
        "question.choose",
        kinds=REGULAR,
    ),
    Template(
        "media",
        "Thông báo kỳ họp và dự kiến chương trình trên phương tiện thông tin",
        OrganizationKind.OFFICE,
        "session.media_notice_before",
        kinds=REGULAR,
    ),
    Template(
        "media_special",
        "Thông báo kỳ họp và dự kiến chương trình trên phương tiện thông tin",
        OrganizationKind.OFFICE,
        "session.special.media_notice_before",
        kinds=SPECIAL,
    ),
    Template(
        "verify_report", "Gửi báo cáo thẩm tra", OrganizationKind.COMMITTEE, "verify.report_before"
    ),
    Template(
        "question_digest",
        "Gửi đại biểu bản tổng hợp thực hiện nghị quyết về chất vấn",
        OrganizationKind.OFFICE,
        "question.digest",
        kinds=REGULAR,
    ),
    Template("guests", "Gửi giấy mời khách, lập sơ đồ chỗ ngồi", OrganizationKind.OFFICE, days=3),
    Template(
        "hall",
        "Kiểm tra hội trường, máy tính bảng, mạng, biểu quyết thử",
        OrganizationKind.OFFICE,
        days=1,
    ),
    Template(
        "resolutions",
        "Ban hành, đăng nghị quyết đã thông qua",
        OrganizationKind.OFFICE,
        "session.resolution_post_after",
        days=-10,
        closing=True,
    ),
)
_BY_KEY = {template.key: template for template in TEMPLATES}


def templates_for(kind: str, snapshot: Snapshot) -> list[Template]:
    """The tasks of a new session: those whose rule binds this council, and practice."""
    return [
        template
        for template in TEMPLATES
        if kind in template.kinds and (template.days is not None or template.binding(snapshot))
    ]


def last_day(session: Session) -> date:
    """The day of the session's last sitting: as it was held, else as it is planned."""
    sittings = Sitting.objects.filter(session=session)
    days = [
        timezone.localdate(closed or opened or planned)
        for closed, opened, planned in sittings.values_list("closed_at", "opened_at", "starts_at")
    ]
    return max([session.expected_opening, *days])


@dataclass(frozen=True)
class Line:
    """A task with its computed dates."""

    task: PlanTask
    nominal: date | None
    due: date | None
    article: str
    late: bool
    days_left: int | None

    @property
    def done(self) -> bool:
        """Ticked off."""
        return self.task.done_at is not None


def line_of(
    task: PlanTask, session: Session, closing: date, calendar: HolidayCalendar, today: date
) -> Line:
    """When the task is due and whether it is late; computed each time, never stored.

    ``closing``: the session's :func:`last_day`.
    """
    nominal: date | None = None
    due: date | None = None
    article = PRACTICE
    template = _BY_KEY.get(task.key)
    profile = {"rules": {}, **session.profile}
    anchor = closing if template is not None and template.closing else session.expected_opening
    rule = task.rule_key or (template.binding(profile) if template is not None else "")
    if rule in profile["rules"]:
        found = due_date(profile, rule, anchor, calendar)
        nominal, due, article = found.nominal, found.due, found.article
    elif template is not None and template.days is not None:
        nominal = anchor - timedelta(days=template.days)
        due = calendar.roll(nominal, "before" if template.days >= 0 else "after")
    if task.due_override is not None:
        due = task.due_override
    late = due is not None and task.done_at is None and today > due
    left = (due - today).days if due is not None and task.done_at is None else None
    return Line(task, nominal, due, article, late, left)

"""News already kept loses what guests and the press may not know: titles of papers, reasons for
replacing or withdrawing them, hours of sittings behind closed doors."""

import re

from django.db import migrations

PAPERS = [
    (r"^Tài liệu mới: ", "Văn phòng vừa gửi 1 tài liệu mới"),
    (r"^Có bản \d+ của: ", "Văn phòng vừa thay 1 tài liệu bằng bản mới"),
    (r"^Đã rút tài liệu: ", "Văn phòng vừa rút 1 tài liệu"),
]
DEADLINES = "mọi hạn chuẩn bị đã tính lại."
HOURS = "Giờ họp trong chương trình kỳ họp vừa thay đổi; xin xem lại chương trình."


def without_titles(text):
    """What is told now of the same act."""
    for pattern, words in PAPERS:
        if re.match(pattern, text):
            return words
    return text


def without_sitting(text, title):
    """That hours changed may be known, not of which sitting."""
    if text.startswith(f"{title} chuyển sang "):
        return HOURS
    head, mark, tail = text.partition(DEADLINES)
    return head + mark if mark and f" {title}: " in tail else text


def forget(apps, schema_editor):
    notices = apps.get_model("meetings", "SessionNotice").objects
    sittings = apps.get_model("meetings", "Sitting").objects
    closed = {}
    for session, title in sittings.filter(closed_doors=True).values_list("session", "title"):
        closed.setdefault(session, []).append(title)
    for notice in notices.order_by("pk"):
        text = without_titles(notice.text)
        for title in closed.get(notice.session_id, ()):
            text = without_sitting(text, title)
        if text != notice.text:
            notice.text = text
            notice.save(update_fields=["text"])


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_session_notice")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]

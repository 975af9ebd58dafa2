from __future__ import annotations

from nghitruong.council.councils.roles import Actor
from nghitruong.session.floor.models import JournalEntry
from nghitruong.session.meetings.models import Sitting
from nghitruong.session.voting import actions as voting


def test_each_step_of_a_poll_is_a_line_in_the_name_of_the_chair(
    opened: Sitting, chair: Actor, clerk: Actor
) -> None:
    poll = voting.prepare_poll(
        opened.current_item, by=clerk, sitting=opened, question="Thông qua chương trình"
    )
    voting.open_poll(poll, by=clerk)
    voting.close_poll(poll, by=chair)
    voting.publish_poll(poll, by=chair)
    lines = JournalEntry.objects.filter(kind__startswith="voting.").order_by("at", "pk")
    kinds = [line.kind for line in lines]
    assert kinds == ["voting.prepared", "voting.opened", "voting.closed", "voting.published"]
    assert "thay mặt Nguyễn Văn An" in lines[1].by_name
    assert lines[2].by_name == "Nguyễn Văn An"
    assert lines[3].item == opened.current_item
    assert lines[3].data["poll"] == str(poll.pk)

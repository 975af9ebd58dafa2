import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from nghitruong.council.councils.models import Membership
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import Refused
from nghitruong.platform.live.models import Event
from nghitruong.session.meetings.models import RollEntry
from nghitruong.session.voting import actions
from nghitruong.session.voting.casting import cast_votes
from nghitruong.session.voting.counting import counts_of
from nghitruong.session.voting.models import Vote
from nghitruong.session.voting.tests.conftest import ballot


def one(poll, person_id, choice, **more):
    return cast_votes([ballot(poll, person_id, choice, **more)], council_id=poll.council_id)[0]


def test_a_vote_is_stored_with_receipt_audit_and_event(poll, cuc):
    answer = one(poll, cuc.id, "yes")
    vote = Vote.objects.get()
    assert (vote.choice, vote.receipt, vote.changes) == ("yes", answer["receipt"], 0)
    assert len(answer["receipt"]) == 12
    entry = Entry.objects.get(action="voting.cast")
    assert (entry.actor_id, entry.target_id) == (cuc.id, poll.pk)
    event = Event.objects.get(stream=f"person:{cuc.id.hex}")
    assert event.data == {"slice": "me", "value": {"vote": answer}}


def test_a_changed_vote_replaces_the_former_and_counts_the_change(poll, cuc):
    first = one(poll, cuc.id, "yes")
    second = one(poll, cuc.id, "no")
    vote = Vote.objects.get()
    assert (vote.choice, vote.changes) == ("no", 1)
    assert second["receipt"] != first["receipt"]


def test_a_double_tap_is_one_vote_with_one_receipt(poll, cuc):
    assert one(poll, cuc.id, "yes") == one(poll, cuc.id, "yes")
    assert Vote.objects.get().changes == 0
    assert Entry.objects.filter(action="voting.cast").count() == 1


def test_two_votes_of_one_person_in_a_batch_are_both_answered_and_the_last_wins(poll, cuc):
    ballots = [ballot(poll, cuc.id, "yes"), ballot(poll, cuc.id, "abstain")]
    first, second = cast_votes(ballots, council_id=poll.council_id)
    assert (first["choice"], first["changes"]) == ("yes", 0)
    assert (second["choice"], second["changes"]) == ("abstain", 1)
    assert Vote.objects.get().choice == "abstain"
    assert Entry.objects.filter(action="voting.cast").count() == 2
    assert Event.objects.filter(stream=f"person:{cuc.id.hex}").count() == 1


def test_who_is_not_in_the_total_does_not_vote(poll, cuc, dung, chair):
    """On the roll, but a delegate of no term: the base of the majority does not have them."""
    Membership.objects.filter(person_id=cuc.id).update(term=None)
    refused = one(poll, cuc.id, "yes")
    assert isinstance(refused, Refused)
    assert refused.code == "not_on_roll"
    assert one(poll, dung.id, "yes")["choice"] == "yes"
    counts = counts_of(actions.close_poll(poll, by=chair))
    assert (counts.in_office, counts.cast) == (14, 1)


def test_a_bad_ballot_falls_alone(poll, cuc, dung, giang):
    ballots = [
        ballot(poll, cuc.id, "maybe"),
        ballot(poll, giang.id, "yes"),
        ballot(poll, dung.id, "no"),
        ballot(poll, cuc.id, ["yes"]),
    ]
    answers = cast_votes(ballots, council_id=poll.council_id)
    assert [getattr(a, "code", "ok") for a in answers] == [
        "choice_unknown",
        "not_on_roll",
        "ok",
        "choice_unknown",
    ]
    assert list(Vote.objects.values_list("person_id", flat=True)) == [dung.id]


def test_an_absent_delegate_is_told_to_check_in(poll, cuc):
    RollEntry.objects.filter(person_id=cuc.id).update(presence="unknown")
    refused = one(poll, cuc.id, "yes")
    assert refused.code == "not_present"
    assert "Hãy bấm «Tôi có mặt», hoặc báo Thư ký nếu điểm danh đã kết thúc" in refused.sentence
    assert not Vote.objects.exists()


def test_a_suspended_delegate_may_not_vote(poll, cuc, dung):
    entry = RollEntry.objects.get(person_id=cuc.id)
    entry.membership.status = "suspended"
    entry.membership.save()
    assert one(poll, cuc.id, "yes").code == "suspended"
    RollEntry.objects.filter(person_id=dung.id).update(entitled=False)
    assert one(poll, dung.id, "yes").code == "suspended"


def test_a_vote_after_the_close_is_not_counted(poll, cuc, chair):
    actions.close_poll(poll, by=chair)
    refused = one(poll, cuc.id, "yes")
    assert refused.sentence == "Phiếu đến sau khi kết thúc biểu quyết, không được tính."
    assert not Vote.objects.exists()


def test_a_vote_before_the_opening_is_refused(prepared, cuc):
    assert one(prepared, cuc.id, "yes").code == "poll_not_open"


def test_a_poll_of_another_sitting_is_unknown(poll, cuc):
    import uuid

    stray = ballot(poll, cuc.id, "yes")
    stray = type(stray)(stray.poll_id, uuid.uuid4(), stray.person_id, "yes", stray.at)
    assert cast_votes([stray], council_id=poll.council_id)[0].code == "poll_unknown"


def test_where_change_is_not_allowed_the_first_choice_stays(poll, cuc):
    poll.allow_change = False
    poll.save(update_fields=["allow_change"])
    first = one(poll, cuc.id, "yes")
    assert one(poll, cuc.id, "no").code == "change_not_allowed"
    assert one(poll, cuc.id, "yes") == first
    assert Vote.objects.get().choice == "yes"


def test_statements_do_not_grow_with_the_batch(poll):
    people = list(RollEntry.objects.values_list("person_id", flat=True))
    with CaptureQueriesContext(
        connection,
    ) as few:
        cast_votes([ballot(poll, people[0], "yes")], council_id=poll.council_id)
    with CaptureQueriesContext(connection) as many:
        cast_votes([ballot(poll, p, "no") for p in people], council_id=poll.council_id)
    assert len(many) == len(few) <= 14


def test_the_database_itself_refuses_a_vote_in_a_poll_not_open(poll, cuc, chair):
    one(poll, cuc.id, "yes")
    actions.close_poll(poll, by=chair)
    vote = Vote.objects.get()
    for change in (
        lambda: Vote.objects.update(choice="no"),
        lambda: vote.delete(),
        lambda: Vote.objects.create(
            council_id=vote.council_id,
            poll_id=vote.poll_id,
            membership=RollEntry.objects.exclude(person_id=cuc.id).first().membership,
            person_id=vote.person_id,
            choice="no",
            cast_at=vote.cast_at,
            receipt="x",
        ),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert Vote.objects.get().choice == "yes"


def test_an_answer_is_a_refusal_or_a_receipt(poll, cuc, giang):
    answers = cast_votes(
        [ballot(poll, cuc.id, "yes"), ballot(poll, giang.id, "yes")], council_id=poll.council_id
    )
    assert [isinstance(a, Refused) for a in answers] == [False, True]


def test_the_audit_chain_verifies_over_votes_written_in_bulk(poll, cuc, dung, council):
    from nghitruong.lib.canonical import canonical
    from nghitruong.platform.audit.sealer import seal_pending
    from nghitruong.platform.audit.verify import verify

    one(poll, cuc.id, "yes")
    one(poll, dung.id, "no", assisted_by="Trần Thị Bình", assisted_reason="máy hỏng")
    seal_pending(everything=True)
    report = verify(council.pk)
    assert report.faults == []
    assert report.head.position >= 4
    payload = Entry.objects.filter(action="voting.cast").first().payload
    assert sorted(payload) == ["changes", "choice", "membership", "receipt"]
    assert canonical(payload)


def test_an_older_tap_that_arrives_late_does_not_replace_a_newer_choice(poll, cuc):
    late = ballot(poll, cuc.id, "yes", seen="")  # tapped first, long on its way
    newer = one(poll, cuc.id, "no", seen="")
    refused = cast_votes([late], council_id=poll.council_id)[0]
    assert refused.code == "vote_moved"
    assert "Không tán thành" in refused.sentence
    assert refused.vote == newer
    assert Vote.objects.get().choice == "no"
    assert Entry.objects.filter(action="voting.cast").count() == 1
    changed = one(poll, cuc.id, "abstain", seen=newer["receipt"])
    assert (changed["choice"], changed["changes"]) == ("abstain", 1)
    again = ballot(poll, cuc.id, "yes", seen=newer["receipt"])  # two changes of the same vote
    assert cast_votes([again], council_id=poll.council_id)[0].code == "vote_moved"


def test_the_same_choice_is_the_same_vote_whatever_the_screen_had_seen(poll, cuc):
    first = one(poll, cuc.id, "yes", seen="")
    assert one(poll, cuc.id, "yes", seen="") == first


def test_two_taps_of_one_screen_in_a_batch_keep_the_first(poll, cuc):
    ballots = [ballot(poll, cuc.id, "yes", seen=""), ballot(poll, cuc.id, "no", seen="")]
    first, second = cast_votes(ballots, council_id=poll.council_id)
    assert (first["choice"], second.code) == ("yes", "vote_moved")
    assert Vote.objects.get().choice == "yes"


def test_a_tap_from_before_a_clerk_entered_the_vote_does_not_undo_it(poll, cuc, clerk):
    entry = RollEntry.objects.get(person_id=cuc.id)
    actions.assist_vote(poll, entry, "no", by=clerk, reason="máy hỏng")
    assert one(poll, cuc.id, "yes", seen="").code == "vote_moved"
    assert Vote.objects.get().choice == "no"


@pytest.mark.parametrize("choice", ["yes", "no"])  # also where the clerk says the same
def test_a_clerk_does_not_replace_the_vote_a_delegate_cast(poll, cuc, clerk, choice):
    own = one(poll, cuc.id, "yes", seen="")
    entry = RollEntry.objects.get(person_id=cuc.id)
    with pytest.raises(Refused) as refused:
        actions.assist_vote(poll, entry, choice, by=clerk, reason="giơ tay")
    assert refused.value.code == "vote_recorded"
    assert entry.name in refused.value.sentence
    assert "Tán thành" in refused.value.sentence
    vote = Vote.objects.get()
    assert (vote.choice, vote.receipt, vote.assisted_by) == ("yes", own["receipt"], "")
    assert Entry.objects.filter(action="voting.cast").count() == 1


def test_a_clerk_corrects_the_vote_a_clerk_entered(poll, cuc, clerk):
    entry = RollEntry.objects.get(person_id=cuc.id)
    actions.assist_vote(poll, entry, "no", by=clerk, reason="máy hỏng")
    actions.assist_vote(poll, entry, "yes", by=clerk, reason="nghe nhầm")
    vote = Vote.objects.get()
    assert (vote.choice, vote.changes, vote.assisted_reason) == ("yes", 1, "nghe nhầm")
    changed = one(poll, cuc.id, "abstain", seen=vote.receipt)  # then the tablet works again
    with pytest.raises(Refused) as refused:
        actions.assist_vote(poll, entry, "yes", by=clerk, reason="máy hỏng")
    assert refused.value.code == "vote_recorded"
    assert Vote.objects.get().receipt == changed["receipt"]


def test_back_to_the_recorded_choice_after_a_tap_without_answer(poll, cuc):
    first = one(poll, cuc.id, "yes", seen="")
    lost = ballot(poll, cuc.id, "no", seen=first["receipt"])  # never answered
    again = one(poll, cuc.id, "yes", seen=first["receipt"], anew=True)
    assert again["receipt"] != first["receipt"]
    assert cast_votes([lost], council_id=poll.council_id)[0].code == "vote_moved"
    assert Vote.objects.get().choice == "yes"

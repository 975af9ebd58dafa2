import pytest

from nghitruong.council.councils.actions import set_function
from nghitruong.council.councils.models import Function
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper, PaperState
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import NotAllowed, Refused
from nghitruong.session.meetings.models import AgendaItem, AgendaPaper, RollEntry, Sitting
from nghitruong.session.voting import actions, queries, slices
from nghitruong.session.voting.forms import PrepareForm
from nghitruong.session.voting.models import Poll
from nghitruong.session.voting.profile import majorities
from nghitruong.session.voting.signals import poll_moved
from nghitruong.session.voting.tests.conftest import add_version


def test_a_prepared_poll_is_tied_to_one_text_and_one_rule(prepared, draft):
    assert (prepared.state, prepared.number) == ("prepared", 1)
    assert (prepared.version_id, prepared.text_sha256) == (draft.pk, draft.sha256)
    assert prepared.rule["numerator"] == 1
    assert prepared.rule["strict"] is True
    assert "Điều 35" in prepared.rule["article"]


def test_the_same_vote_asked_for_twice_is_prepared_once(prepared, item, hall, draft, chair, clerk):
    again = actions.prepare_poll(item, by=clerk, sitting=hall, version=draft)
    assert again.pk == prepared.pk
    assert Poll.objects.count() == 1
    other = actions.prepare_poll(item, by=chair, sitting=hall, version=draft, question="Điều 4")
    assert other.number == 2
    actions.open_poll(prepared, by=chair)
    assert actions.prepare_poll(item, by=chair, sitting=hall, version=draft).number == 3


def test_a_vote_to_be_held_again_is_prepared_once_too(poll, item, hall, draft, chair, clerk):
    again = actions.annul_poll(poll, by=chair, reason="nhầm bản dự thảo", repeat=True)
    asked = actions.prepare_poll(item, by=clerk, sitting=hall, version=draft)
    assert (asked.pk, asked.repeats_id) == (again.pk, poll.pk)


def test_the_recall_of_a_delegate_needs_two_thirds(item, hall, chair):
    poll = actions.prepare_poll(
        item,
        by=chair,
        sitting=hall,
        rule_key="vote.recall_majority",
        open_basis="Nghị quyết số 12/NQ-HĐND",
    )
    assert (poll.rule["numerator"], poll.rule["denominator"], poll.rule["strict"]) == (2, 3, False)


@pytest.mark.parametrize("key", ["vote.recall_majority", "vote.officer_removal_majority"])
def test_a_matter_of_secret_ballot_is_put_to_a_named_vote_only_on_a_stated_basis(
    item, hall, chair, key
):
    with pytest.raises(Refused) as refused:
        actions.prepare_poll(item, by=chair, sitting=hall, rule_key=key, open_basis="  ")
    assert refused.value.code == "secret_by_law"
    assert "104/2025" in refused.value.article
    assert not Poll.objects.exists()
    poll = actions.prepare_poll(
        item, by=chair, sitting=hall, rule_key=key, open_basis="Quy chế,  Điều 9"
    )
    poll = actions.open_poll(poll, by=chair)
    again = actions.annul_poll(poll, by=chair, reason="bấm nhầm", repeat=True)
    poll = actions.close_poll(actions.open_poll(again, by=chair), by=chair)
    assert poll.open_basis == poll.record["poll"]["open_basis"] == "Quy chế, Điều 9"
    for entry in Entry.objects.filter(action="voting.prepared"):
        assert entry.payload["open_basis"] == "Quy chế, Điều 9"


def test_an_ordinary_matter_keeps_no_basis(item, hall, chair):
    poll = actions.prepare_poll(item, by=chair, sitting=hall, open_basis="thừa")
    assert poll.open_basis == ""


@pytest.mark.parametrize("placed", [True, False], ids=["another sitting", "no sitting"])
def test_only_an_item_of_the_sitting_is_prepared_the_hall_goes_to_no_other(
    item, hall, chair, browser, placed
):
    second = Sitting.objects.create(
        council_id=hall.council_id,
        session=hall.session,
        number=2,
        kind=hall.kind,
        title="Phiên toàn thể thứ hai",
        starts_at=hall.starts_at,
    )
    other = AgendaItem.objects.create(
        council_id=hall.council_id,
        session=hall.session,
        sitting=second if placed else None,
        order=5,
        kind="decision",
        title="Nghị quyết của phiên khác",
    )
    offered = list(PrepareForm(hall).fields["item"].queryset)
    assert item in offered
    assert other not in offered
    with pytest.raises(Refused) as refused:
        actions.prepare_poll(other, by=chair, sitting=hall)
    assert refused.value.code == "item_not_in_sitting"
    assert "«Chương trình»" in refused.value.sentence
    answer = browser(chair).post(  # from a page that still offered it
        f"/{hall.council.slug}/ky-hop/{hall.session.number}/phien/1/bieu-quyet/chuan-bi/",
        {"item": str(other.pk)},
        HTTP_ACCEPT="application/json",
    )
    assert answer.status_code == 422
    assert "«Chương trình»" in answer.json()["message"]
    assert not Poll.objects.exists()


def test_an_item_put_into_another_sitting_is_not_prepared_again(prepared, item, hall, chair):
    AgendaItem.objects.filter(pk=item.pk).update(sitting=None)
    with pytest.raises(Refused) as refused:
        actions.prepare_again(prepared, by=chair)
    assert refused.value.code == "item_not_in_sitting"


def test_a_ratio_nobody_can_reach_is_refused_in_words_and_breaks_no_page(hall, item, chair):
    rules = hall.session.profile["rules"]
    rules["vote.majority"]["value"] = "1/1"
    hall.session.save(update_fields=["profile"])
    assert "vote.majority" not in [key for key, _rule, _title in majorities(hall.session.profile)]
    assert "rule" in PrepareForm(hall).fields
    with pytest.raises(Refused) as refused:
        actions.prepare_poll(item, by=chair, sitting=hall)
    assert refused.value.code == "rule_unusable"


def test_a_delegate_may_not_prepare(item, hall, cuc):
    with pytest.raises(NotAllowed):
        actions.prepare_poll(item, by=cuc, sitting=hall)


def test_a_clerk_prepares_in_the_chairs_name(item, hall, clerk, chair):
    actions.prepare_poll(item, by=clerk, sitting=hall)
    entry = Entry.objects.get(action="voting.prepared")
    assert (entry.actor_id, entry.on_behalf) == (clerk.id, chair.name)


def test_not_in_the_name_of_a_chair_who_is_away(item, hall, clerk, chair):
    RollEntry.objects.filter(person_id=chair.id).update(presence="excused")
    actions.prepare_poll(item, by=clerk, sitting=hall)
    assert Entry.objects.get(action="voting.prepared").on_behalf == "Chủ tọa"


def test_a_text_that_is_not_of_the_item_is_refused(item, hall, draft, chair):
    item.item_papers.all().delete()
    with pytest.raises(Refused) as refused:
        actions.prepare_poll(item, by=chair, sitting=hall, version=draft)
    assert refused.value.code == "text_elsewhere"


def test_replacing_the_text_blocks_opening_until_it_is_prepared_again(prepared, draft, chair):
    add_version(draft.paper, 2)
    with pytest.raises(Refused) as refused:
        actions.open_poll(prepared, by=chair)
    assert refused.value.code == "text_replaced"
    assert "bản 2" in refused.value.sentence
    again = actions.prepare_again(prepared, by=chair)
    assert again.text_sha256 == f"{2:064x}"
    assert actions.open_poll(again, by=chair).state == "open"


NOT_WITH_THE_DELEGATES = [
    (PaperState.WITHDRAWN, "text_withdrawn", "đã rút"),
    (PaperState.DRAFT, "text_not_sent", "chưa gửi đại biểu"),
]


@pytest.mark.parametrize(("state", "code", "words"), NOT_WITH_THE_DELEGATES)
def test_a_text_the_delegates_do_not_have_is_not_put_to_the_vote(
    item, hall, draft, chair, state, code, words
):
    Paper.objects.update(state=state)
    with pytest.raises(Refused) as refused:
        actions.prepare_poll(item, by=chair, sitting=hall, version=draft)
    assert refused.value.code == code
    assert words in refused.value.sentence
    assert draft.paper.title in refused.value.sentence
    assert not Poll.objects.exists()


@pytest.mark.parametrize(("state", "code", "words"), NOT_WITH_THE_DELEGATES)
def test_a_text_withdrawn_after_it_was_prepared_is_not_opened(
    prepared, draft, chair, state, code, words
):
    Paper.objects.update(state=state)
    for step in (actions.open_poll, actions.prepare_again):
        with pytest.raises(Refused) as refused:
            step(prepared, by=chair)
        assert refused.value.code == code
        assert words in refused.value.sentence
    assert Poll.objects.get().state == "prepared"
    actions.annul_poll(prepared, by=chair, reason="văn bản đã rút")  # the way out it names


def test_a_vote_is_not_repeated_on_a_text_withdrawn_meanwhile(poll, draft, chair):
    again = actions.annul_poll(poll, by=chair, reason="bấm nhầm", repeat=True)
    Paper.objects.update(state=PaperState.WITHDRAWN)
    with pytest.raises(Refused) as refused:
        actions.open_poll(again, by=chair)
    assert refused.value.code == "text_withdrawn"


def test_the_draft_that_is_offered_is_the_one_the_delegates_have(item, draft, hall, chair):
    def code():
        version = queries.newest_draft(item)
        with pytest.raises(Refused) as refused:
            actions.prepare_poll(item, by=chair, sitting=hall, version=version)
        return refused.value.code

    # Without any that they have, nothing is voted on silently: it is said why not.
    Paper.objects.filter(pk=draft.paper_id).update(state=PaperState.WITHDRAWN)
    assert code() == "text_withdrawn"
    Paper.objects.filter(pk=draft.paper_id).update(state=PaperState.DRAFT)
    assert code() == "text_not_sent"
    paper = Paper.objects.create(
        council_id=item.council_id, kind="draft_resolution", title="Dự thảo thay thế"
    )
    AgendaPaper.objects.create(council_id=item.council_id, item=item, paper=paper, order=2)
    other = add_version(paper, 1)
    Paper.objects.filter(pk=paper.pk).update(state=PaperState.RELEASED)
    assert queries.newest_draft(item) == other


def test_opening_tells_the_hall_and_the_chair(poll, hall):
    shown = slices.poll_slice(hall.pk)
    assert (shown["state"], shown["electors"]) == ("open", RollEntry.objects.count())
    assert [o["label"] for o in shown["options"]] == [
        "Tán thành",
        "Không tán thành",
        "Không biểu quyết",
    ]
    tally = slices.tally(hall.pk)
    assert tally["missing"] == tally["needed"] == RollEntry.objects.count() // 2 + 1


def test_one_poll_at_a_time(poll, item, hall, chair):
    second = actions.prepare_poll(item, by=chair, sitting=hall, question="Chương trình kỳ họp")
    with pytest.raises(Refused) as refused:
        actions.open_poll(second, by=chair)
    assert refused.value.code == "other_poll_open"
    assert poll.question in refused.value.sentence


def test_no_vote_begins_before_the_last_one_is_announced(poll, item, hall, chair):
    """The screens show the poll opened last: a result announced after it would reach none."""
    second = actions.prepare_poll(item, by=chair, sitting=hall, question="Chương trình kỳ họp")
    poll = actions.close_poll(poll, by=chair)
    with pytest.raises(Refused) as refused:
        actions.open_poll(second, by=chair)
    assert refused.value.code == "poll_not_announced"
    assert poll.question in refused.value.sentence
    actions.publish_poll(poll, by=chair)
    assert slices.result_slice(hall.pk)["poll_id"] == str(poll.pk)
    assert actions.open_poll(second, by=chair).state == "open"


def test_a_vote_is_of_the_item_the_hall_is_at(prepared, item, hall, chair):
    """The screens show that item's result: another one's would be announced to a blank wall."""
    other = hall.items.exclude(pk=item.pk).first()
    assert other is not None
    for place in (other, None):  # nor before the first item: its doors are not shut yet
        Sitting.objects.filter(pk=hall.pk).update(current_item=place)
        with pytest.raises(Refused) as refused:
            actions.open_poll(prepared, by=chair)
        assert refused.value.code == "not_the_item"
    Sitting.objects.filter(pk=hall.pk).update(current_item=item)
    assert actions.open_poll(prepared, by=chair).state == "open"


def test_a_vote_does_not_begin_on_an_item_that_went_to_another_sitting(prepared, item, hall, chair):
    AgendaItem.objects.filter(pk=item.pk).update(sitting=None)
    with pytest.raises(Refused) as refused:
        actions.open_poll(prepared, by=chair)
    assert refused.value.code == "item_not_in_sitting"
    with pytest.raises(Refused) as refused:  # also with the item as it was on the form
        actions.prepare_poll(item, by=chair, sitting=hall)
    assert refused.value.code == "item_not_in_sitting"


@pytest.mark.parametrize("state", ["planned", "suspended", "closed"])
def test_only_an_open_sitting_votes(prepared, hall, chair, state):
    hall.state = state
    hall.save(update_fields=["state"])
    with pytest.raises(Refused) as refused:
        actions.open_poll(prepared, by=chair)
    assert refused.value.code == "sitting_not_open"


def test_a_council_that_switched_voting_off_opens_no_vote(prepared, council, chair):
    """Also for a request that was past the door before the switch."""
    set_function(Function.VOTING, False, by=Actor.system(council))
    with pytest.raises(Refused) as refused:
        actions.open_poll(prepared, by=chair)
    assert refused.value.code == "function_off"
    assert Poll.objects.get().state == "prepared"


def test_nobody_present_no_vote(prepared, chair):
    RollEntry.objects.update(presence="unknown")
    with pytest.raises(Refused) as refused:
        actions.open_poll(prepared, by=chair)
    assert refused.value.code == "nobody_present"


def test_an_open_poll_cannot_be_opened_again(poll, chair):
    with pytest.raises(Refused) as refused:
        actions.open_poll(poll, by=chair)
    assert refused.value.code == "poll_open"


def test_a_receiver_that_fails_undoes_the_whole_step(prepared, chair):
    def fail(**kwargs):
        raise RuntimeError("nhật ký phiên họp hỏng")

    poll_moved.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            actions.open_poll(prepared, by=chair)
    finally:
        poll_moved.disconnect(fail)
    assert Poll.objects.get().state == "prepared"

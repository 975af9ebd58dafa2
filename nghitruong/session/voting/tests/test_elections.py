"""At an election only what goes with it is voted on here; the election itself is by ballot."""

import pytest

from nghitruong.platform.errors import Refused
from nghitruong.session.meetings.models import AgendaItem, ItemKind
from nghitruong.session.voting import actions, slices
from nghitruong.session.voting.forms import PrepareForm
from nghitruong.session.voting.models import Poll


@pytest.fixture
def election(item):
    item.kind = ItemKind.ELECTION
    item.title = "Bầu bổ sung 01 Phó Chủ tịch UBND tỉnh"
    item.save()
    return item


@pytest.mark.parametrize(
    "question",
    [
        "",
        "  ",
        "bầu bổ sung  01 Phó chủ tịch UBND Tỉnh",
        "Bầu bổ sung 01 Phó Chủ tịch UBND tỉnh.",
        "Bầu ông Giàng A Dũng giữ chức Phó Chủ tịch UBND tỉnh",
        "Bầu các Ủy viên UBND theo danh sách do Chủ tịch UBND giới thiệu",
        "Cho ông Trần Thế Lệ giữ chức Phó Chủ tịch UBND tỉnh",
    ],
)
def test_an_election_itself_is_not_voted_on_by_name(election, hall, chair, question):
    with pytest.raises(Refused) as refused:
        actions.prepare_poll(election, by=chair, sitting=hall, question=question)
    assert refused.value.code == "election_by_ballot"
    assert "phiếu giấy" in refused.value.sentence
    assert "«Diễn biến»" in refused.value.sentence
    assert "Điều 16" in refused.value.article
    assert not Poll.objects.exists()


def test_what_goes_with_an_election_is_voted_on_with_a_question_of_its_own(election, hall, chair):
    poll = actions.prepare_poll(
        election, by=chair, sitting=hall, question="Thông qua danh sách để bầu"
    )
    assert actions.open_poll(poll, by=chair).state == "open"


def test_a_title_that_names_the_resolution_too_is_still_the_election(election, hall, chair):
    election.title = "Bầu bổ sung Phó Chủ tịch UBND; thông qua Nghị quyết xác nhận kết quả bầu"
    election.save()
    for question in ("", election.title):
        with pytest.raises(Refused) as refused:
            actions.prepare_poll(election, by=chair, sitting=hall, question=question)
        assert refused.value.code == "election_by_ballot"


def test_tellers_are_voted_on_openly_also_where_they_are_the_item(election, hall, chair):
    election.title = "Bầu Ban kiểm phiếu"
    election.save()
    poll = actions.prepare_poll(election, by=chair, sitting=hall)
    assert (poll.question, poll.open_basis) == ("Bầu Ban kiểm phiếu", "")


def test_another_question_beside_an_election_needs_a_basis_that_is_kept(election, hall, chair):
    poll = actions.prepare_poll(
        election, by=chair, sitting=hall, question="Cho hoãn việc bầu", open_basis="Quy chế, Điều 9"
    )
    assert poll.open_basis == "Quy chế, Điều 9"
    assert actions.open_poll(poll, by=chair).state == "open"


@pytest.mark.parametrize(
    ("question", "tied"),
    [
        ("Thông qua danh sách để bầu", False),
        ("Thông qua Nghị quyết xác nhận kết quả bầu", True),
    ],
)
def test_the_list_is_not_announced_as_the_resolution_after_the_election(
    election, hall, chair, draft, question, tied
):
    poll = actions.prepare_poll(election, by=chair, sitting=hall, question=question, version=draft)
    assert (poll.version_id == draft.pk, bool(poll.text_sha256)) == (tied, tied)
    actions.close_poll(actions.open_poll(poll, by=chair), by=chair)
    poll.refresh_from_db()
    assert slices.sentence_of(poll).count("Nghị quyết") == (1 if tied else 0)


def test_a_poll_whose_item_became_an_election_does_not_begin(item, hall, chair):
    prepared = actions.prepare_poll(item, by=chair, sitting=hall, question="Giàng A Dũng")
    AgendaItem.objects.filter(pk=item.pk).update(kind=ItemKind.ELECTION)
    with pytest.raises(Refused) as refused:
        actions.open_poll(prepared, by=chair)
    assert refused.value.code == "election_by_ballot"


def test_the_form_says_beside_an_election_that_it_is_by_ballot(election, hall, chair, browser):
    choices = dict(PrepareForm(hall).fields["item"].choices)
    assert "phiếu giấy" in choices[election.pk]
    assert sum("phiếu giấy" in str(words) for words in choices.values()) == 1
    page = f"/{hall.council.slug}/ky-hop/{hall.session.number}/phien/1/bieu-quyet/"
    assert "Điều 16" in browser(chair).get(page).content.decode()
    answer = browser(chair).post(
        f"{page}chuan-bi/", {"item": str(election.pk)}, HTTP_ACCEPT="application/json"
    )
    assert answer.status_code == 422
    assert "phiếu kín" in answer.json()["message"]

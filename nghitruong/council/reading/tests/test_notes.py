"""Notes: on every device of one person, once, and nowhere else."""

from __future__ import annotations

import io
import random
import uuid

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from nghitruong.council.councils.models import Membership, Organization
from nghitruong.council.papers import actions as papers_actions
from nghitruong.council.papers.models import PaperVersion
from nghitruong.council.reading import actions, changes, facts, queries
from nghitruong.council.reading.models import Annotation
from nghitruong.council.reading.tests.conftest import DEVICE, OTHER, highlight, ink, note
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.errors import Refused
from nghitruong.platform.live import api as live
from nghitruong.platform.live.models import Event


@pytest.fixture
def url(council, paper):
    return reverse("reading:notes", args=[council.slug, paper.pk, 1])


def put(client, url, *sent, since=0):
    body = {"since": since, "changes": list(sent)}
    answer = client.post(url, body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def texts(answer):
    return [one["text"] for one in answer["changes"] if not one["removed"]]


def test_a_note_sent_twice_is_kept_once_and_found_by_the_other_tablet(cast, signed_in, url):
    client = signed_in(cast.delegates[0])
    first = note("Mức chi?")
    assert texts(put(client, url, first)) == ["Mức chi?"]
    again = put(client, url, first)  # the answer was lost
    assert (again["cursor"], Annotation.objects.count()) == (1, 1)
    put(client, url, note("Căn cứ?", device=OTHER))
    assert texts(client.get(url, {"since": 1}).json()) == ["Căn cứ?"]
    assert client.get(url, {"since": 2}).json()["changes"] == []
    # A cursor of a database that was put back starts from nothing.
    assert texts(client.get(url, {"since": 99}).json()) == ["Mức chi?", "Căn cứ?"]


def test_a_note_of_another_text_is_told_and_not_lost_without_a_word(
    cast, signed_in, url, paper, version
):
    client = signed_in(cast.delegates[0])
    second = PaperVersion.objects.get(pk=version.pk)
    second.pk, second.number, second.sha256 = None, 2, "b" * 64
    second.save(force_insert=True)
    key = str(uuid.uuid4())
    put(client, url, note("Bản một", key=key))
    answer = put(client, url.replace("/1/", "/2/"), note("Bản hai", key=key, clock=9), note("Khác"))
    assert [(one["id"], one["code"]) for one in answer["refused"]] == [(key, "note_elsewhere")]
    assert texts(answer) == ["Khác"]
    assert Annotation.objects.get(key=key).text == "Bản một"
    with pytest.raises(Refused, match="note_elsewhere"):
        actions.put_changes(
            second, [changes.read(note("x", key=key, clock=10), pages=9)], by=cast.delegates[0]
        )


def test_notes_of_one_person_never_land_in_the_notebook_of_the_next(cast, signed_in, url):
    """A shared tablet: the page of the first is still open when the second signs in."""
    first, second = cast.delegates[:2]
    client = signed_in(second)
    body = {"since": 0, "changes": [note("Của người trước")]}
    answer = client.post(
        url, body, content_type="application/json", headers={"X-Person": str(first.person_id)}
    )
    assert answer.status_code == 403  # the device keeps what it has
    assert Annotation.objects.count() == 0
    answer = client.post(
        url, body, content_type="application/json", headers={"X-Person": str(second.person_id)}
    )
    assert texts(answer.json()) == ["Của người trước"]


def test_of_two_changes_the_later_clock_stays_whatever_the_order(cast, version):
    """Any order, any repetition of the same changes ends the same."""
    cuc = cast.delegates[0]
    chance = random.Random(11)
    ends = set()
    for _ in range(6):
        key = uuid.uuid4()
        sent = [
            note("cũ", key=key, clock=1),
            note("máy A", key=key, clock=4, device=DEVICE),
            note("máy B", key=key, clock=4, device=OTHER),
            note("", key=key, clock=3, removed=True),
        ] * 2
        chance.shuffle(sent)
        for one in sent:
            actions.put_changes(version, [changes.read(one, pages=9)], by=cuc)
        kept = Annotation.objects.get(key=key)
        ends.add((kept.text, kept.clock, kept.removed))
    assert ends == {("máy B", 4, False)}
    numbers = list(Annotation.objects.order_by("seq").values_list("seq", flat=True))
    assert len(set(numbers)) == len(numbers)


def test_a_removed_note_leaves_no_word_behind(cast, signed_in, url):
    client = signed_in(cast.delegates[0])
    first = highlight()
    put(client, url, first)
    put(client, url, {**first, "clock": 2, "removed": True})
    kept = Annotation.objects.get()
    assert (kept.removed, kept.text, kept.data) == (True, "", {})
    assert client.get(url, {"since": 1}).json()["changes"][0]["removed"] is True


def test_nobody_else_sees_a_note_whatever_their_role(cast, council, signed_in, paper, url):
    mine = put(signed_in(cast.delegates[0]), url, note("Riêng tôi"))["changes"][0]["id"]
    share = reverse("reading:share", args=[council.slug, paper.pk, 1, mine])
    reader = reverse("papers:paper", args=[council.slug, paper.pk])
    for actor in (cast.delegates[1], cast.chair, cast.clerk, cast.admin):
        client = signed_in(actor)
        answer = client.get(url)
        assert answer.json()["changes"] == answer.json()["shared"] == []
        assert "Riêng tôi" not in client.get(reader).content.decode()
        body = {"body": None}
        assert client.post(share, body, content_type="application/json").status_code == 404
        # The same key from another person is another note.
        put(client, url, note("Của người khác", key=mine, clock=9))
    assert Annotation.objects.get(person=cast.delegates[0].person).text == "Riêng tôi"
    assert not Entry.objects.filter(action__startswith="reading.").exists()
    told = Event.objects.filter(stream__startswith="doorbell:").values_list("data", flat=True)
    assert told
    assert not any("Riêng" in str(data) for data in told)


@pytest.fixture
def group(cast, council):
    """A Tổ with two of the delegates."""
    group = Organization.objects.create(
        council=council, kind="delegate_group", code="to-thu", name="Tổ thử", fold="to thu"
    )
    for actor in cast.delegates[:2]:
        Membership.objects.create(
            council=council,
            person=actor.person,
            organization=group,
            post="group_member",
            post_label="Thành viên",
            starts_on=timezone.localdate(),
        )
    return group


def test_a_shared_note_is_the_groups_until_it_is_taken_back(
    cast, council, signed_in, paper, url, group
):
    client = signed_in(cast.delegates[0])
    mine = put(client, url, note("Cùng xem Điều 4"))["changes"][0]
    share = reverse("reading:share", args=[council.slug, paper.pk, 1, mine["id"]])

    def post(body, client=client):
        signed_in(cast.delegates[0])
        return client.post(share, {"body": body}, content_type="application/json")

    foreign = Organization.objects.filter(kind="plenary").get()
    assert post(str(foreign.pk)).status_code == 403  # the whole council is not a Tổ
    assert post(str(group.pk)).json()["changes"][0]["shared"] == "Tổ thử"
    seen = signed_in(cast.delegates[1]).get(url).json()
    assert [(one["text"], one["by"]) for one in seen["shared"]] == [
        ("Cùng xem Điều 4", cast.delegates[0].person.full_name)
    ]
    assert seen["changes"] == []
    for actor in (cast.delegates[2], cast.chair, cast.clerk):
        assert signed_in(actor).get(url).json()["shared"] == []
    bell = live.doorbell_stream(cast.delegates[1].person.pk)
    rung = Event.objects.filter(stream=bell)
    assert rung.exclude(type="notices.moved").count() == 1  # the paper's release rang it too
    entry = Entry.objects.get(action="reading.share")
    assert "Điều 4" not in str(entry.payload)
    assert post(None).status_code == 200
    assert signed_in(cast.delegates[1]).get(url).json()["shared"] == []
    # A removed note is nobody's.
    post(str(group.pk))
    put(signed_in(cast.delegates[0]), url, {**mine, "clock": 7, "removed": True})
    assert signed_in(cast.delegates[1]).get(url).json()["shared"] == []


def test_who_left_the_group_sees_nothing_any_more(cast, council, signed_in, paper, url, group):
    own = put(signed_in(cast.delegates[0]), url, note("Việc của Tổ"))["changes"][0]
    share = reverse("reading:share", args=[council.slug, paper.pk, 1, own["id"]])
    signed_in(cast.delegates[0]).post(
        share, {"body": str(group.pk)}, content_type="application/json"
    )
    Membership.objects.filter(organization=group, person=cast.delegates[1].person).delete()
    assert signed_in(cast.delegates[1]).get(url).json()["shared"] == []


@pytest.mark.parametrize(
    "broken",
    [
        {"id": "x"},
        {"kind": "script"},
        {"page": 10},
        {"page": True},
        {"data": {"at": [0.1]}},
        {"data": {"at": [float("1e400"), 0]}},
        {"data": []},
        {"clock": 0},
        {"clock": 2**60},
        {"text": 5},
        {"text": "a" * 4001},
        {"text": "\x00"},
        {"device": "<b>"},
        {"kind": "highlight", "data": {"quads": [], "colour": "yellow"}},
        {"kind": "highlight", "data": {"quads": [[0, 0, 1, 1]], "colour": "url(x)"}},
        {"kind": "ink", "data": {"strokes": [[0, 0, 1]], "width": 0.01, "colour": "blue"}},
    ],
)
def test_what_is_no_note_is_refused_alone(broken):
    with pytest.raises(Refused):
        changes.read({**note(), **broken}, pages=9)


def test_a_bad_note_does_not_hold_up_the_others(cast, signed_in, url):
    answer = put(signed_in(cast.delegates[0]), url, note(kind="?"), note("Còn lại"))
    assert texts(answer) == ["Còn lại"]
    assert [one["code"] for one in answer["refused"]] == ["bad_note"]
    client = signed_in(cast.delegates[0])
    many = {"since": 0, "changes": [{}] * 201}
    assert client.post(url, many, content_type="application/json").status_code == 413
    assert client.post(url, "[]", content_type="application/json").status_code == 400


def test_the_copy_with_notes_is_a_pdf_of_real_annotations(cast, council, signed_in, paper, url):
    client = signed_in(cast.delegates[0])
    mark = note("Chỗ cần hỏi", kind="bookmark", data={}, page=7)
    put(client, url, note("Ý kiến của tôi"), highlight(), ink(page=3), mark)
    answer = client.get(reverse("reading:export", args=[council.slug, paper.pk, 1]))
    assert "ghi-chu.pdf" in answer["Content-Disposition"]
    with pikepdf.open(io.BytesIO(b"".join(answer.streaming_content))) as pdf:
        found = {str(one.Subtype): one for one in pdf.pages[1].Annots}
        assert set(found) == {"/Text", "/Highlight"}
        assert str(found["/Text"].Contents) == "Ý kiến của tôi"
        quad = [float(number) for number in found["/Highlight"].QuadPoints]
        assert quad[:2] == pytest.approx([59.5, 842 * 0.9])
        assert quad[6:] == pytest.approx([59.5 * 6, 842 * 0.88])
        assert "/N" in found["/Highlight"].AP
        assert str(pdf.pages[2].Annots[0].Subtype) == "/Ink"
        with pdf.open_outline() as outline:
            assert [one.title for one in outline.root[-1].children] == ["Chỗ cần hỏi"]
    stored = PaperVersion.objects.get()
    whole = client.get(reverse("papers:file", args=[council.slug, paper.pk, 1]))
    assert len(b"".join(whole.streaming_content)) == stored.size  # the paper itself is untouched
    empty = signed_in(cast.delegates[1]).get(
        reverse("reading:export", args=[council.slug, paper.pk, 1])
    )
    assert empty.status_code == 409


def test_the_office_learns_how_many_opened_a_paper_and_never_who(
    cast, council, signed_in, paper, monkeypatch
):
    details = reverse("papers:details", args=[council.slug, paper.pk])
    total = len(cast.delegates)
    opened, everybody = queries.openings(paper)
    assert opened == 0
    remember = reverse("papers:remember", args=[council.slug, paper.pk, 1])
    for actor in (cast.delegates[0], cast.delegates[0], cast.delegates[1], cast.clerk):
        signed_in(actor).post(remember, {"page": 1}, content_type="application/json")
    assert queries.openings(paper) == (2, everybody)
    assert everybody >= total
    # Of so few a number would be a name.
    assert "đại biểu (không" not in signed_in(cast.clerk).get(details).content.decode()
    monkeypatch.setattr(facts, "FEWEST", 2)
    page = signed_in(cast.clerk).get(details).content.decode()
    assert f"2/{everybody} đại biểu" in page
    assert cast.delegates[0].person.full_name not in page
    assert signed_in(cast.delegates[0]).get(details).status_code == 403


def test_a_paper_found_to_be_secret_takes_its_notes_along(cast, signed_in, paper, url):
    put(signed_in(cast.delegates[0]), url, highlight())
    papers_actions.expunge_secret(paper, "confidential", by=cast.clerk)
    assert not Annotation.objects.exists()

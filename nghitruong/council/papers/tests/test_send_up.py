"""Copies of papers go up or down with a letter; nothing else of the council does."""

import pytest
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from nghitruong.council.councils.models import Transfer
from nghitruong.council.councils.tests.factories import (
    make_cast,
    make_commune_council,
    make_council,
)
from nghitruong.council.papers.models import Paper, PaperState, PaperVersion
from nghitruong.platform.audit.models import Entry
from nghitruong.platform.files import store

pytestmark = pytest.mark.django_db


@pytest.fixture
def sides(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    up, down = make_council(), make_commune_council()
    return up, make_cast(up, accounts=True), down, make_cast(down, accounts=True)


def paper(council, title, content, state=PaperState.RELEASED):
    sha256, size = store.put([content])
    with scope(council=council.pk):
        row = Paper.objects.create(council=council, kind="report", title=title, state=state)
        return PaperVersion.objects.create(
            council=council,
            paper=row,
            number=1,
            sha256=sha256,
            size=size,
            media_type="application/pdf",
            file_name=f"{title}.pdf",
        )


def test_a_letter_with_a_copy_is_sent_read_and_received(client, sides):
    up, above, down, below = sides
    version = paper(down, "Nghị quyết dự toán", b"%PDF-1.4 du toan")
    draft = paper(down, "Bản nháp", b"%PDF-1.4 nhap", PaperState.DRAFT)
    other = paper(up, "Của tỉnh", b"%PDF-1.4 tinh")
    client.force_login(below.clerk.account)
    page = reverse("councils:send", args=[down.slug])
    body = client.get(page).content.decode()
    assert "Nghị quyết dự toán" in body
    assert "Bản nháp" not in body
    assert "Của tỉnh" not in body
    data = {"receiver": str(up.pk), "subject": "Gửi nghị quyết", "text": "Kính gửi"}
    for foreign in (draft, other):  # what was not offered is not sent
        answer = client.post(page, {**data, "attachments": [str(foreign.pk)]})
        assert answer.status_code == 200
    assert not Transfer.objects.exists()
    answer = client.post(page, {**data, "attachments": [str(version.pk)]})
    assert answer.status_code == 302
    sent = Transfer.objects.get()
    client.force_login(above.clerk.account)
    letter = reverse("councils:transfer", args=[up.slug, sent.pk])
    assert "Nghị quyết dự toán" in client.get(letter).content.decode()
    file = reverse("councils:transfer_file", args=[up.slug, sent.pk, 1])
    assert b"".join(client.get(file).streaming_content) == b"%PDF-1.4 du toan"
    beyond = reverse("councils:transfer_file", args=[up.slug, sent.pk, 2])
    assert client.get(beyond).status_code == 404
    # The sender's own page of the paper stays closed: only the copy was sent.
    assert client.get(reverse("papers:paper", args=[up.slug, version.paper_id])).status_code == 404
    client.post(reverse("councils:receive", args=[up.slug, sent.pk]))
    client.force_login(below.clerk.account)
    letter = reverse("councils:transfer", args=[down.slug, sent.pk])
    assert "Đã nhận" in client.get(letter).content.decode()
    with scopes_disabled():
        acts = Entry.objects.filter(action__contains="transfer")
        logged = set(acts.values_list("council_id", "action"))
    assert logged == {
        (down.pk, "councils.send_transfer"),
        (up.pk, "councils.transfer_arrived"),
        (up.pk, "councils.receive_transfer"),
        (down.pk, "councils.receive_transfer"),
    }
    client.force_login(above.delegates[0].account)
    letter = reverse("councils:transfer", args=[up.slug, sent.pk])
    assert client.get(letter).status_code == 403

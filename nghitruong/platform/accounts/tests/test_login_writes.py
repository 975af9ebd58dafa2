"""A hall signs in while it votes: each write of a sign-in stands in the votes' way."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nghitruong.platform.accounts.models import Account


@pytest.mark.django_db(transaction=True)
def test_a_sign_in_writes_twice_and_no_more(client, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    account = Account.objects.create_user(username="an", password="Hội trường 125")
    with CaptureQueriesContext(connection) as queries:
        answer = client.post("/tai-khoan/dang-nhap/", {"login": "an", "password": "Hội trường 125"})
    assert answer.status_code == 302
    account.refresh_from_db()
    assert account.last_login is not None
    inside, transactions, alone = False, 0, []
    for query in queries.captured_queries:
        word = query["sql"].split()[0].upper()
        if word == "BEGIN":
            inside, transactions = True, transactions + 1
        elif word in {"COMMIT", "ROLLBACK"}:
            inside = False
        elif word in {"INSERT", "UPDATE", "DELETE"} and not inside:
            alone.append(query["sql"])
    assert (transactions, alone) == (2, [])  # who signed in; what the answer's session holds

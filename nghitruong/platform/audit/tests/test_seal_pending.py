"""Two sealers at once never fork a chain."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection
from django_scopes import scope

from nghitruong.platform.audit import api
from nghitruong.platform.audit.models import Seal
from nghitruong.platform.audit.sealer import head, seal_pending
from nghitruong.platform.audit.verify import verify

COUNCIL = uuid.UUID("01900000-0000-7000-8000-000000000001")


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_writers_and_three_sealers_at_once_make_one_chain_without_gap() -> None:
    stop = threading.Event()
    failures: list[BaseException] = []

    def sealing() -> None:
        try:
            while not stop.is_set():
                seal_pending()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    def writing() -> None:
        try:
            with scope(council=COUNCIL):
                for n in range(25):
                    api.record(
                        "floor.note", council_id=COUNCIL, actor_id=None, payload={"number": n}
                    )
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    sealers = [threading.Thread(target=sealing) for _ in range(3)]
    writers = [threading.Thread(target=writing) for _ in range(4)]
    for thread in sealers + writers:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sealers:
        thread.join()
    assert not failures
    seal_pending(everything=True)
    assert head(COUNCIL).position == 100
    with scope(council=COUNCIL):
        assert Seal.objects.count() == 100
    assert verify(COUNCIL).intact

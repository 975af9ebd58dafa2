"""Real installations with a full hall, on the engine of this run."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.hall import Hall, fill_installation
from tests.support.installation import Installation, _postgres_url, _sql, _with_database
from tests.support.postgres import free_port
from tests.support.tablets import Tablet

Served = Callable[..., tuple[Installation, Hall]]


@pytest.fixture
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    """``served(200)``: a started installation and its hall; removed after the test."""
    with ExitStack() as stack:

        def serve(seats: int, **environment: str) -> tuple[Installation, Hall]:
            folder = Path(tempfile.mkdtemp(prefix="nt-hall-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            url = f"sqlite:///{folder}/nghitruong.sqlite3"
            server = _postgres_url()
            if server is not None:
                name = f"hall_{uuid.uuid4().hex[:12]}"
                _sql(server, f'CREATE DATABASE "{name}"')
                stack.callback(_sql, server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                url = _with_database(server, name)
            installation = Installation(
                folder,
                url,
                free_port(),
                extra_environment={"NGHITRUONG_DEMO": "false", **environment},
            )
            hall = fill_installation(installation.environment(), seats)
            stack.callback(installation.stop)
            installation.start()
            return installation, hall

        yield serve


@pytest.fixture
def beside() -> Iterator[Callable[[Installation], Installation]]:
    """Another ``nghitruong serve`` on the same database, as on a second host."""
    with ExitStack() as stack:

        def serve(first: Installation) -> Installation:
            folder = Path(tempfile.mkdtemp(prefix="nt-second-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            key = (first.var / "secret.key").read_text()
            second = replace(
                first,
                var=folder,
                port=free_port(),
                process=None,
                extra_environment={**first.extra_environment, "NGHITRUONG_SECRET_KEY": key},
            )
            stack.callback(second.stop)
            second.start()
            return second

        yield serve


def tablets(installation: Installation, hall: Hall) -> list[Tablet]:
    """Everybody's device."""
    return [
        Tablet(installation.port, hall.slug, hall.sitting, person, ticket)
        for person, ticket in hall.people.items()
    ]

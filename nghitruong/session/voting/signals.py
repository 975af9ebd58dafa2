"""What happened to a poll, for apps that may import this one (never the other way round).

``poll_moved`` is sent by :mod:`.actions` inside the transaction of the change, so a receiver that
writes (the floor's journal line) writes in the same transaction, and one that fails undoes it all.

Arguments: ``sender`` = :class:`~nghitruong.session.voting.models.Poll`; ``poll`` the fresh row;
``step`` one of ``prepared``, ``opened``, ``closed``, ``published``, ``annulled``, ``assisted``;
``by`` the :class:`Actor`; ``on_behalf`` the name of who is acted for or ""; ``at`` the moment;
``text`` one Vietnamese sentence for the journal.
"""

from __future__ import annotations

from django.dispatch import Signal

poll_moved = Signal()

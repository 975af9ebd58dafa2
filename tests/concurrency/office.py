"""The clerk and the chair at work in another process, without a pause, until stdin closes.

``python -m tests.concurrency.office SITTING POLL`` in an installation's environment; prints what it
did as JSON: steps taken, steps refused by a rule, and every error, which there must not be.
"""

from __future__ import annotations

import json
import os
import select
import sys
import traceback
from itertools import count


def main(sitting_id: str, poll_id: str) -> None:
    """Steps that touch the same rows as the hall's taps, in the orders the product uses."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nghitruong.config.settings")
    django.setup()
    from django.db import connection
    from django_scopes import scope, scopes_disabled

    from nghitruong.council.councils.models import Person
    from nghitruong.council.councils.roles import actor_of_person
    from nghitruong.platform.audit.sealer import seal_pending
    from nghitruong.platform.errors import Refused
    from nghitruong.session.floor import actions as floor
    from nghitruong.session.meetings.models import RollEntry, Sitting
    from nghitruong.session.voting import actions as voting
    from nghitruong.session.voting.models import Poll

    with scopes_disabled():
        sitting = Sitting.objects.select_related("council", "current_item").get(pk=sitting_id)
        people = {
            name: Person.objects.get(account__username=name, council=sitting.council)
            for name in ("an", "binh")
        }
    done, refused, errors = 0, 0, []
    with scope(council=sitting.council_id):
        chair, clerk = (actor_of_person(people[name]) for name in ("an", "binh"))
        entry = RollEntry.objects.filter(sitting=sitting).order_by("sort_key").last()
        item = sitting.items.first()
        print("ready", flush=True)
        for turn in count():
            if select.select([sys.stdin], [], [], 0)[0]:
                break

            def away(turn: int = turn) -> None:
                state = "left" if turn % 2 else "present"
                floor.set_presence(sitting, entry.membership_id, state, by=clerk)

            def next_poll() -> None:
                poll = voting.prepare_poll(item, by=clerk, sitting=sitting)
                voting.annul_poll(poll, by=chair, reason="thử")

            def reopen() -> None:
                """The chair begins the vote again: everybody sends the new poll late taps."""
                now = Poll.objects.get(pk=poll_id)
                if now.state == "open":
                    return
                voting.open_poll(now, by=chair)

            def tell(turn: int = turn) -> None:
                floor.announce(sitting, f"Thông báo {turn}", by=clerk)

            def seal() -> None:
                seal_pending()

            for step in (away, next_poll, reopen, tell, seal):
                try:
                    step()
                    done += 1
                except Refused:
                    refused += 1
                except Exception:
                    errors.append(traceback.format_exc()[-600:])
                    connection.close()
    print(json.dumps({"done": done, "refused": refused, "errors": errors}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])

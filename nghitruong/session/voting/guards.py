"""What the database itself refuses: to change a counted poll, or a vote of a poll not open.

Nothing lets a counted vote be edited (walkthrough no. 11); so says the database, not only the code.
"""

from __future__ import annotations

from nghitruong.platform.storage.guards import REFUSAL, Trigger, guard_with
from nghitruong.session.voting.models import Poll, Vote

# What may still move after the count: the announcement, or the annulment before it.
_MOVES = {"state", "published_at", "annulled_at", "annul_reason"}


def _poll_triggers() -> list[Trigger]:
    fixed = [str(f.column) for f in Poll._meta.concrete_fields if f.name not in _MOVES]
    text = f"voting_poll: {REFUSAL}"
    triggers = []
    for sqlite in (True, False):
        differs = "IS NOT" if sqlite else "IS DISTINCT FROM"
        changed = " OR ".join(f'OLD."{c}" {differs} NEW."{c}"' for c in fixed)
        moved = f"OLD.state {differs} NEW.state"
        wrong = (
            f"(OLD.state IN ('closed', 'published', 'annulled') AND ({changed}))"
            f" OR (OLD.state IN ('published', 'annulled') AND ({moved}"
            f" OR OLD.annul_reason {differs} NEW.annul_reason"
            f" OR OLD.published_at {differs} NEW.published_at"
            f" OR OLD.annulled_at {differs} NEW.annulled_at))"
            " OR (OLD.state = 'closed' AND NEW.state NOT IN ('closed', 'published', 'annulled'))"
        )
        gone = "OLD.state <> 'prepared'"
        if sqlite:
            stop = f"BEGIN SELECT RAISE(ABORT, '{text}'); END"
            lite = [
                f'BEFORE UPDATE ON "voting_poll" WHEN {wrong} {stop}',
                f'BEFORE DELETE ON "voting_poll" WHEN {gone} {stop}',
            ]
        else:
            run = f"EXECUTE FUNCTION nghitruong_refuse('{text}')"
            full = [
                f'BEFORE UPDATE ON "voting_poll" FOR EACH ROW WHEN ({wrong}) {run}',
                f'BEFORE DELETE ON "voting_poll" FOR EACH ROW WHEN ({gone}) {run}',
            ]
    for kind, one, other in zip(("counted", "kept"), lite, full, strict=True):
        triggers.append(Trigger(Poll, kind, one, other))
    return triggers


_VOTE_OPEN = """
CREATE OR REPLACE FUNCTION nghitruong_vote_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND (SELECT state FROM voting_poll WHERE id = OLD.poll_id)
     IS DISTINCT FROM 'open' THEN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP <> 'DELETE' AND (SELECT state FROM voting_poll WHERE id = NEW.poll_id)
     IS DISTINCT FROM 'open' THEN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$
"""


def _vote_triggers() -> list[Trigger]:
    text = f"voting_vote: {REFUSAL}"
    stop = f"BEGIN SELECT RAISE(ABORT, '{text}'); END"

    def closed(row: str) -> str:
        return f"(SELECT state FROM voting_poll WHERE id = {row}.poll_id) IS NOT 'open'"  # noqa: S608  # OLD or NEW

    when = {
        "INSERT": closed("NEW"),
        "UPDATE": f"{closed('OLD')} OR {closed('NEW')}",
        "DELETE": closed("OLD"),
    }
    return [
        Trigger(
            Vote,
            operation.lower(),
            f'BEFORE {operation} ON "voting_vote" WHEN {condition} {stop}',
            f'BEFORE {operation} ON "voting_vote" FOR EACH ROW'
            f" EXECUTE FUNCTION nghitruong_vote_open('{text}')",
            _VOTE_OPEN,
        )
        for operation, condition in when.items()
    ]


def declare() -> None:
    """Called once, when the app is ready."""
    for trigger in [*_poll_triggers(), *_vote_triggers()]:
        guard_with(trigger)

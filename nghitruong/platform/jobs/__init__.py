"""Background work: a row in the main database is the truth, the queue is only a doorbell.

Jobs are idempotent, take one key, call one action. A worker that is killed leaves its row behind;
once it is known to be gone, the sweeper rings again. Heavy work
(:mod:`.apart`) runs in processes of its own with limits on time and memory and gives way to a vote.
"""

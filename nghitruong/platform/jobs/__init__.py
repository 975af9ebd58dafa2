"""Background work: a state column is the truth, the queue is only a doorbell.

Jobs are idempotent, take keys, call one action. A sweeper re-enqueues at start and every minute,
because a queue may lose a task when its worker is killed.
"""

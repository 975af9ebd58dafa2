"""What others may wait for."""

from __future__ import annotations

from django.dispatch import Signal

# text_ready(version=PaperVersion): its pages' text was stored (again) or taken away, or who may
# read it changed; sent inside the transaction that did it, in the council's scope. Receivers write
# their own rows or enqueue a job.
text_ready = Signal()

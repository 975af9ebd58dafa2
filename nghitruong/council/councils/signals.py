"""What the council's set-up tells the apps above it."""

from django.dispatch import Signal

# Sent inside the transaction that switches a function, with ``function``, ``enabled`` and ``by``
# (the actor). A receiver may raise Refused: the hall is in the middle of what is being taken away.
function_switched = Signal()
# Sent inside the transaction that gives a person a post or a duty, with ``person``: they may do
# more than before.
rights_given = Signal()

# Sent inside the transaction that suspends or restores a delegate (L72/2025 Đ38) or begins or ends
# a membership of the council itself, with ``membership`` and ``by`` (the actor); before anything is
# told to screens, so that a receiver may still lock a sitting. The rows say what holds now.
standing_moved = Signal()

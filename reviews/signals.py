"""Signals for other apps, which `reviews` does not import, and for packages of its own above."""

from django.dispatch import Signal

# Sent in the transaction that closed a review, with `review`.
review_closed = Signal()

# Sent in the transaction that stored a comment, with `mentions`: of each colleague whom it names.
people_were_mentioned = Signal()

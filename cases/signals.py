"""What other apps may listen to; `cases` knows nothing of them."""

from django.dispatch import Signal

# Sent in the transaction that wrote the case, with `case`; its texts may have changed.
case_changed = Signal()

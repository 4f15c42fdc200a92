"""Signals for other apps, which `cases` does not import."""

from django.dispatch import Signal

# Sent in the transaction that wrote the case, with `case`; its texts may have changed. `created` is
# True for a case that this transaction made, to which nobody can have added anything.
case_changed = Signal()

# Sent in the transaction that made a batch of cases up, with `made`
# (cases.corrections.refresh.CaseRows) and `seed`: other apps add what people would have added.
cases_synthesized = Signal()

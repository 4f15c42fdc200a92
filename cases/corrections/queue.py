"""What waits for a person to correct it, and why."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet

from cases.models import Case, Flag

MISSING = "missing-"
ERROR_FLAGS = "error_flags"
REASONS = Q(level=Flag.Level.ERROR) | Q(code__startswith=MISSING)


def needs_correction(flag: Flag) -> bool:
    """The same as REASONS, of a row at hand."""
    return flag.level == Flag.Level.ERROR or flag.code.startswith(MISSING)


def correction_queue() -> QuerySet[Case]:
    """In the order in which it is worked off: the newest first."""
    return Case.objects.filter(needs_correction=True).order_by("-pk")


def next_case(case: Case) -> Case | None:
    return (
        correction_queue().filter(pk__lt=case.pk).first()
        or correction_queue().exclude(pk=case.pk).first()
    )


def with_reasons(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each with the flags that say why it waits, as `error_flags`."""
    reasons = Flag.objects.filter(REASONS)
    return cases.prefetch_related(Prefetch("flags", reasons, to_attr=ERROR_FLAGS))


def reasons_of(case: Case) -> list[Flag]:
    """The flags that `with_reasons` has prefetched."""
    return getattr(case, ERROR_FLAGS)

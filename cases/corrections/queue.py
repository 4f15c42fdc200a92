"""The queue of cases that need correction, and the flags that are the reason."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet

from cases.models import Case, Flag

MISSING = "missing-"
ERROR_FLAGS = "error_flags"
REASONS = Q(level=Flag.Level.ERROR) | Q(code__startswith=MISSING)


def needs_correction(flag: Flag) -> bool:
    """The condition REASONS for a flag that is already loaded."""
    return is_reason(flag.level, flag.code)


def is_reason(level: str, code: str) -> bool:
    """Whether a flag of this level and code puts its case into the correction queue."""
    return level == Flag.Level.ERROR or code.startswith(MISSING)


def correction_queue() -> QuerySet[Case]:
    """The cases that need correction, newest first."""
    return Case.objects.filter(needs_correction=True).order_by("-pk")


def next_case(case: Case) -> Case | None:
    return (
        correction_queue().filter(pk__lt=case.pk).first()
        or correction_queue().exclude(pk=case.pk).first()
    )


def with_reasons(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Prefetches the flags for which each case needs correction, as `error_flags`."""
    reasons = Flag.objects.filter(REASONS)
    return cases.prefetch_related(Prefetch("flags", reasons, to_attr=ERROR_FLAGS))


def reasons_of(case: Case) -> list[Flag]:
    """The flags that `with_reasons` has prefetched."""
    return getattr(case, ERROR_FLAGS)

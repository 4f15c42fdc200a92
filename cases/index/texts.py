"""Full-text indexing of a case: its own texts, those of its issues and of their citations.

`index_case` brings them up to date, in the same transaction. Other apps add texts of their own
(annotations) by a function in `contributors`, and call `index_case` when these change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete
from django.dispatch import receiver

from cases.index.changes import record_changes
from cases.models import Case, Citation, Issue
from cases.search.full_text import CASES, CITATIONS, ISSUES, FullText, Packed, Row


@dataclass(frozen=True, slots=True)
class Contribution:
    """Texts that another app adds to one case, and to its issues by their number."""

    texts: tuple[str, ...] = ()
    of_issues: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


NOTHING = Contribution()
# Each gives what it adds to these cases, by their number.
contributors: list[Callable[[Sequence[Case]], Mapping[int, Contribution]]] = []


def contributions_to(cases: Sequence[Case]) -> dict[int, list[Contribution]]:
    given = [contribute(cases) for contribute in contributors]
    return {case.pk: [one.get(case.pk, NOTHING) for one in given] for case in cases}


@transaction.atomic
def index_case(case: Case) -> None:
    """After a change of what others add to it. As the database has it now: the caller's copy may
    be older than a correction, and of two who annotate it at once the later must see what the
    other added."""
    case = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    issues = list(case.issues.order_by("position"))
    write_texts(case, issues)
    record_changes([case.pk])


def index_rows(case: Case, issues: Sequence[Issue], citations: Sequence[Citation]) -> None:
    """`index_case` after a change of the case itself, for one whose rows are at hand."""
    write_texts(case, issues)
    CITATIONS.write([citation_row(one) for one in citations])
    record_changes([case.pk])


def write_texts(case: Case, issues: Sequence[Issue]) -> None:
    added = contributions_to([case])[case.pk]
    CASES.write([case_row(case, added)])
    ISSUES.write([issue_row(issue, added) for issue in issues])


@dataclass(frozen=True, slots=True)
class PackedTexts:
    """The texts of a case whose rows have no keys yet, in the order of its rows."""

    case: Packed
    issues: tuple[Packed, ...]
    citations: tuple[Packed, ...]


def pack_texts(case: Case, issues: Sequence[Issue], citations: Sequence[Citation]) -> PackedTexts:
    """Of a case that is not stored yet, so that nobody can have added to it."""
    return PackedTexts(
        CASES.packed(case_row(case)),
        tuple(ISSUES.packed(issue_row(issue)) for issue in issues),
        tuple(CITATIONS.packed(citation_row(one)) for one in citations),
    )


def put_texts(texts: PackedTexts, rows: IndexedRows) -> None:
    """`index_rows` for a case that was just inserted, with the texts that were packed before."""
    case, issues, citations = rows
    CASES.put(with_keys([texts.case], [case]))
    ISSUES.put(with_keys(texts.issues, issues))
    CITATIONS.put(with_keys(texts.citations, citations))
    record_changes([case.pk])


def with_keys(texts: Sequence[Packed], rows: Sequence[Model]) -> list[Packed]:
    return [(row.pk, *one[1:]) for one, row in zip(texts, rows, strict=True)]


IndexedRows = tuple[Case, Sequence[Issue], Sequence[Citation]]


def index_new(made: Sequence[IndexedRows]) -> None:
    """Many cases that are not indexed yet, once other apps have added theirs."""
    for table, rows in packed_rows(made).items():
        table.put(rows)
    record_changes(case.pk for case, *_ in made)


def packed_rows(made: Sequence[IndexedRows]) -> dict[FullText, list[Packed]]:
    added = contributions_to([case for case, *_ in made])
    return {
        CASES: [CASES.packed(case_row(case, added[case.pk])) for case, *_ in made],
        ISSUES: [
            ISSUES.packed(issue_row(issue, added[case.pk]))
            for case, issues, _ in made
            for issue in issues
        ],
        CITATIONS: [CITATIONS.packed(citation_row(one)) for *_, rows in made for one in rows],
    }


def index_missing(batch: int = 500) -> None:
    """Indexes the cases that are not yet, as after a migration."""
    for missing in CASES.lacking(batch):
        cases = Case.objects.filter(pk__in=missing).prefetch_related("issues__citations")
        with transaction.atomic():
            made = [load_rows(case) for case in cases]
            ISSUES.delete(issue.pk for _, issues, _ in made for issue in issues)
            CITATIONS.delete(one.pk for *_, citations in made for one in citations)
            index_new(made)


def load_rows(case: Case) -> IndexedRows:
    issues = sorted(case.issues.all(), key=lambda issue: issue.position)
    return case, issues, [row for issue in issues for row in issue.citations.all()]


def case_row(case: Case, added: Iterable[Contribution] = ()) -> Row:
    texts = {
        "number": [case.case_number],
        "summary": [case.clinical_summary],
        "reviewer": [*case.specialties, *case.licensed_states],
        "annotation": [text for one in added for text in one.texts],
    }
    return Row(case.pk, texts)


def issue_row(issue: Issue, added: Iterable[Contribution] = ()) -> Row:
    texts = {
        "request": [issue.treatment_request],
        "rationale": [issue.rationale],
        "annotation": [text for one in added for text in one.of_issues.get(issue.pk, ())],
        "asked": [" ".join(map(as_token, issue.asked.split()))],
    }
    return Row(issue.pk, texts)


def as_token(word: str) -> str:
    """A word of a request as one word of the index: a level of the spine ("l4-l5") as well."""
    return word.replace("-", "")


def citation_row(citation: Citation) -> Row:
    words = f"{citation.source} {citation.guideline} {citation.section} {citation.raw}"
    return Row(citation.pk, {"words": [words], "section": [citation.section]})


@receiver(post_delete, sender=Case, dispatch_uid="a deleted case is found no more")
def forget_case(instance: Case, **_: object) -> None:
    CASES.delete([instance.pk])
    record_changes([instance.pk])


@receiver(post_delete, sender=Issue, dispatch_uid="a deleted issue is found no more")
def forget_issue(instance: Issue, **_: object) -> None:
    ISSUES.delete([instance.pk])
    record_changes([instance.case_id])


@receiver(post_delete, sender=Citation, dispatch_uid="a deleted citation is found no more")
def forget_citation(instance: Citation, **_: object) -> None:
    CITATIONS.delete([instance.pk])

"""One guideline under several names: citations of one name get another, in all cases at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from django.contrib.auth.models import User
from django.db.models import Count, QuerySet

from cases.corrections.history import Origin, correction
from cases.letters.citations.catalogue import BY_NAME
from cases.letters.citations.comparison import compare_citations
from cases.letters.model import Source as SourceName
from cases.models import Case, Citation, Issue, Source, Verdict
from cases.models.sides import citation_of

MOST_CASES = 500  # of one run; each is a transaction of its own
SHOWN = 100


@dataclass(frozen=True, slots=True)
class GuidelineName:
    source: SourceName
    guideline: str

    @property
    def is_known(self) -> bool:
        known = BY_NAME.get(self.guideline)
        return known is not None

    def __str__(self) -> str:
        return f"{dict(Source.choices).get(self.source, self.source)} {self.guideline}"


@dataclass(frozen=True, slots=True)
class RenameEffect:
    """What the new name does to one issue; the verdicts differ where the comparison does."""

    issue: Issue
    citations: int
    before: str
    after: str

    @property
    def changes_verdict(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class RenamePreview:
    citations: int
    cases: int
    effects: tuple[RenameEffect, ...]


def cited_names() -> QuerySet:
    """Every name that is cited, the most cited first."""
    cited = Citation.objects.order_by().values("source", "guideline")
    return cited.annotate(times=Count("pk")).order_by("-times", "source", "guideline")


def citations_of(name: GuidelineName) -> QuerySet[Citation]:
    return Citation.objects.filter(source=name.source, guideline=name.guideline)


def preview_rename(old: GuidelineName, new: GuidelineName) -> RenamePreview:
    found = citations_of(old)
    issues = Issue.objects.filter(citations__in=found).distinct().select_related("case")
    shown = issues.order_by("case_id", "position").prefetch_related("citations")[:SHOWN]
    cases = found.order_by().values("issue__case").distinct().count()
    effects = tuple(rename_effect(issue, old, new) for issue in shown)
    return RenamePreview(found.count(), cases, effects)


def rename_effect(issue: Issue, old: GuidelineName, new: GuidelineName) -> RenameEffect:
    rows = list(issue.citations.all())
    touched = [row for row in rows if (row.source, row.guideline) == (old.source, old.guideline)]

    def side(name: str) -> Iterator:
        for row in rows:
            if row.side == name:
                cited = citation_of(row)
                if row in touched:
                    cited = replace(cited, source=new.source, guideline=new.guideline)
                yield cited

    after = compare_citations(
        tuple(side(Citation.Side.CLAIMS)), tuple(side(Citation.Side.MAXIMUS))
    ).verdict
    words = dict(Verdict.choices)
    return RenameEffect(issue, len(touched), words[issue.verdict], words[after])


def rename_guideline(old: GuidelineName, new: GuidelineName, who: User, why: str) -> int:
    """Returns in how many cases; the next run takes those beyond MOST_CASES."""
    found = citations_of(old).select_related("issue").order_by("issue__case_id")
    done = 0
    for case_id, rows in groupby(list(found), key=lambda row: row.issue.case_id):
        if done == MOST_CASES:
            break
        pks = [row.pk for row in rows]
        with correction(Case(pk=case_id), who, why, origin=Origin.BULK):
            citations_of(old).filter(pk__in=pks).update(source=new.source, guideline=new.guideline)
        done += 1
    return done

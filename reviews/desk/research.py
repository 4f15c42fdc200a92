"""How IMR decided requests like one, as a memo tells it."""

from __future__ import annotations

from collections import Counter

from pyroaring import BitMap

from cases.analysis.nearest import Near, nearest_issues
from cases.analysis.precedents import (
    LONGEST_REQUEST,
    Request,
    build_query,
    request_of_text,
    similar_issues,
)
from cases.index.counts import Count, DecidedRows, value_counts
from cases.index.current import current_index
from cases.index.index import Index
from cases.index.rows import CASE, ISSUE, SILENT
from cases.index.space import Space, bitmap
from cases.letters.drafts.deciding import find_deciding
from cases.models import TURNED, Decision
from reviews.desk.outcome import Basis, Counted, NearIssue, Outcome, Tally
from reviews.models import Annotation

NEAREST = 3  # of either kind
MOST_CITED = 8
LONGEST_SENTENCE = 700


def research(text: str) -> Outcome:
    """All figures of one state of the data."""
    request = request_of_text(" ".join(text.split())[:LONGEST_REQUEST])
    with current_index() as index:
        space = index.spaces[ISSUE]
        keys, _ = similar_issues(index, request, index.matches(build_query(request), ISSUE))
        similar = DecidedRows(space, bitmap(keys))
        upheld, turned = similar.parts[0], similar.parts[1] | similar.parts[2]
        with_mtus = space.holding("maximus_source", "MTUS")
        return Outcome(
            category=request.category,
            subcategory=request.subcategory,
            body_parts=request.body_parts,
            rule=request.rule,
            words=request.words,
            similar=tally("", similar.count),
            years=by_year(similar),
            wider=tally("", kind_of(index, request)),
            upheld=nearest(request, (Decision.UPHELD,)),
            overturned=nearest(request, TURNED),
            cited=cited_by_maximus(space, turned, upheld),
            labels=labels_on(space, turned, upheld),
            mtus=len((upheld | turned) & with_mtus),
        )


def basis_now() -> Basis:
    with current_index() as index:
        space = index.spaces[ISSUE]
        decided = DecidedRows(space, space.keys).count.decided
        return Basis(len(index.spaces[CASE].keys), len(space.keys), decided)


def tally(label: str, count: Count) -> Tally:
    return Tally(label, count.turned, count.decided)


def by_year(similar: DecidedRows) -> tuple[Tally, ...]:
    years = ((year, count) for (year, _), count in similar.by("year").items() if count.decided)
    return tuple(tally(year, count) for year, count in sorted(years))


def kind_of(index: Index, request: Request) -> Count:
    """All issues of the request's category and subcategory."""
    space = index.spaces[ISSUE]
    rows = space.holding("category", request.category)
    if request.subcategory:
        rows = rows & space.holding("subcategory", request.subcategory)
    return DecidedRows(space, rows).count


def nearest(request: Request, decisions: tuple[str, ...]) -> tuple[NearIssue, ...]:
    return tuple(map(near_issue, nearest_issues(request, NEAREST, decisions=decisions)))


def near_issue(near: Near) -> NearIssue:
    issue = near.issue
    text = issue.rationale
    found = find_deciding(text)
    reason = text[slice(*found.reason)] if found and found.reason else ""
    conclusion = text[slice(*found.conclusion)] if found else ""
    start, end = (0, 0) if found is None else (found.reason or found.conclusion)
    decided = issue.case.decision_date
    return NearIssue(
        case_number=issue.case.case_number,
        position=issue.position,
        request=issue.disputed,
        decision=issue.decision,
        decided_on=decided.isoformat() if decided else "",
        score=near.score,
        why=tuple(near.why),
        reason=reason[:LONGEST_SENTENCE],
        conclusion=conclusion[:LONGEST_SENTENCE],
        start=start,
        end=end,
    )


def cited_by_maximus(space: Space, turned: BitMap, upheld: BitMap) -> tuple[Counted, ...]:
    """The guidelines that MAXIMUS cited most, and on how many of each it cited none."""
    over = value_counts(space, turned, "maximus_guideline")
    under = value_counts(space, upheld, "maximus_guideline")
    names = sorted({*over, *under}, key=lambda one: (-over.get(one, 0) - under.get(one, 0), one))
    named = [one for one in names if one != SILENT][:MOST_CITED]
    silent = [SILENT] if SILENT in names else []
    return tuple(Counted(one, over.get(one, 0), under.get(one, 0)) for one in [*named, *silent])


def labels_on(space: Space, turned: BitMap, upheld: BitMap) -> tuple[Counted, ...]:
    """On how many of the issues reviewers put each label."""
    annotated = (turned | upheld) & space.holding("annotated", "true")
    if not annotated:
        return ()
    notes = Annotation.objects.live().filter(issue__among=annotated, label__isnull=False)
    rows = set(notes.order_by().values_list("label__name", "label__slug", "issue").distinct())
    over = Counter((name, slug) for name, slug, issue in rows if issue in turned)
    under = Counter((name, slug) for name, slug, issue in rows if issue in upheld)
    order = sorted({*over, *under}, key=lambda one: (-over[one] - under[one], one))
    return tuple(Counted(one[0], over[one], under[one], one[1]) for one in order)

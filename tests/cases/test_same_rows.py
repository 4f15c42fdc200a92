"""The same filters give the same rows on the pages, in the count and in the CSV.

Pages and the CSV find rows by the index: this holds the three together, and the index of a
process that followed every change against one that starts.
"""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.corrections.refresh import refresh_case
from cases.index.current import keeper
from cases.lists.csv_export import csv_lines, escape_formula
from cases.lists.definition import LISTS, ListDefinition, found_by, listing
from cases.lists.filtersets import GUIDELINE_NAMES
from cases.models import Category, Decision, Issue, Source, Verdict
from imrsite.security.roles import Role
from reviews.annotating import annotate
from reviews.models import Review
from reviews.reviewing import workflow
from tests.factories import LETTERS, annotated, stored_letter
from tests.people import person

NAMES = ("cases", "issues", "citations", "documents", "annotations", "reviews")
DAYS = ("2013-10-28", "2014-06-03", "2015-01-16", "2015-08-29", "2016-12-31")
FILTERS = {
    "q": (
        "norco",
        "mri OR conditioning",
        "-norco",
        "decision:upheld",
        "therap*",
        '"left knee"',
        "body:low_back",
        "subcategory:imaging OR edition:2004",
    ),
    "decision": Decision.values,
    "category": Category.values,
    "subcategory": ("opioids", "physical_occupational_therapy", "imaging", "injection"),
    "body_part": ("low_back", "knee", "psyche"),
    "retrospective": ("true", "false"),
    "partial": ("true", "false"),
    "other_edition": ("true", "false"),
    "edition": ("2004", "2009", "1990"),
    "maximus_edition": ("2004", "2016"),
    "verdict": Verdict.values,
    "source": Source.values,
    "claims_source": Source.values,
    "maximus_guideline": GUIDELINE_NAMES[:3],
    "maximus_section": ("work conditioning", "mri"),
    "side": ("claims", "maximus", "rationale"),
    "flag": ("ur-date-disagrees", "missing-priority"),
    "needs_correction": ("true", "false"),
    "annotated": ("true", "false"),
    "decision_date_after": DAYS,
    "decision_date_before": DAYS,
    "ur_denial_date_after": DAYS,
    "ur_denial_date_before": DAYS,
    "date_of_injury_after": ("2010-02-03", "1939-01-01"),
    "date_of_injury_before": ("2013-09-26", "2014-12-31", "2099-01-01"),
    "received_after": ("2015-01-01",),
    "created_before": ("2015-01-01",),
    "guideline": GUIDELINE_NAMES[:3],
    "section": ("work conditioning", "mri", "knee"),
    "format": ("final-2015", "notice-2013"),
    "specialty": ("occupational",),
    "review": ("unassigned", "in_review"),
    "reviewed_by": ("ana", "ben"),
    "reviewer": ("ana", "ben"),
    "state": ("unassigned", "in_review"),
    "deleted": ("true", "false"),
    "case_number": ("CM14", "CM15-0021754", "cm1"),
    "order": ("case_number", "-case_number", "decision_date", "-decision_date", "decision", "best"),
}
queries = st.lists(
    st.one_of([st.tuples(st.just(name), st.sampled_from(FILTERS[name])) for name in FILTERS]),
    max_size=4,
)


@pytest.fixture
def letters_on_file(db):
    for path in sorted(LETTERS.glob("*.pdf")):
        stored_letter(path.stem)
    in_part_and_in_other_editions()
    ana = person(Role.REVIEWER, "ana")
    for number, issue in enumerate(Issue.objects.order_by("pk")[:9]):
        note = annotated(issue, ana, "Which guideline?")
        if number % 3 == 0:
            annotate.delete_comment(note, ana)
        if number % 2 == 0:
            review = Review.objects.get(case=issue.case)
            review.assignments.exists() or workflow.assign_reviewer(review, ana, ana)


def in_part_and_in_other_editions():
    """What no letter on file has yet."""
    other = Issue.objects.filter(verdict="same").first()
    issue = Issue.objects.exclude(case=other.case).first()
    Issue.objects.filter(pk=issue.pk).update(
        requested="12 sessions", authorized="6 sessions", in_dispute="6 sessions"
    )
    Issue.objects.filter(pk=other.pk).update(retrospective=True)
    other.citations.filter(side="claims").update(edition="2009")
    other.citations.filter(side="maximus").update(edition="2016")
    for one in (issue, other):
        refresh_case(one.case)
    assert Issue.objects.get(pk=other.pk).other_edition


def rows_of_csv(of, query):
    return list(csv_lines(of, QueryDict(f"{query}&columns={of.columns[0].name}")))


def shown_on_pages(of: ListDefinition, query: str) -> tuple[list[int], set[int]]:
    """The keys of the rows of all pages, and what the pages say how many there are."""
    keys: list[int] = []
    counts: set[int] = set()
    page = 1
    while True:
        found = listing(QueryDict(f"{query}&page={page}"), of)
        keys += [row.pk for row in found.rows]
        counts.add(found.count)
        if not found.more:
            return keys, counts
        page += 1


@settings(
    max_examples=90, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(queries, st.sampled_from(NAMES), st.booleans())
def test_the_same_rows(letters_on_file, asked, name, starts):
    of, query = LISTS[name], urlencode(asked)
    filterset = of.filterset(QueryDict(query), of.rows())
    if filterset.errors:
        return
    keys, counts = shown_on_pages(of, query)
    if starts:
        keeper.forget()
    rows = filterset.rows(found_by(filterset).keys())
    assert keys == [row.pk for row in rows]
    assert counts == {len(rows)}
    assert set(filterset.qs.values_list("pk", flat=True)) == set(keys)
    cells = [escape_formula(of.columns[0].value(row)) for row in rows]
    assert [line.strip() for line in rows_of_csv(of, query)[1:]] == cells

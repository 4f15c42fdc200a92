"""The same filters give the same rows on the pages, in the count and in the CSV.

Pages come from the index, the CSV from the rows themselves: this holds the two together.
"""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import finding
from cases.exports import csv_lines
from cases.filters import GUIDELINE_NAMES
from cases.listing import LISTS, listing
from cases.models import Category, Decision, Source, Verdict
from tests.factories import LETTERS, stored_letter

DAYS = ("2013-10-28", "2014-06-03", "2015-01-16", "2015-08-29", "2016-12-31")
FILTERS = {
    "q": ("norco", "mri OR conditioning", "-norco", "decision:upheld", "therap*", '"left knee"'),
    "decision": Decision.values,
    "category": Category.values,
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
    "case_number": ("CM14", "CM15-0021754", "cm1"),
    "order": ("case_number", "-case_number", "decision_date", "-decision_date", "decision"),
}
queries = st.lists(
    st.one_of([st.tuples(st.just(name), st.sampled_from(FILTERS[name])) for name in FILTERS]),
    max_size=4,
)


@pytest.fixture
def letters_on_file(db):
    for path in sorted(LETTERS.glob("*.pdf")):
        stored_letter(path.stem)


def rows_of_csv(of, query):
    return [line.split(",")[0] for line in csv_lines(of, QueryDict(f"{query}&columns=case_number"))]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(queries, st.sampled_from(["cases", "issues", "citations"]), st.sampled_from([0, 2000]))
def test_the_same_rows(letters_on_file, asked, name, most_sorted):
    of, query = LISTS[name], urlencode(asked)
    finding.MOST_SORTED = most_sorted
    try:
        shown, page = [], 1
        while True:
            found = listing(QueryDict(f"{query}&page={page}"), of)
            if found.filter.errors:
                return
            shown += [row.pk for row in found.rows]
            if not found.more:
                break
            page += 1
    finally:
        finding.MOST_SORTED = 2000
    rows = list(finding.filtered(of.filterset(QueryDict(query), of.rows())))
    assert shown == [row.pk for row in rows]
    assert not found.count.exact or found.count.number == len(rows)
    assert len(rows_of_csv(of, query)) == 1 + len(rows)

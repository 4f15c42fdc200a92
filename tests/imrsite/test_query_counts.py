"""How many queries each page costs, whatever number of rows it finds.

One of them asks whether this look at the page stands in the access log already.
"""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from imrsite.security.roles import Role
from tests.people import person
from tests.postgres import require_kept_index

COUNTS = {
    "/": 19,
    "/cases/": 9,
    "/cases/?decision=overturned": 9,
    "/cases/?q=pain": 14,
    "/cases/?q=pain&order=best": 14,
    "/cases/?category=surgery&order=case_number": 9,
    "/cases/?columns=case_number,claims_citations": 10,
    "/cases/filters": 4,
    "/cases/#facets": 5,
    "/cases/?q=pain#facets": 5,
    "/issues/": 9,
    "/issues/?q=pain&decision=upheld": 12,
    "/issues/#facets": 5,
    "/citations/": 7,
    "/citations/?source=MTUS": 7,
    "/citations/?order=source": 7,
    "/documents/": 8,
    "/documents/?q=made": 8,
    "/annotations/": 9,
    "/annotations/?q=the": 9,
    "/annotations/?order=author": 9,
    "/reviews/": 8,
    "/reviews/?state=unassigned": 8,
    "/team/": 14,
    "{case}": 17,  # with annotations, replies and findings
    "{case}?from=cases&list=case_number%3D{number}&at=1": 19,
    "/compare/": 4,
    "/compare/filters": 4,
    "/compare/?category=surgery": 4,
    "/compare/?claims_source=MTUS": 4,
    "/compare/?q=pain": 5,
    "/precedents/?request=Physical+therapy": 7,
}


def queries(client, address: str) -> int:
    case = Case.objects.earliest("pk")
    address = address.replace("{case}", case.get_absolute_url())
    address, _, target = address.replace("{number}", case.case_number).partition("#")
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address, headers=headers)
    assert response.status_code == 200, address
    return len(asked)


@pytest.mark.django_db
def test_each_page_costs_a_fixed_number_of_queries(client):
    require_kept_index()
    client.force_login(person(Role.LEAD, "reader"))
    for cases in (90, 180):
        call_command("synthesize", str(cases - Case.objects.count()), verbosity=0)
        for address in COUNTS:  # what is loaded once, and the lines of the access log
            queries(client, address)
        assert {address: queries(client, address) for address in COUNTS} == COUNTS

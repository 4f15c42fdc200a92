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

COUNTS = {
    "/": 20,
    "/cases/": 12,
    "/cases/?decision=overturned": 12,
    "/cases/?q=pain": 17,
    "/cases/?q=pain&order=best": 17,
    "/cases/?category=surgery&order=case_number": 12,
    "/cases/?columns=case_number,claims_citations": 13,
    "/cases/#facets": 6,
    "/cases/?q=pain#facets": 6,
    "/issues/": 12,
    "/issues/?q=pain&decision=upheld": 15,
    "/issues/#facets": 6,
    "/citations/": 10,
    "/citations/?source=MTUS": 10,
    "/citations/?order=source": 10,
    "/documents/": 9,
    "/documents/?q=made": 9,
    "/annotations/": 10,
    "/annotations/?q=the": 10,
    "/annotations/?order=author": 10,
    "/reviews/": 10,
    "/reviews/?state=unassigned": 10,
    "/compare/": 6,
    "/compare/?category=surgery": 6,
    "/compare/?claims_source=MTUS": 6,
    "/compare/?q=pain": 7,
    "/precedents/?request=Physical+therapy": 8,
}


def queries(client, address: str) -> int:
    address, _, target = address.partition("#")
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address, headers=headers)
    assert response.status_code == 200, address
    return len(asked)


@pytest.mark.django_db
def test_each_page_costs_a_fixed_number_of_queries(client):
    client.force_login(person(Role.LEAD, "reader"))
    for cases in (90, 180):
        call_command("synthesize", str(cases - Case.objects.count()), verbosity=0)
        for address in COUNTS:  # what is loaded once, and the lines of the access log
            queries(client, address)
        assert {address: queries(client, address) for address in COUNTS} == COUNTS

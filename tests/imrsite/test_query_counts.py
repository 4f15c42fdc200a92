"""How many queries each page costs, whatever number of rows it finds."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from imrsite.roles import Role
from tests.people import person

COUNTS = {
    "/": 21,
    "/cases/": 10,
    "/cases/?decision=overturned": 11,
    "/cases/?q=pain": 14,
    "/cases/?q=pain&order=best": 18,
    "/cases/?category=surgery&order=case_number": 11,
    "/cases/?columns=case_number,claims_citations": 11,
    "/cases/#facets": 9,
    "/cases/?q=pain#facets": 9,
    "/issues/": 10,
    "/issues/?q=pain&decision=upheld": 12,
    "/citations/": 10,
    "/citations/?source=MTUS": 10,
    "/citations/?order=source": 10,
    "/documents/": 8,
    "/documents/?q=made": 8,
    "/annotations/": 8,
    "/annotations/?q=the": 8,
    "/annotations/?order=author": 8,
    "/reviews/": 9,
    "/reviews/?state=unassigned": 10,
    "/compare/": 14,
    "/compare/?category=surgery": 14,
    "/compare/?claims_source=MTUS": 7,
    "/precedents/?request=Physical+therapy": 10,
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
        queries(client, "/")  # what is loaded once
        assert {address: queries(client, address) for address in COUNTS} == COUNTS

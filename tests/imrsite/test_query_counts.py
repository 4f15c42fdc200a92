"""How many queries each page costs, whatever number of rows it finds."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from imrsite.roles import Role
from tests.people import person

COUNTS = {
    "/": 0,
    "/cases/": 0,
    "/cases/?decision=overturned": 0,
    "/cases/?q=pain": 0,
    "/cases/?q=pain&order=best": 0,
    "/cases/?category=surgery&order=case_number": 0,
    "/cases/?columns=case_number,claims_citations": 0,
    "/cases/#facets": 0,
    "/cases/?q=pain#facets": 0,
    "/issues/": 0,
    "/issues/?q=pain&decision=upheld": 0,
    "/citations/": 0,
    "/citations/?source=MTUS": 0,
    "/citations/?order=source": 0,
    "/documents/": 0,
    "/documents/?q=made": 0,
    "/annotations/": 0,
    "/annotations/?q=the": 0,
    "/annotations/?order=author": 0,
    "/reviews/": 0,
    "/reviews/?state=unassigned": 0,
    "/compare/": 0,
    "/compare/?category=surgery": 0,
    "/compare/?claims_source=MTUS": 0,
    "/precedents/?request=Physical+therapy": 0,
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
    for cases in (30, 90):
        call_command("synthesize", str(cases - Case.objects.count()), verbosity=0)
        queries(client, "/")  # what is loaded once
        assert {address: queries(client, address) for address in COUNTS} == COUNTS

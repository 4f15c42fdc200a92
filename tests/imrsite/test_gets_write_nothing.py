"""Opening a page changes nothing: whoever follows a link or draws ahead has done nothing yet.

The access log and the session are written to say who looked; nothing else may be.
"""

from __future__ import annotations

import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from imrsite.security.access import rule_for
from tests.imrsite.test_access import EVERY_URL
from tests.imrsite.test_every_read_is_logged import QUERIES, everything, path_to

pytestmark = pytest.mark.django_db
__all__ = ["everything"]  # a fixture
WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)', re.IGNORECASE)
LOOKS = {"imrsite_access", "django_session"}


def tables_written(client, url: str) -> set[str]:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(url)
        if response.streaming:
            b"".join(response.streaming_content)
    found = (WRITES.match(query["sql"].strip()) for query in asked.captured_queries)
    return {match[1] for match in found if match} - LOOKS


def test_no_get_writes(admin_client, everything):
    wrote = {}
    for name in EVERY_URL:
        if not rule_for(name).get:
            continue
        for query in QUERIES.get(name, [""]):
            url = f"{path_to(name, everything)}?{query}"
            with transaction.atomic():
                if tables := tables_written(admin_client, url):
                    wrote[url] = tables
                transaction.set_rollback(True)
    assert not wrote

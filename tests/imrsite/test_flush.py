"""`manage.py flush` tells apps of itself as `migrate` does, only without saying of which state."""

import pytest
from django.core.management import call_command

from cases.models import Case
from tests.factories import stored_case


@pytest.mark.django_db(transaction=True)
def test_all_rows_can_be_flushed():
    stored_case("CM14-0195168")
    call_command("flush", interactive=False, verbosity=0)
    assert not Case.objects.exists()

import pytest

from imrsite.security.roles import Role
from tests.people import person


@pytest.fixture
def reader(client, db):
    """A signed-in visitor who may do all that needs no admin: a lead."""
    client.user = person(Role.LEAD, "reader")
    client.force_login(client.user)
    return client

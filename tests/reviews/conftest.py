import pytest

from imrsite.security.roles import Role
from reviews.annotating.annotate import Selection, create_annotation
from reviews.annotating.targets import Place
from reviews.models import Target
from tests.factories import stored_case
from tests.people import person


@pytest.fixture
def reader(client, db):
    """A signed-in visitor who may do all that needs no admin: a lead."""
    client.user = person(Role.LEAD, "reader")
    client.force_login(client.user)
    return client


@pytest.fixture
def issue(db):
    return stored_case().issues.get()


@pytest.fixture
def ana(db):
    return person(Role.REVIEWER, "ana")


@pytest.fixture
def ben(db):
    return person(Role.REVIEWER, "ben")


@pytest.fixture
def rationale(issue):
    return Place(issue.case, issue, Target.RATIONALE)


@pytest.fixture
def note(rationale, ana):
    """Ana's annotation on “cardinal criteria”."""
    return create_annotation(rationale, ana, Selection("cardinal criteria"), comment="Which page?")

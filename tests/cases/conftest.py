import pytest


@pytest.fixture
def reader(client, django_user_model):
    """A signed-in visitor."""
    user = django_user_model.objects.create_user("reader", password="words-on-a-page")
    client.force_login(user)
    client.user = user
    return client

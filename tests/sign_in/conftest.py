"""Only where tests/settings_with_sign_in.py are the settings; tests/imrsite/test_sign_in.py."""

import os

import pytest

if "IMR_TEST_SIGN_IN" not in os.environ:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def provider(settings):
    """An OpenID Connect provider of our own, which the product is told to trust."""
    from tests.sign_in.provider import Provider

    with Provider(client_id="imr", client_secret="told-to-us-and-the-provider") as one:
        app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
        before, app["settings"] = app["settings"], {"server_url": one.issuer}
        yield one
        app["settings"] = before

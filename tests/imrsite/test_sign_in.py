"""Single sign-on and second factor: off unless the environment asks for them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.measured import python
from tests.product import ROOT

pytestmark = pytest.mark.skipif(
    "IMR_TEST_SIGN_IN" in os.environ, reason="these start processes of their own"
)
LOADED = """
import sys, django; django.setup()
from django.test import Client; Client(SERVER_NAME="localhost").get("/login/")
print(*[name for name in sys.modules if name.split(".")[0] in ("allauth", "jwt", "fido2")])
"""


def run(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "imrsite.settings"} | env
    return subprocess.run(
        [*([sys.executable] if command[0] == "-c" else python()), *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_off_nothing_of_it_is_there(client):
    assert not [app for app in settings.INSTALLED_APPS if app.startswith("allauth")]
    for path in ("/login/sso/", "/login/code/", "/second-factor/", "/accounts/login/"):
        assert client.get(path).status_code == 404, path


def test_off_nothing_of_it_is_loaded():
    answer = run("-c", LOADED, DEBUG="true")
    assert (answer.returncode, answer.stdout.strip()) == (0, ""), answer.stderr


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"SECOND_FACTOR": "sometimes"}, "off, optional or required"),
        ({"OIDC_ISSUER": "https://id.example.org"}, "OIDC_CLIENT_ID"),
        ({"OIDC_ISSUER": "http://id.example.org", "IMR_LOCAL": "false"}, "https://"),
        (
            {
                "OIDC_ISSUER": "https://id.example.org",
                "OIDC_CLIENT_ID": "a",
                "OIDC_CLIENT_SECRET": "b",
                "OIDC_SIGN_UP_ROLE": "admin",
            },
            "not admin",
        ),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_words(env, words):
    answer = run("manage.py", "check", **env)
    assert answer.returncode != 0
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr


def test_switched_on(tmp_path):
    """tests/sign_in, and who may open what, in a process that has both switched on."""
    answer = run(
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "--ds=tests.settings_with_sign_in"),
        *("tests/sign_in", "tests/imrsite/test_access.py", "tests/imrsite/test_accounts.py"),
        *("-k", "not opens_to_whom or mfa or factor or sign-on or openid or reauth or login"),
        IMR_TEST_VAR_DIR=str(tmp_path),
    )
    print(answer.stdout, answer.stderr)
    assert answer.returncode == 0

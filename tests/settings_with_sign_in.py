"""The settings of the tests, with single sign-on and second factor switched on.

The apps of a process are fixed when it starts, so these tests are run in one of their own
(tests/imrsite/test_sign_in.py does it).
"""

import os

os.environ |= {
    "IMR_TEST_SIGN_IN": "true",
    "OIDC_ISSUER": "http://127.0.0.1:1",  # each test's own provider takes its place
    "OIDC_CLIENT_ID": "imr",
    "OIDC_CLIENT_SECRET": "told-to-us-and-the-provider",
    "OIDC_NAME": "Example Login",
    "OIDC_SIGN_UP_ROLE": "",
    "SECOND_FACTOR": "optional",
}

from tests.settings import *  # noqa: F403

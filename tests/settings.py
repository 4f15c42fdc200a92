"""Settings of the tests: the product's own, with everything it writes in a folder of their own."""

import atexit
import os
import shutil
import tempfile

# A folder for each process that runs tests; programs that a test starts load these settings too,
# and share its folder.
worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if "IMR_TEST_VAR_DIR" not in os.environ or os.environ.get("IMR_TEST_WORKER", "") != worker:
    os.environ["IMR_TEST_WORKER"] = worker
    os.environ["IMR_TEST_VAR_DIR"] = tempfile.mkdtemp(prefix="imr-tests-")
    atexit.register(shutil.rmtree, os.environ["IMR_TEST_VAR_DIR"], ignore_errors=True)

os.environ["IMR_VAR_DIR"] = os.environ["IMR_TEST_VAR_DIR"]
os.environ["IMR_LOCAL"] = "true"
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
unset = "MEDIA_ROOT STATIC_ROOT DEBUG ALLOWED_HOSTS STORAGE_URL DEMO_PASSWORD PORT"
for name in unset.split():
    os.environ.pop(name, None)

if "IMR_TEST_SIGN_IN" not in os.environ:  # see tests/settings_with_sign_in.py
    for name in [name for name in os.environ if name.startswith("OIDC_")] + ["SECOND_FACTOR"]:
        os.environ.pop(name, None)

from imrsite.settings import *  # noqa: E402, F403

STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
DRAW_PICTURES_AHEAD = False  # a thread has a connection of its own, which sees no test's rows
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}

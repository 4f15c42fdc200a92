"""The product's settings with clocks in its processes; the bench names them in the environment."""

from imrsite.settings import *  # noqa: F403

INSTALLED_APPS += ["tests.bench.ingest.apps.ClocksConfig"]  # noqa: F405

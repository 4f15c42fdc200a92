"""The web application, as gunicorn loads it. It refuses to serve with a made-up secret key."""

import gc
import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from cases.letters.reading.child import die_with_parent
from imrsite.running.error_tracking import start_error_tracking
from imrsite.running.private import restrict_modes, use_private_umask
from imrsite.running.shared_figures import share_figures

use_private_umask()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imrsite.settings")

if settings.SECRET_KEY_IS_MADE_UP and not settings.LOCAL:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set, so nobody could stay signed in. Set it to a long random text and"
        " keep it: python -c 'import secrets; print(secrets.token_urlsafe(50))'. To try the"
        " program on your own machine, use `make run`, which keeps a key for you."
    )

restrict_modes(settings.VAR_DIR)
share_figures(settings.VAR_DIR)
start_error_tracking()
application = get_wsgi_application()
# What is loaded stays. To look through it for garbage holds up a page now and then.
gc.collect()
gc.freeze()
if settings.LOCAL:  # under `make run`: a web process left behind would keep the port
    die_with_parent()

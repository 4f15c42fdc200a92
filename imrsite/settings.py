"""Settings: one module, driven by the environment, which is read here and nowhere else.

The names the environment may set are listed in README under "Configuration".
"""

import os
from datetime import date, timedelta
from hashlib import sha256
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from cases.files import bucket
from imrsite.mail.addresses import (
    EMAIL_EXAMPLE,
    IMAP_EXAMPLE,
    MailAddressError,
    email_settings,
    imap_address,
)
from imrsite.running.broker_file import running_broker
from imrsite.security.roles import Role

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, *, default: bool) -> bool:
    word = env(name, "true" if default else "false").lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {word!r}.")


def env_int(name: str, default: int, *, least: int = 1) -> int:
    word = env(name, str(default))
    if not (word.isascii() and word.isdecimal()) or int(word) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least}, not {word!r}.")
    return int(word)


def env_choice(name: str, choices: tuple[str, ...]) -> str:
    word = env(name, choices[0]).lower()
    if word not in choices:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(choices)}, not {word!r}.")
    return word


def env_dates(name: str) -> frozenset[date]:
    try:
        return frozenset(map(date.fromisoformat, env_list(name)))
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} must be dates such as 2026-12-24,2026-12-31: {error}."
        ) from error


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


# Everything the program writes on its own lies here.
VAR_DIR = Path(env("IMR_VAR_DIR", str(BASE_DIR / "var"))).resolve()
# Large uploads go to disk, not to memory; the temporary file lies beside its final place.
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "tmp"
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
try:
    VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(
        f"Cannot write to {VAR_DIR}: {error.strerror}. Set IMR_VAR_DIR to a folder that this user"
        " may write to."
    ) from error

DEBUG = env_bool("DEBUG", default=False)
# One person's own machine, without TLS: `make run` and the tests say so.
LOCAL = DEBUG or env_bool("IMR_LOCAL", default=False)

# Commands that sign nothing (parse, check, makemigrations) work without a key: each process then
# makes one up. `imrsite.wsgi` refuses to serve with such a key. The prefix is Django's own mark
# of a key unfit for production, which `check --deploy` knows.
SECRET_KEY_IS_MADE_UP = not env("SECRET_KEY")
SECRET_KEY = env("SECRET_KEY") or f"django-insecure-{get_random_secret_key()}"
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")

ALLOWED_HOSTS = env_list("ALLOWED_HOSTS")
if LOCAL or not ALLOWED_HOSTS:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "imrsite.admin_site.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_filters",
    "django_htmx",
    "drf_spectacular",  # the command; the API itself is a part of imrsite
    "axes",
    "imrsite",
    "cases",
    "reviews",
]

MIDDLEWARE = [
    "imrsite.web.observing.ObservingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "imrsite.security.csp.SecurityHeadersMiddleware",
    "imrsite.security.bidi.BidiMiddleware",
    "imrsite.security.limits.InputLimitsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "imrsite.tokens.middleware.TokenMiddleware",
    "imrsite.security.accounts.SessionMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "imrsite.security.access.AccessMiddleware",
    # After those that refuse: looking for the token reads the body.
    "django.middleware.csrf.CsrfViewMiddleware",
    "imrsite.security.audit.AuditMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "imrsite.urls"
WSGI_APPLICATION = "imrsite.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Database: SQLite tuned for several processes (WAL; a writer takes its lock at BEGIN instead of
# failing on a later upgrade; others wait for it), or whatever DATABASE_URL names.
DATABASE_URL = env("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}")
try:
    DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60)}
except ValueError as error:
    raise ImproperlyConfigured(
        "DATABASE_URL is not the address of a database. It looks like"
        " postgres://user:password@host:5432/name or sqlite:////folder/file.sqlite3."
    ) from error
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": env_int("IMR_DATABASE_WAIT_SECONDS", 20),
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
            " PRAGMA temp_store=MEMORY; PRAGMA mmap_size=2147418112"
        ),
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A server that is cut off is given up after ten seconds. The kernel alone would wait for an
    # hour where an answer is due, and so would the person who asked. DATABASE_URL may differ.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 10,
        "keepalives_idle": 5,
        "keepalives_interval": 5,
        "keepalives_count": 2,
        "tcp_user_timeout": 10_000,
    } | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# Wrong passwords: by user name and address together, so that nobody locks out somebody else.
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "imrsite.security.accounts.lockout_response"
AXES_CLIENT_IP_CALLABLE = "imrsite.security.client.address_of"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
# Sessions stay in the database, one query a request: a signed cookie could not be ended by
# signing out, and a cache of each process would not learn that another one ended it.
SESSION_COOKIE_AGE = env_int("IMR_SESSION_MINUTES", 480) * 60
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # how long an invitation holds
# Single sign-on and second factor: without these names in the environment nothing of
# django-allauth is installed, imported or reachable (imrsite.sign_in; docs/decisions).
OIDC_ISSUER = env("OIDC_ISSUER").rstrip("/")
OIDC_NAME = env("OIDC_NAME", "single sign-on")
OIDC_SIGN_UP_ROLE = env("OIDC_SIGN_UP_ROLE")
SECOND_FACTOR = env("SECOND_FACTOR", "off")
if OIDC_ISSUER or SECOND_FACTOR != "off":
    INSTALLED_APPS.insert(INSTALLED_APPS.index("axes"), "allauth.account")
    MIDDLEWARE.insert(
        MIDDLEWARE.index("imrsite.security.access.AccessMiddleware"),
        "allauth.account.middleware.AccountMiddleware",
    )
    ACCOUNT_ADAPTER = "imrsite.sign_in.account.AccountAdapter"
    ACCOUNT_EMAIL_VERIFICATION = "none"  # leads say what an account's e-mail is
    ACCOUNT_RATE_LIMITS = False  # those of django-axes hold for all processes, these do not
    ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
if OIDC_ISSUER:
    if not OIDC_ISSUER.startswith(("https://", "http://") if LOCAL else "https://"):
        raise ImproperlyConfigured("OIDC_ISSUER must be an address that begins with https://.")
    if not (env("OIDC_CLIENT_ID") and env("OIDC_CLIENT_SECRET")):
        raise ImproperlyConfigured("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.")
    if OIDC_SIGN_UP_ROLE and OIDC_SIGN_UP_ROLE not in set(Role) - {Role.ADMIN}:
        raise ImproperlyConfigured("OIDC_SIGN_UP_ROLE must be a role, and not admin.")
    INSTALLED_APPS.insert(INSTALLED_APPS.index("axes"), "allauth.socialaccount")
    INSTALLED_APPS.insert(
        INSTALLED_APPS.index("axes"), "allauth.socialaccount.providers.openid_connect"
    )
    SOCIALACCOUNT_ADAPTER = "imrsite.sign_in.single_sign_on.SocialAdapter"
    # People are known by issuer and subject: another issuer's subjects are other people.
    OIDC_PROVIDER_ID = f"oidc-{sha256(OIDC_ISSUER.encode()).hexdigest()[:12]}"
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": OIDC_PROVIDER_ID,
                    "name": OIDC_NAME,
                    "client_id": env("OIDC_CLIENT_ID"),
                    "secret": env("OIDC_CLIENT_SECRET"),
                    "settings": {"server_url": OIDC_ISSUER},
                }
            ],
        }
    }
if SECOND_FACTOR not in ("off", "optional", "required"):
    raise ImproperlyConfigured("SECOND_FACTOR must be off, optional or required.")
if SECOND_FACTOR != "off":
    INSTALLED_APPS.insert(INSTALLED_APPS.index("axes"), "allauth.mfa")
    MIDDLEWARE.insert(  # before anybody's rights are looked at
        MIDDLEWARE.index("imrsite.security.access.AccessMiddleware"),
        "imrsite.sign_in.second_factor.SecondFactorMiddleware",
    )
    MFA_ADAPTER = "imrsite.sign_in.second_factor.Adapter"
    MFA_FORMS = {
        "authenticate": "imrsite.sign_in.second_factor.CodeForm",
        "reauthenticate": "imrsite.sign_in.second_factor.CodeAgainForm",
    }
    MFA_TOTP_ISSUER = "IMR Case Review"
    MFA_TOTP_TOLERANCE = 1  # clocks of phones differ
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "inbox"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "en-us"
TIME_ZONE = env("TIME_ZONE", "America/Los_Angeles")
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["imrsite.formats"]

# The API (imrsite.api), which configures all else itself.
SPECTACULAR_SETTINGS = {
    "TITLE": "IMR Case Review",
    "DESCRIPTION": "Cases, their issues and citations, and what people add to them. Lists take the"
    " parameters of their pages. Errors say what to do.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "TAGS": [{"name": name} for name in ("cases", "issues", "citations", "annotations", "reviews")],
    "POSTPROCESSING_HOOKS": [],  # choices stand where they are used
}
# Requests that the programs of one person may make in a minute.
IMR_API_PER_MINUTE = env_int("IMR_API_PER_MINUTE", 600)
# Webhooks may go to addresses of this machine and of private networks.
IMR_WEBHOOKS_PRIVATE = env_bool("IMR_WEBHOOKS_PRIVATE", default=False)

STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env("MEDIA_ROOT", str(VAR_DIR / "media")))
STORAGE_URL = env("STORAGE_URL", "")  # an S3-compatible bucket for documents
try:
    if STORAGE_URL:
        bucket.parse_storage_url(STORAGE_URL)
except ValueError as error:
    raise ImproperlyConfigured(
        f"STORAGE_URL is not the address of a bucket. It looks like {bucket.EXAMPLE}."
    ) from error
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "imrsite.web.static_urls.StaticStorage"
        )
    },
}

# The broker. Where REDIS_URL is unset, `make run` starts an embedded server, sets it for its
# children, and leaves its address in a private file for commands beside it.
REDIS_URL_IS_SET = bool(env("REDIS_URL"))
REDIS_URL = env("REDIS_URL") or running_broker(VAR_DIR) or "redis://127.0.0.1:6379/0"
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a broker may be away for long
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "queue_order_strategy": "priority",  # a worker takes from the first queue that has something
}
CELERY_WORKER_CONSUMER = "imrsite.running.consumer:Consumer"
CELERY_TASK_IGNORE_RESULT = True
# A message is but a hint at a row, and acknowledged as it is taken: who reads holds the row by a
# lease. One to be acknowledged later would end the worker if the broker went away meanwhile.
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# What is taken early would stand before a person's letter that comes meanwhile.
CELERY_WORKER_DISABLE_PREFETCH = True
# Without it Celery closes the database connection before and after every task; `cases.tasks` does
# so where it is broken or CONN_MAX_AGE old.
CELERY_DB_REUSE_MAX = 1_000_000_000
# Queues by kind, in the order in which a worker of several takes from them: letters of people go
# before those loaded in bulk (docs/decisions/0020-queues.md). `cases.intake.messages` says which
# document goes where. A worker started without `-Q` has these; "ocr" is for workers that name it,
# where OCRmyPDF is installed. "celery" holds what earlier versions have sent.
QUEUES = ("letters", "upkeep", "bulk")
CELERY_TASK_DEFAULT_QUEUE = "letters"
CELERY_TASK_QUEUES = {
    name: {"exchange": name, "exchange_type": "direct", "routing_key": name}
    for name in (*QUEUES, "celery")
}
CELERY_TASK_ROUTES = {
    "cases.tasks.ocr_document": {"queue": "ocr"},
    "cases.tasks.unpack_archive": {"queue": "bulk"},
    "cases.tasks.sweep": {"queue": "upkeep"},
    "cases.tasks.clear_copies": {"queue": "upkeep"},
    "cases.tasks.watch_folder": {"queue": "upkeep"},
    "cases.tasks.read_mailbox": {"queue": "upkeep"},
    "imrsite.webhooks.tasks.*": {"queue": "upkeep"},
    "reviews.tasks.*": {"queue": "upkeep"},
}
# No task outlives these seconds: the parser's own limits end a reading long before, so a process
# that gets there hangs, and is killed. Another worker takes what it had when its lease is over.
IMR_TASK_MARGIN_SECONDS = env_int("IMR_TASK_MARGIN_SECONDS", 120)
# Told to quit at once (as `make run` does), a worker still gives a task under way this long.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 2
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_TIMEZONE = TIME_ZONE
IMR_SWEEP_SECONDS = env_int("IMR_SWEEP_SECONDS", 10)
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "cases.tasks.sweep", "schedule": float(IMR_SWEEP_SECONDS)},
    "webhooks": {"task": "imrsite.webhooks.tasks.sweep", "schedule": float(IMR_SWEEP_SECONDS)},
}
if STORAGE_URL:
    CELERY_BEAT_SCHEDULE["clear copies"] = {
        "task": "cases.tasks.clear_copies",
        "schedule": 24 * 3600.0,
    }
IMR_WATCH_DIR = env("IMR_WATCH_DIR")
if IMR_WATCH_DIR:
    CELERY_BEAT_SCHEDULE["watch"] = {"task": "cases.tasks.watch_folder", "schedule": 5.0}
# A worker that is reading renews its hold on the document within this time, or loses it.
IMR_LEASE_SECONDS = env_int("IMR_LEASE_SECONDS", 30)

# Overturn rates by claim facts: groups of fewer cases are counted together.
IMR_LEAST_CASES = env_int("IMR_LEAST_CASES", 10)

# Limits on what is read from a PDF (CONTRACT: they hold for `manage.py parse` too).
IMR_PARSE_SECONDS = env_int("IMR_PARSE_SECONDS", 60)
IMR_PARSE_MEMORY_MB = env_int("IMR_PARSE_MEMORY_MB", 1024)
IMR_MAX_PAGES = env_int("IMR_MAX_PAGES", 500)
IMR_MAX_UPLOAD_MB = env_int("IMR_MAX_UPLOAD_MB", 50)
IMR_MAX_ARCHIVE_MB = env_int("IMR_MAX_ARCHIVE_MB", 1024)
# What one archive may unpack to in all, and what uploads leave free on the disk.
IMR_MAX_UNPACKED_MB = env_int("IMR_MAX_UNPACKED_MB", 2 * IMR_MAX_ARCHIVE_MB)
IMR_DISK_RESERVE_MB = env_int("IMR_DISK_RESERVE_MB", 512, least=0)
IMR_OCR_SECONDS = env_int("IMR_OCR_SECONDS", 300)
# Scans go to workers on other hosts, though this one has no OCRmyPDF.
IMR_OCR_ELSEWHERE = env_bool("IMR_OCR_ELSEWHERE", default=False)
CELERY_TASK_TIME_LIMIT = 3600
CELERY_TASK_ANNOTATIONS = {
    f"cases.tasks.{name}": {"time_limit": seconds + IMR_TASK_MARGIN_SECONDS}
    for name, seconds in (
        ("parse_document", IMR_PARSE_SECONDS),
        ("ocr_document", IMR_OCR_SECONDS + IMR_PARSE_SECONDS),
        ("unpack_archive", 480),
        ("sweep", 480),
    )
}
# Read no file where the kernel lacks Landlock or seccomp (docs/decisions/0003-sandbox.md).
IMR_REQUIRE_WALLS = env_bool("IMR_REQUIRE_WALLS", default=False)

# Pictures of the pages that come next are drawn in the background (cases.files.pictures_ahead).
DRAW_PICTURES_AHEAD = True

# A review is due so many days after its case came in, or after a reviewer was assigned.
IMR_REVIEW_DAYS = env_int("IMR_REVIEW_DAYS", 30)
IMR_REVIEW_DUE_FROM = env_choice("IMR_REVIEW_DUE_FROM", ("received", "assigned"))

# Deadlines that follow from an overturned determination, each with the rule that it comes from
# (reviews.obligations). They count from the day on which the determination was received.
IMR_AUTHORIZE_WORKING_DAYS = env_int("IMR_AUTHORIZE_WORKING_DAYS", 5)  # 8 CCR 9792.10.7
IMR_NOTIFY_WORKING_DAYS = env_int("IMR_NOTIFY_WORKING_DAYS", 5)  # told with the authorization
IMR_REIMBURSE_DAYS = env_int("IMR_REIMBURSE_DAYS", 20)  # 8 CCR 9792.10.7, services rendered
IMR_APPEAL_DAYS = env_int("IMR_APPEAL_DAYS", 30)  # Labor Code 4610.6, petition to the board
# The appeal window counts from the date of the decision (when it is mailed), or from its receipt.
IMR_APPEAL_FROM = env_choice("IMR_APPEAL_FROM", ("decision", "receipt"))
# Days off besides California's holidays, and holidays that are worked: "2026-12-24,2026-12-31".
IMR_EXTRA_HOLIDAYS = env_dates("IMR_EXTRA_HOLIDAYS")
IMR_WORKED_HOLIDAYS = env_dates("IMR_WORKED_HOLIDAYS")

# `make run` only: where it serves, and the password of its demo login (made up when unset).
PORT = env_int("PORT", 8000)
DEMO_PASSWORD = env("DEMO_PASSWORD")

# Mail that goes out (reviews.alerts). SITE_URL is where its links lead.
SITE_URL = env("SITE_URL").rstrip("/") or (
    f"http://127.0.0.1:{PORT}" if LOCAL else f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
)
MAIL_FOLDER = VAR_DIR / "mail"
EMAIL_URL = env("EMAIL_URL") or f"file://{quote(str(MAIL_FOLDER))}"
try:
    globals().update(email_settings(EMAIL_URL))
except MailAddressError as error:
    raise ImproperlyConfigured(
        f"EMAIL_URL is not the address of a mail server: {error}. It looks like {EMAIL_EXAMPLE}."
    ) from error
DEFAULT_FROM_EMAIL = env("MAIL_FROM", f"IMR Case Review <imr@{urlsplit(SITE_URL).hostname}>")
# A deadline is told of when no more than so many working days are left.
IMR_NOTICE_WORKING_DAYS = env_int("IMR_NOTICE_WORKING_DAYS", 3)
IMR_MAIL_SECONDS = env_int("IMR_MAIL_SECONDS", 30)
CELERY_BEAT_SCHEDULE |= {
    "look for notices": {"task": "reviews.tasks.look_for_notices", "schedule": 60.0},
    "send mail": {"task": "reviews.tasks.send_mail", "schedule": float(IMR_MAIL_SECONDS)},
    "forget notices": {"task": "reviews.tasks.forget_notices", "schedule": 24 * 3600.0},
}
# A mailbox whose letters are taken in (cases.intake.mailbox). A message that is done is marked as
# seen, or moved to this folder.
IMAP_DONE_FOLDER = env("IMAP_DONE_FOLDER")
IMAP_URL = env("IMAP_URL")
if IMAP_URL:
    try:
        IMAP_ADDRESS = imap_address(IMAP_URL)
    except MailAddressError as error:
        raise ImproperlyConfigured(
            f"IMAP_URL is not the address of a mailbox: {error}. It looks like {IMAP_EXAMPLE}."
        ) from error
    CELERY_BEAT_SCHEDULE["mailbox"] = {"task": "cases.tasks.read_mailbox", "schedule": 60.0}

# Security: TLS everywhere but on one's own machine. The web server tells whether a request came
# by TLS: gunicorn believes X-Forwarded-Proto from the proxies in FORWARDED_ALLOW_IPS only, so
# Django's SECURE_PROXY_SSL_HEADER, which believes anybody, is not set.
SECURE_SSL_REDIRECT = not LOCAL
# Asked from inside, past the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL
SECURE_HSTS_PRELOAD = not LOCAL
SESSION_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = not LOCAL
X_FRAME_OPTIONS = "DENY"  # the view of a PDF that its case page frames says SAMEORIGIN itself
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "imrsite.web.errors.csrf_failure"
# Of a form without its files, whose size is IMR_MAX_UPLOAD_MB's to limit.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10_000  # of one upload; each goes to the disk as it arrives
# How many proxies of ours append to X-Forwarded-For; 0 believes nobody.
IMR_PROXIES = env_int("IMR_PROXIES", 0, least=0)
IMR_AUDIT_DAYS = env_int("IMR_AUDIT_DAYS", 2555)

# "json": one object a line, for programs; without letter text (imrsite.running.log_lines).
LOG_FORMAT = env_choice("LOG_FORMAT", ("line", "json"))
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", "INFO")},
    # pdfminer reports every oddity of every font; the outcome of a parse says what matters.
    "loggers": {"pdfminer": {"level": "ERROR"}},
}
if LOG_FORMAT == "json":
    LOGGING["filters"] = {"context": {"()": "imrsite.running.log_context.AddContext"}}
    LOGGING["formatters"]["line"] = {"()": "imrsite.running.log_lines.SafeJsonFormatter"}
    LOGGING["handlers"]["stderr"]["filters"] = ["context"]

# Figures for Prometheus at /metrics: for who sends this token, or asks from these addresses.
METRICS_TOKEN = env("METRICS_TOKEN")
METRICS_ALLOW = env_list("METRICS_ALLOW")
try:
    METRICS_NETWORKS = [ip_network(one, strict=False) for one in METRICS_ALLOW]
except ValueError as error:
    raise ImproperlyConfigured(
        "METRICS_ALLOW must be addresses or networks, such as 10.0.0.5,10.1.0.0/16."
    ) from error
# Errors are reported there; without it the SDK is not imported (imrsite.running.error_tracking).
SENTRY_DSN = env("SENTRY_DSN")
SENTRY_ENVIRONMENT = env("SENTRY_ENVIRONMENT", "production")
SENTRY_RELEASE = env("SENTRY_RELEASE")

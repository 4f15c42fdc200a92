"""System checks of an installation (`manage.py check --deploy`), and what a worker logs of them."""

from __future__ import annotations

import logging

from celery.signals import worker_ready
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

from cases.letters.walls import walls_available

logger = logging.getLogger(__name__)

HINT = (
    "Run a Linux kernel with Landlock and seccomp (5.13 or newer, on x86_64 or aarch64), and let"
    " containers use both. Set IMR_REQUIRE_WALLS=true to read no file without them."
)
READS = "A hostile PDF could read or change what this program can."
REFUSES = "No PDF will be read because IMR_REQUIRE_WALLS is set."


@register(Tags.security, deploy=True)
def check_walls(**_: object) -> list[CheckMessage]:
    """Can the processes that handle PDFs be confined on this machine?"""
    available = walls_available()
    if available.complete:
        return []
    missing = [] if available.landlock_abi else ["Landlock"]
    missing += [] if available.seccomp else ["seccomp"]
    effect = REFUSES if settings.IMR_REQUIRE_WALLS else READS
    message = f"This machine lacks {' and '.join(missing)}. {effect}"
    return [Warning(message, hint=HINT, id="imr.W001")]


@worker_ready.connect
def warn_without_walls(**_: object) -> None:
    """Once, when a worker starts."""
    for found in check_walls():
        logger.warning("%s %s", found.msg, found.hint)

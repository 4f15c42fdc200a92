"""Errors are reported to Sentry, or a server that speaks as it does, where SENTRY_DSN names one.

A report says what went wrong and where in the code: the class of the exception, the places, the
view or the task, the release. It holds nothing that a letter, a form or a search may have put into
it: no message of the exception, no variables, no body, query, cookie or header, no breadcrumbs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

LEFT_OUT = (
    "breadcrumbs",
    "extra",
    "user",
    "modules",
    "request",
    "server_name",
    "logentry",
    "_meta",
)
KEPT_CONTEXTS = ("runtime", "os", "trace")
KEPT_OF_FRAMES = ("filename", "abs_path", "function", "module", "lineno", "in_app")


def start_error_tracking() -> None:
    """For a process that serves or works; does nothing where no address is set."""
    if not settings.SENTRY_DSN:
        return
    import sentry_sdk
    from sentry_sdk.integrations.celery import CeleryIntegration
    from sentry_sdk.integrations.django import DjangoIntegration

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        environment=settings.SENTRY_ENVIRONMENT,
        release=settings.SENTRY_RELEASE or None,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_breadcrumb=lambda *_: None,
        before_send=without_words,
        auto_enabling_integrations=False,
        auto_session_tracking=False,
        integrations=[
            DjangoIntegration(transaction_style="url", middleware_spans=False),
            CeleryIntegration(),
        ],
    )


def without_words(event: Event, hint: Hint | None = None) -> Event:
    """The report without anything that people or letters may have written."""
    report: dict[str, Any] = dict(event)
    logger = report.get("logger", "")
    for name in LEFT_OUT:
        report.pop(name, None)
    if not report.get("exception"):
        report["logentry"] = {"message": f"error logged by {logger or 'the program'}"}
    report["contexts"] = {
        name: one for name, one in report.get("contexts", {}).items() if name in KEPT_CONTEXTS
    }
    report["tags"] = {
        name: one for name, one in (report.get("tags") or {}).items() if name == "celery_task_id"
    }
    parts = [*values_of(report, "exception"), *values_of(report, "threads")]
    for part in parts:
        part.pop("value", None)
        part.get("mechanism", {}).pop("data", None)
    for part in [*parts, report]:
        for frame in (part.get("stacktrace") or {}).get("frames", ()):
            for name in [name for name in frame if name not in KEPT_OF_FRAMES]:
                del frame[name]
    return report  # type: ignore[return-value]


def values_of(report: dict[str, Any], name: str) -> list[dict[str, Any]]:
    told = report.get(name) or {}
    return told.get("values", []) if isinstance(told, dict) else told

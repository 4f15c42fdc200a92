"""What is going on where a log line is written: the request or the task, and on whose behalf.

A request's id goes with the messages it sends (a header of theirs), so that the lines of the
workers can be found by it too.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun

SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")
HEADER = "imr_request_id"


@dataclass(slots=True)
class LogContext:
    """What lines say besides their words; None is left out."""

    request_id: str | None = None
    user_id: Callable[[], int | None] | None = None
    view: str | None = None
    task: str | None = None
    document_id: int | None = None
    batch_line_id: int | None = None

    def as_dict(self) -> dict[str, Any]:
        told = {
            "request_id": self.request_id,
            "user_id": self.user_id() if self.user_id else None,
            "view": self.view,
            "task": self.task,
            "document_id": self.document_id,
            "batch_line_id": self.batch_line_id,
        }
        return {name: value for name, value in told.items() if value is not None}


current: ContextVar[LogContext | None] = ContextVar("imr_log_context", default=None)
ID_OF_ROW = {"parse_document": "document_id", "ocr_document": "document_id"}
ID_OF_ROW |= {"unpack_archive": "batch_line_id"}


def request_id_from(sent: str) -> str:
    """The id that a proxy gave, if it is one; else a new one."""
    return sent if SANE_ID.match(sent) else secrets.token_hex(8)


class AddContext(logging.Filter):
    """Puts the context on every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        context = current.get()
        record.imr = context.as_dict() if context else {}
        return True


@before_task_publish.connect
def send_request_id(headers: Any = None, **_: object) -> None:
    context = current.get()
    if context and context.request_id and isinstance(headers, dict):
        headers[HEADER] = context.request_id


@task_prerun.connect
def enter_task(task: Any = None, args: Any = (), **_: object) -> None:
    name = task.name.rpartition(".")[2]
    context = LogContext(task=name, request_id=task.request.get(HEADER))
    row_id = next(iter(args or ()), None)
    if name in ID_OF_ROW and isinstance(row_id, int):
        setattr(context, ID_OF_ROW[name], row_id)
    current.set(context)


@task_postrun.connect
def leave_task(**_: object) -> None:
    current.set(None)

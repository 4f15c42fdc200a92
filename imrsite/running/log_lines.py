"""Log lines as JSON (LOG_FORMAT=json), without letter text, file names or search words.

What the product itself logs is written to be safe: ids, codes and counts. What libraries log may
quote a URL, a value or a row, so of their lines the fixed words are kept and what was put in is
left out. Of an exception its class and the places in the code are kept, and not its message.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

OWN = ("cases", "reviews", "imrsite")
# Their lines name processes, tasks and addresses of servers, and nothing that people wrote.
SAFE = ("celery.worker", "celery.apps", "celery.beat", "celery.bootsteps", "kombu")
LEFT_OUT = "…"
WHOLE = 40  # characters of a message that was put together before it was logged
NAMES = {"name", "id", "runtime"}  # of a task, in Celery's lines


class SafeJsonFormatter(JsonFormatter):
    def __init__(self) -> None:
        super().__init__("{levelname}{name}{message}", style="{", timestamp="at")

    def add_fields(
        self,
        log_data: dict[str, Any],
        record: logging.LogRecord,
        message_dict: dict[str, Any],
    ) -> None:
        super().add_fields(log_data, record, {})
        log_data["level"] = log_data.pop("levelname")
        log_data["logger"] = log_data.pop("name")
        log_data["message"] = safe_message(record)
        log_data.update(log_data.pop("imr", {}))
        if record.exc_info and record.exc_info[0]:
            log_data["exception"] = record.exc_info[0].__name__
            log_data["places"] = places(record.exc_info[2])
        log_data.pop("exc_info", None)
        log_data.pop("exc_text", None)
        log_data.pop("stack_info", None)

    def format(self, record: logging.LogRecord) -> str:
        """Nothing else that hangs on the record gets into the line."""
        bare = logging.makeLogRecord(
            {name: value for name, value in vars(record).items() if name in KEPT}
        )
        return super().format(bare)


KEPT = {*vars(logging.makeLogRecord({})), "imr"} - {"exc_text", "stack_info", "taskName"}


def safe_message(record: logging.LogRecord) -> str:
    if record.name.startswith((*OWN, *SAFE)):
        return record.getMessage()
    words, args = str(record.msg), record.args
    if record.name == "django.request" and isinstance(args, tuple) and args:
        return str(args[0])  # the reason; the address follows
    if not args:
        return words if len(words) <= WHOLE else words[:WHOLE].rsplit(" ", 1)[0] + LEFT_OUT
    try:
        if isinstance(args, tuple):
            return words % tuple(without_words(arg) for arg in args)
        return words % {n: v if n in NAMES else without_words(v) for n, v in args.items()}
    except (TypeError, ValueError):
        return LEFT_OUT


def without_words(value: object) -> object:
    return value if isinstance(value, int | float) else LEFT_OUT


def places(trace: TracebackType | None) -> list[str]:
    """Where it happened: file, line and function, the innermost last."""
    frames = traceback.extract_tb(trace)[-12:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]

"""The reading process: `python -m cases.letters.child MEMORY_MB`.

Takes requests and gives answers as frames (four bytes of length, then JSON) on stdin and stdout.
It holds no secrets, may write no file, and may be killed at any time.
"""

from __future__ import annotations

import base64
import ctypes
import io
import json
import os
import resource
import signal
import struct
import sys
from typing import Any, BinaryIO

PR_SET_PDEATHSIG = 1
BASE_MEMORY_MB = 200  # what the interpreter and its libraries map before they read anything


def read_frame(stream: BinaryIO, most: int) -> dict[str, Any] | None:
    """The next frame; None at the end of the stream or when it is no frame."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    (size,) = struct.unpack(">I", head)
    if size > most:
        return None
    data = stream.read(size)
    return json.loads(data) if len(data) == size else None


def write_frame(stream: BinaryIO, message: dict[str, Any]) -> None:
    data = json.dumps(message).encode()
    stream.write(struct.pack(">I", len(data)) + data)
    stream.flush()


def die_with_parent() -> None:
    """However the parent ends, this process ends with it (on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def confine(memory_mb: int) -> None:
    """No core, no files, bounded memory; ends with its parent."""
    die_with_parent()
    memory = (memory_mb + BASE_MEMORY_MB) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def limit_cpu(seconds: int) -> None:
    """From now on that much CPU time, whoever watches the clock; at its end SIGXCPU kills."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def answer(request: dict[str, Any]) -> dict[str, Any]:
    limit_cpu(request["seconds"])
    try:
        if request["do"] == "read":
            return read(request)
        return render(request)
    except MemoryError:
        return {"failed": "memory"}
    except RecursionError:
        return {"failed": "crash"}


def read(request: dict[str, Any]) -> dict[str, Any]:
    from cases.letters.reader import read_pdf
    from cases.letters.record import dump_reading

    return {"reading": dump_reading(read_pdf(request["path"], max_pages=request["max_pages"]))}


def render(request: dict[str, Any]) -> dict[str, Any]:
    import pypdfium2

    with pypdfium2.PdfDocument(request["path"]) as pdf:
        page = pdf[request["page"] - 1]
        scale = request["width"] / max(page.get_width(), 1)
        if page.get_height() * scale > 8 * request["width"]:
            return {"failed": "crash"}
        image = page.render(scale=scale).to_pil().convert("L")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return {"png": base64.b64encode(out.getvalue()).decode()}


def main() -> None:
    confine(int(sys.argv[1]))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not land among the answers
    from cases.letters import reader  # noqa: F401  loaded before the first request's clock runs

    write_frame(answers, {"ready": True})
    while (request := read_frame(sys.stdin.buffer, 1 << 20)) is not None:
        try:
            write_frame(answers, answer(request))
        except MemoryError:
            os._exit(3)
        except Exception:
            write_frame(answers, {"failed": "crash"})


if __name__ == "__main__":
    main()

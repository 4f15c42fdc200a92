"""The reading process: `python -m cases.letters.reading.child MEMORY_MB`.

It takes requests on the Unix socket that is its stdin, each with the open descriptor of a file, and
answers on stdout. Both are frames: four bytes of length, then JSON. It stands behind the walls of
`cases.letters.walls` before it loads what reads PDFs, and may be killed at any time.
"""

from __future__ import annotations

import base64
import ctypes
import gc
import io
import json
import os
import resource
import signal
import socket
import struct
import sys
from dataclasses import asdict
from typing import Any, BinaryIO

from cases.letters.walls import WallsStatus, raise_walls, reading_walls

PR_SET_PDEATHSIG = 1
BASE_MEMORY_MB = 200  # what the interpreter and its libraries map before they read anything
MOST_REQUEST_BYTES = 1 << 16
# Objects made before garbage is looked for. A letter makes many and next to no garbage.
GARBAGE_AFTER = 50_000


def receive_request(requests: socket.socket) -> tuple[dict[str, Any], BinaryIO] | None:
    """The next request and its file; None at the end, or where there is no file with it."""
    data, descriptors, *_ = socket.recv_fds(requests, MOST_REQUEST_BYTES, 1)
    if len(data) < 4 or not descriptors:
        return None
    file = os.fdopen(descriptors[0], "rb")
    (size,) = struct.unpack(">I", data[:4])
    while len(data) < 4 + size and (more := requests.recv(MOST_REQUEST_BYTES)):
        data += more
    return (json.loads(data[4:]), file) if len(data) == 4 + size else None


def send_request(requests: socket.socket, request: dict[str, Any], file: BinaryIO) -> None:
    data = frame(request)
    sent = socket.send_fds(requests, [data], [file.fileno()])
    requests.sendall(data[sent:])


def frame(message: dict[str, Any]) -> bytes:
    data = json.dumps(message).encode()
    return struct.pack(">I", len(data)) + data


def write_frame(stream: BinaryIO, message: dict[str, Any]) -> None:
    stream.write(frame(message))
    stream.flush()


def die_with_parent() -> None:
    """However the parent ends, this process ends with it (on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def confine(memory_mb: int) -> WallsStatus:
    """No core, no files, bounded memory; ends with its parent; walls as far as there are any."""
    die_with_parent()
    memory = (memory_mb + BASE_MEMORY_MB) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return raise_walls(reading_walls())


def limit_cpu(seconds: int) -> None:
    """From now on that much CPU time, whoever watches the clock; at its end SIGXCPU kills."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def answer(request: dict[str, Any], file: BinaryIO) -> dict[str, Any]:
    limit_cpu(request["seconds"])
    try:
        if request["do"] == "read":
            return read(request, file)
        if request["do"] == "words":
            return words(request, file)
        if request["do"] == "draft":
            return draft(request, file)
        return render(request, file)
    except MemoryError:
        return {"failed": "memory"}
    except RecursionError:
        return {"failed": "crash"}


def read(request: dict[str, Any], file: BinaryIO) -> dict[str, Any]:
    from cases.letters.reader import read_pdf
    from cases.letters.record import dump_reading

    return {"reading": dump_reading(read_pdf(file, max_pages=request["max_pages"]))}


def render(request: dict[str, Any], file: BinaryIO) -> dict[str, Any]:
    import pypdfium2

    with pypdfium2.PdfDocument(file) as pdf:
        page = pdf[request["page"] - 1]
        scale = request["width"] / max(page.get_width(), 1)
        if page.get_height() * scale > 8 * request["width"]:
            return {"failed": "crash"}
        image = page.render(scale=scale).to_pil().convert("L")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return {"png": base64.b64encode(out.getvalue()).decode()}


def words(request: dict[str, Any], file: BinaryIO) -> dict[str, Any]:
    """The words of a page with their boxes, in shares of its width and height."""
    from cases.letters.reading.page_runs import page_runs
    from cases.letters.reading.pages import read_one_page
    from cases.letters.reading.unreadable import Unreadable

    try:
        return {"runs": page_runs(read_one_page(file, request["page"]))}
    except (Unreadable, IndexError):
        return {"failed": "crash"}


def draft(request: dict[str, Any], file: BinaryIO) -> dict[str, Any]:
    """The text of a PDF or DOCX that was put on the desk."""
    from cases.letters.drafts.files import read_draft_file

    return {"draft": asdict(read_draft_file(file, request["kind"], request["max_pages"]))}


def main() -> None:
    status = confine(int(sys.argv[1]))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not land among the answers
    requests = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, fileno=0)
    from cases.letters import reader  # noqa: F401  loaded before the first request's clock runs

    gc.freeze()  # what is loaded stays
    gc.set_threshold(GARBAGE_AFTER)
    write_frame(answers, {"walls": asdict(status)})
    while (received := receive_request(requests)) is not None:
        request, file = received
        try:
            with file:
                write_frame(answers, answer(request, file))
        except MemoryError:
            os._exit(3)
        except Exception:
            write_frame(answers, {"failed": "crash"})


if __name__ == "__main__":
    main()

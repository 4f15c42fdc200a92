"""The programs of text recognition behind their walls: what hostile code in them could do."""

from __future__ import annotations

import json
import socket
import sys
from functools import partial
from pathlib import Path

import pytest

from cases.intake import ocr
from cases.letters.walls import WallsStatus, raise_walls, walls_available
from tests.conftest import require

REFUSED = {"EPERM", "EACCES", "ENOSYS"}
# Stands for OCRmyPDF: `ocrmypdf SOURCE TARGET`. What it tries goes into the target.
PROGRAM = """#!{python}
import ctypes, errno, json, os, resource, signal, socket, subprocess, sys
source, target = sys.argv[-2:]
at = {at}
libc = ctypes.CDLL(None, use_errno=True)

def connect(family, kind, address):
    with socket.socket(family, kind) as one:
        one.connect(address)

def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "")

def made(path):
    with open(path, "wb") as file:
        file.write(b"x")

attempts = {{
    "read another letter": lambda: open(at["letter"]).read(),
    "list the stored files": lambda: os.listdir(at["folder"]),
    "overwrite its source": lambda: open(source, "r+b").write(b"x"),
    "delete its source": lambda: os.unlink(source),
    "truncate its source": lambda: os.truncate(source, 0),
    "truncate its source by reading": lambda: os.open(source, os.O_RDONLY | os.O_TRUNC),
    "change a stored file's mode": lambda: os.chmod(at["letter"], 0o777),
    "create a file elsewhere": lambda: made(at["folder"] + "/made"),
    "open a TCP socket": lambda: connect(socket.AF_INET, socket.SOCK_STREAM, at["tcp"]),
    "open a UDP socket": lambda: connect(socket.AF_INET, socket.SOCK_DGRAM, at["tcp"]),
    "connect to a Unix socket": lambda: connect(socket.AF_UNIX, socket.SOCK_STREAM, at["unix"]),
    "be traced": lambda: check(libc.ptrace(0, 0, 0, 0)),
    "unshare": lambda: check(libc.unshare(0x10000000)),
    "mount": lambda: check(libc.mount(b"none", target.encode(), b"tmpfs", 0, None)),
    "signal the worker": lambda: os.kill(os.getppid(), 0),
    "leave its session": lambda: subprocess.run(["/bin/true"], start_new_session=True, check=True),
    "read its source": lambda: open(source, "rb").read(),
    "write in its folder": lambda: made("made"),
    "start a program": lambda: subprocess.run(["/bin/true"], check=True),
}}

def outcome(attempt):
    try:
        attempt()
    except OSError as refused:
        return errno.errorcode[refused.errno]
    return "done"

chosen = at["only"] or list(attempts)
went = {{name: outcome(attempts[name]) for name in chosen}}
went["limits"] = [
    resource.getrlimit(one)[0]
    for one in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU)
]
json.dump(went, open(target, "w"))
"""
ALLOWED = {"read its source", "write in its folder", "start a program"}


@pytest.fixture
def attempted(tmp_path, monkeypatch):
    """Makes attempts (all, unless named) in what OCR starts, and gives how they went."""
    stored, programs = tmp_path / "stored", tmp_path / "programs"
    stored.mkdir()
    programs.mkdir()
    for name in ("letter", "source"):
        (stored / name).write_bytes(b"confidential")
    monkeypatch.setattr(ocr, "OPTIONS", ())
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(stored / "socket"))
        unix.listen()
        at = {"letter": str(stored / "letter"), "folder": str(stored)}
        at |= {"tcp": tcp.getsockname(), "unix": str(stored / "socket")}
        program = programs / "ocrmypdf"
        program.touch(0o755)

        def attempt(*only: str) -> dict:
            program.write_text(PROGRAM.format(python=sys.executable, at=at | {"only": only}))
            ocr.add_text(stored / "source", tmp_path / "went.pdf", seconds=20)
            return json.loads((tmp_path / "went.pdf").read_text())

        yield attempt


@pytest.mark.parametrize("abi", [1, 3, 5, 1000])
def test_they_can_do_their_work_and_nothing_else(attempted, monkeypatch, abi):
    require(walls_available().complete, "A kernel with Landlock and seccomp")
    offered = WallsStatus(min(abi, walls_available().landlock_abi), True)
    monkeypatch.setattr(ocr, "walls_available", lambda: offered)
    monkeypatch.setattr(ocr, "raise_walls", partial(raise_walls, newest_abi=abi))
    went = attempted()
    limits = went.pop("limits")
    assert {name for name, one in went.items() if one == "done"} == ALLOWED
    assert {went[name] for name in went.keys() - ALLOWED} <= REFUSED
    assert limits == [ocr.MEMORY_BYTES, ocr.FILE_BYTES, 21]


# Those that need no privilege; the last one takes what the others need.
UNWALLED = (
    "read another letter",
    "list the stored files",
    "overwrite its source",
    "truncate its source",
    "truncate its source by reading",
    "change a stored file's mode",
    "create a file elsewhere",
    "open a TCP socket",
    "open a UDP socket",
    "connect to a Unix socket",
    "signal the worker",
    "leave its session",
    "delete its source",
)


def test_without_walls_all_of_it_would_work(attempted, monkeypatch):
    """Else the refusals would prove nothing."""
    monkeypatch.setattr(ocr, "raise_walls", lambda walls: WallsStatus(0, False))
    went = attempted(*UNWALLED)
    del went["limits"]
    assert went == dict.fromkeys(UNWALLED, "done")


def test_required_walls_that_are_missing_refuse_it_and_say_what_to_do(
    attempted, monkeypatch, settings
):
    settings.IMR_REQUIRE_WALLS = True
    monkeypatch.setattr(ocr, "raise_walls", lambda walls: WallsStatus(0, True))
    with pytest.raises(ocr.OcrFailed, match="IMR_REQUIRE_WALLS=false"):
        attempted()


def test_a_program_of_a_virtual_environment_finds_its_packages():
    from cases.letters.walls.profiles import installation

    found = installation(Path(sys.prefix) / "bin" / "django-admin")
    assert Path(sys.prefix) / "lib" in found
    assert Path(sys.prefix) not in found

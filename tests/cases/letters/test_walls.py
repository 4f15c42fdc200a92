"""The reading process behind its walls: attacks run in it as code, and what it must still do."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cases.letters.reader import read_pdf
from cases.letters.reading import sandbox as sandbox_module
from cases.letters.reading.pages import reference_pages
from cases.letters.reading.sandbox import CannotRender, Limits, Sandbox
from cases.letters.record import dump_reading
from cases.letters.walls import (
    WallsStatus,
    confinement,
    landlock,
    raise_walls,
    reading_walls,
    seccomp,
    walls_available,
)
from cases.letters.walls.syscalls import (
    MACHINE,
    NUMBERS,
    NUMBERS_HERE,
    set_no_new_privileges,
)
from tests.cases.letters.attacks import ATTACKS, DETOURS, Places
from tests.cases.letters.odd_pages import LEFT, draw_page
from tests.conftest import require
from tests.factories import LETTERS

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = sorted(LETTERS.glob("*.pdf"))
# What each old version of Landlock lacks, the filter of system calls must refuse.
ABIS = [1, 2, 3, 5, 1000]
REFUSED = {"EPERM", "EACCES", "ENOSYS"}


@contextmanager
def planted() -> Iterator[Places]:
    """Files and sockets to attack, which any user of the machine may reach."""
    folder = Path(tempfile.mkdtemp(prefix="imr-walls-"))
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as unix,
    ):
        for one in (tcp, udp):
            one.bind(("127.0.0.1", 0))
        unix.bind(str(folder / "socket"))
        for one in (tcp, unix):
            one.listen(8)
        files = {
            name: folder / name for name in ("secret_key", "letter", "database", "handed_over")
        }
        for path in files.values():
            path.write_bytes(b"confidential")
        for path in (folder, *folder.iterdir()):
            path.chmod(0o777)
        yield Places(
            **{name: str(path) for name, path in files.items()},
            folder=str(folder),
            unix_socket=str(folder / "socket"),
            tcp_port=tcp.getsockname()[1],
            udp_port=udp.getsockname()[1],
        )
    shutil.rmtree(folder)


@pytest.fixture
def places() -> Iterator[Places]:
    with planted() as one:
        yield one


def attack(places: Places, abi: int | str, *names: str, user: str = "") -> dict[str, str]:
    """How the attacks went, in a process started and confined as the reading process is."""
    command = [sys.executable, "-m", "tests.cases.letters.attacks", str(abi)]
    with Path(places.handed_over).open("rb") as handed_over:
        done = subprocess.run(
            [*command, json.dumps(dataclasses.asdict(places)), *names],
            cwd=ROOT,
            env={"PYTHONDONTWRITEBYTECODE": "1", "ATTACK_AS": user},
            stdin=handed_over,
            capture_output=True,
            text=True,
            start_new_session=True,
            timeout=60,
        )
    assert not done.stderr, done.stderr
    went: dict[str, str] = {}
    for line in done.stdout.splitlines():
        went |= json.loads(line)
    return went


@pytest.fixture(scope="module", params=ABIS, ids=lambda abi: f"abi-{abi}")
def walled(request: pytest.FixtureRequest) -> dict[str, str]:
    """All attacks, one after another, in one walled process."""
    require(walls_available().complete, "A kernel with Landlock and seccomp")
    with planted() as places:
        went = attack(places, request.param)
        assert went.pop("walls") is True
        assert Path(places.letter).read_bytes() == b"confidential"
        assert sorted(one.name for one in Path(places.folder).iterdir()) == [
            "database",
            "handed_over",
            "letter",
            "secret_key",
            "socket",
        ]
    return went


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_refused(walled, name):
    assert walled[name] in REFUSED


@pytest.mark.parametrize("name", DETOURS)
def test_way_round_the_walls_is_refused(walled, name):
    assert walled[name] in REFUSED


@pytest.mark.parametrize("name", ATTACKS)
def test_the_same_attack_works_without_walls(places, name):
    """Else its refusal would prove nothing."""
    assert attack(places, "none", name) == {name: "done"}


def test_no_attack_is_forgotten():
    assert len(ATTACKS) == 14


def test_an_unprivileged_user_s_attacks_are_refused(places):
    require(walls_available().complete, "A kernel with Landlock and seccomp")
    require(os.getuid() == 0, "root, to become another user")
    went = attack(places, 1000, user="nobody")
    assert went.pop("walls") is True
    assert set(went) == set(ATTACKS | DETOURS)
    assert set(went.values()) <= REFUSED


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_sample_is_read_behind_walls_as_without(path, walled_sandbox):
    with_walls = json.dumps(dump_reading(walled_sandbox.read(path)))
    assert with_walls == json.dumps(dump_reading(read_pdf(path, max_pages=500)))


def test_the_reference_reader_works_behind_walls(tmp_path, walled_sandbox):
    path = draw_page(tmp_path / "x.pdf", LEFT["struck_twice"])
    with_walls = dump_reading(walled_sandbox.read(path))
    reference = read_pdf(path, max_pages=500, pages_of=reference_pages)
    assert with_walls == json.loads(json.dumps(dump_reading(reference)))


@pytest.fixture(scope="module")
def walled_sandbox() -> Iterator[Sandbox]:
    require(walls_available().complete, "A kernel with Landlock and seccomp")
    with Sandbox(Limits(require_walls=True)) as one:
        yield one


def test_a_page_is_drawn_behind_walls(walled_sandbox):
    picture = walled_sandbox.render_page(LETTERS / "CM14-0195168.pdf", 1, 900)
    assert picture.startswith(b"\x89PNG")


@pytest.fixture
def no_walls(monkeypatch) -> None:
    """A reading process on a kernel that has no Landlock."""
    first = sandbox_module.receive

    def receive(*arguments):
        answer = first(*arguments)
        return {"walls": {"landlock_abi": 0, "seccomp": True}} if "walls" in answer else answer

    monkeypatch.setattr(sandbox_module, "receive", receive)


def test_without_walls_a_file_is_read_unless_they_are_required(no_walls):
    with Sandbox(Limits()) as one:
        assert one.read(EXAMPLES[0]).error is None


def test_required_walls_that_are_missing_refuse_the_file_and_say_what_to_do(no_walls):
    with Sandbox(Limits(require_walls=True)) as one:
        reading = one.read(EXAMPLES[0])
        assert (reading.error.code, reading.letters) == ("not-walled", ())
        assert "IMR_REQUIRE_WALLS=false" in reading.error.message
        with pytest.raises(CannotRender, match="not-walled"):
            one.render_page(EXAMPLES[0], 1, 900)


def test_the_program_says_so_on_a_kernel_without_landlock(tmp_path):
    """Such a kernel is had by refusing the calls to this process and what it starts."""
    require(seccomp.is_available(), "A kernel with seccomp")
    done = subprocess.run(
        [sys.executable, "manage.py", "parse", str(EXAMPLES[0])],
        cwd=ROOT,
        env={**os.environ, "IMR_REQUIRE_WALLS": "true", "IMR_VAR_DIR": str(tmp_path)},
        preexec_fn=refuse_landlock,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    result = json.loads(done.stdout)
    assert (result["error"]["code"], result["letters"]) == ("not-walled", [])


def refuse_landlock() -> None:
    set_no_new_privileges()
    seccomp.install(seccomp.Policy(frozenset({"landlock_create_ruleset"})))


def test_a_file_is_not_handed_over_before_the_walls_stand(no_walls, monkeypatch):
    sent = []
    monkeypatch.setattr(sandbox_module, "send_request", lambda *one: sent.append(one))
    with Sandbox(Limits(require_walls=True)) as one:
        one.read(EXAMPLES[0])
    assert sent == []


def test_a_kernel_without_either_is_told(monkeypatch):
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    monkeypatch.setattr(seccomp, "is_available", lambda: True)
    assert walls_available() == WallsStatus(0, True)
    assert not walls_available().complete
    monkeypatch.setattr(confinement, "NUMBERS_HERE", {})
    assert raise_walls(reading_walls()) == WallsStatus(0, False)


def test_only_code_and_libraries_can_be_read():
    paths = [rule.path for rule in reading_walls().paths]
    assert ROOT / "cases" / "letters" in paths
    own = [ROOT / "var", ROOT / "manage.py", ROOT / "imrsite", Path.home() / ".ssh", Path("/tmp/x")]
    assert not [one for one in own for path in paths if one.is_relative_to(path)]


@pytest.mark.parametrize(
    ("version", "last", "size"),
    [
        (1, landlock.MAKE_SYM, 8),
        (2, landlock.REFER, 8),
        (3, landlock.TRUNCATE, 8),
        (4, landlock.TRUNCATE, 16),
        (5, landlock.IOCTL_DEV, 16),
        (6, landlock.IOCTL_DEV, 24),
    ],
)
def test_a_kernel_is_asked_only_for_what_its_version_knows(version, last, size):
    assert landlock.handled_access(version) == 2 * last - 1
    assert len(landlock.ruleset_attributes(version)) == size


def test_every_refused_call_has_a_number_on_both_machines_or_is_missing_there():
    policy = reading_walls().policy
    assert policy.denied <= set(NUMBERS)
    assert {check.name for check in policy.checks} <= set(NUMBERS)
    for numbers in zip(*NUMBERS.values(), strict=True):
        known = [number for number in numbers if number is not None]
        assert len(set(known)) == len(known)


def test_the_numbers_are_those_of_this_machine():
    header = Path(f"/usr/include/{MACHINE}-linux-gnu/asm/unistd_64.h")
    require(header.exists(), "linux-libc-dev")
    words = [line.split() for line in header.read_text().splitlines()]
    here = {one[1]: int(one[2]) for one in words if len(one) == 3 and one[2].isdecimal()}
    named = {name: here[f"__NR_{name}"] for name in NUMBERS_HERE if f"__NR_{name}" in here}
    assert named
    assert {name: NUMBERS_HERE[name] for name in named} == named

"""`manage.py run`: what it starts, what it says, and that it leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
from collections.abc import Callable
from contextlib import suppress
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from tests.faults.letters import small_letter
from tests.product import ROOT, Product

LETTERS = ROOT / "tests" / "letters"


def sign_in(product: Product, password: str) -> str:
    """Posts the login form as a browser does; returns the path it ended on."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    form = opener.open(f"{product.url}/login/?next=/admin/", timeout=10).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form).group(1)
    fields = {"username": "demo", "password": password, "csrfmiddlewaretoken": token}
    fields["next"] = "/admin/"
    answer = opener.open(f"{product.url}/login/", urlencode(fields).encode(), timeout=10)
    return answer.url.removeprefix(product.url)


def test_it_starts_every_part_and_ctrl_c_ends_them_all(product):
    product.start()
    assert product.wait_until_ready() == {
        "ready": True,
        "database": "ok",
        "disk": "ok",
        "broker": "ok",
        "worker": "ok",
    }
    assert product.url in product.said()
    assert product.password in product.said()
    assert sign_in(product, product.password) == "/admin/"
    assert product.get("/admin/")[0] == 302, "a visitor without the cookie is asked to sign in"
    assert product.end(signal.SIGINT) == 0
    assert product.all_gone()
    assert product.said().endswith("Stopped.\n")


def test_what_it_makes_up_is_kept_private_and_used_again(product):
    del product.env["DEMO_PASSWORD"]
    product.start()
    kept = {name: product.var_dir / name for name in ("secret_key", "demo_password")}
    first = {name: file.read_text() for name, file in kept.items()}
    assert {stat.S_IMODE(file.stat().st_mode) for file in kept.values()} == {0o600}
    assert product.end(signal.SIGTERM) == 0

    product.start()
    assert {name: file.read_text() for name, file in kept.items()} == first
    assert product.said().count(first["demo_password"].strip()) == 2
    assert sign_in(product, first["demo_password"].strip()) == "/admin/"
    assert product.end() == 0


PARTS = {
    "worker": "celery --app imrsite --quiet worker --concurrency=2",
    "web server": "gunicorn",
    "broker": "valkey-server",
    "scheduler": "celery --app imrsite --quiet beat",
}


def kill(product: Product, part: str) -> None:
    """kill -9 of the program itself, not of the guard above it."""
    own = [pid for pid in product.pids(PARTS[part].replace(" ", "\0")) if not is_guard(pid)]
    os.kill(own[0], signal.SIGKILL)


def is_guard(pid: int) -> bool:
    return b"guard.py" in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_each_part_that_dies_is_started_again_and_the_rest_goes_on(used_product):
    used_product.start()
    for part in PARTS:
        kill(used_product, part)
        used_product.wait_until(
            lambda part=part: f"The {part} was killed by SIGKILL." in used_product.said(), 15
        )
        log = used_product.var_dir / "log" / f"{part.replace(' ', '-')}.log"
        used_product.wait_until(lambda log=log: "started again in 1 s" in log.read_text(), 5)
    assert used_product.said().count("It is started again in 1 s (try 1 of 5).") == 4
    used_product.wait_until(lambda: len(used_product.pids("guard.py")) >= 4, 10)
    used_product.wait_until(can_be_asked(used_product), 30)
    scanned = used_product.var_dir / "other.pdf"
    scanned.write_bytes(small_letter(4711))
    ended = used_product.manage("ingest", "--wait", str(scanned))
    assert ended.stdout == "ingested 1, duplicate 0, failed 0\n", ended.stderr
    assert "No worker" not in ended.stderr, "those that stayed found the new broker"
    assert used_product.end() == 0
    assert used_product.all_gone()


def can_be_asked(product: Product) -> Callable[[], bool]:
    def ready() -> bool:
        with suppress(OSError, ValueError):
            return product.readiness()["ready"]
        return False

    return ready


def test_ingest_in_another_terminal_finds_the_broker(live_product, tmp_path):
    file = live_product.var_dir / "broker.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    letter = tmp_path / "beside.pdf"
    letter.write_bytes(small_letter(4712))
    ended = live_product.manage("ingest", "--wait", str(letter))
    assert ended.stdout == "ingested 1, duplicate 0, failed 0\n", ended.stderr
    assert "No worker" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_all_it_writes_is_its_user_s_alone_and_earlier_files_become_so(product):
    old = product.var_dir / "media" / "documents" / "old.pdf"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"%PDF-")
    for path in (old, *list(old.parents)[:3]):
        path.chmod(0o755)
    product.start().wait_until(product.has_samples, 60)
    assert product.end() == 0
    written = [product.var_dir, *product.var_dir.rglob("*")]
    written.remove(product.output)  # the test's own
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in written}
    assert {path: oct(mode) for path, mode in modes.items() if mode & 0o077} == {}
    assert len(written) > 50
    assert not (product.var_dir / "broker.json").exists(), "removed when it stopped"


@pytest.mark.parametrize("attempt", range(3))
def test_killed_outright_nothing_of_it_lives_on(used_product, attempt):
    used_product.start()
    assert len(used_product.leftovers()) > 5
    scan = LETTERS / "scan-CM14-0195168.pdf"
    used_product.manage("ingest", str(scan))  # its programs run when the blow falls, or soon
    used_product.process.kill()
    used_product.process.wait()
    assert used_product.all_gone(seconds=8), used_product.leftovers()
    assert running_on(used_product.var_dir) == []


def running_on(folder: Path) -> list[str]:
    """Command lines that name the folder: text recognition has nothing of our environment."""
    lines = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            lines.append(one.read_bytes().decode(errors="replace"))
    return [line for line in lines if str(folder) in line]


def test_killed_outright_it_can_start_again_at_once(used_product):
    used_product.start()
    parts = used_product.leftovers()
    used_product.process.kill()
    used_product.process.wait()
    used_product.start()
    assert used_product.wait_until_ready()
    assert not set(parts) & set(used_product.leftovers())
    assert used_product.end() == 0
    assert used_product.all_gone(seconds=30), used_product.leftovers()


def test_a_broken_schedule_and_a_half_collected_static_folder_do_not_matter(product):
    product.var_dir.mkdir(parents=True)
    for suffix in ("", ".db", ".dat", ".dir", ".bak"):
        (product.var_dir / f"beat-schedule{suffix}").write_bytes(b"\0not a database")
    (product.var_dir / "static").mkdir()
    (product.var_dir / "run.lock").write_text("http://127.0.0.1:1/")
    product.start()
    assert product.wait_until_ready()
    assert product.end() == 0


def test_a_port_taken_by_another_program_is_said_before_anything_starts(product):
    with socket.create_server(("127.0.0.1", product.port)):
        product.launch()
        assert product.process.wait(15) == 1
    assert f"Port {product.port} is taken by another program." in product.said()
    assert f"PORT={product.port + 1} make run" in product.said()
    assert not (product.var_dir / "db.sqlite3").exists()
    assert "Traceback" not in product.said()


def test_a_second_run_says_that_the_first_has_the_port(live_product, tmp_path):
    second = Product(live_product.var_dir, live_product.port)
    second.output = tmp_path / "second.txt"
    second.launch()
    assert second.process.wait(15) == 1
    assert f"Port {live_product.port} is taken" in second.said()
    assert live_product.url in second.said()
    assert live_product.wait_until_ready(), "the first run goes on"


def test_a_second_run_on_another_port_is_told_to_use_another_folder(live_product, tmp_path):
    second = Product(live_product.var_dir)
    second.output = tmp_path / "second.txt"
    second.launch()
    assert second.process.wait(15) == 1
    assert "IMR_VAR_DIR" in second.said()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("REDIS_URL", "redis://127.0.0.1:1/0", "The broker that REDIS_URL names does not answer"),
        ("DATABASE_URL", "postgres://127.0.0.1:1/x", "The database can't be used"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL is not the address of a database"),
        ("PORT", "eight", "PORT must be a whole number"),
        ("PORT", "70000", "Port 70000 can't be used"),
    ],
)
def test_a_wrong_setting_is_said_in_words(product, name, value, told):
    product.env[name] = value
    product.launch()
    assert product.process.wait(30) == 1
    assert told in product.said()
    assert "Traceback" not in product.said()
    assert product.all_gone()


def test_it_uses_the_broker_that_redis_url_names(used_product, broker):
    used_product.env["REDIS_URL"] = broker
    used_product.start()
    assert not used_product.pids("valkey-server")
    assert used_product.wait_until_ready()["broker"] == "ok"
    assert used_product.end() == 0
    assert used_product.all_gone()


def test_make_alone_interrupted_ends_everything(used_product):
    """A SIGINT sent to make and not to its group: make keeps it and waits for us."""
    used_product.env["PATH"] = os.environ["PATH"]
    used_product.start("make", "run")
    assert used_product.end(signal.SIGINT) == -signal.SIGINT
    assert used_product.all_gone()
    assert "Stopped." in used_product.said()


def test_make_killed_outright_ends_everything(used_product):
    used_product.start("make", "run")
    used_product.process.kill()
    used_product.process.wait()
    assert used_product.all_gone(seconds=30), used_product.leftovers()

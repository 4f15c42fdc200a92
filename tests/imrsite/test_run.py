"""`manage.py run`: what it starts, what it says, and that it leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from tests.product import Product


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


@pytest.mark.parametrize("word", ["celery --app imrsite --quiet worker", "valkey-server"])
def test_the_crash_of_one_part_ends_all_and_says_which(used_product, word):
    used_product.start()
    victim = used_product.pids(word.replace(" ", "\0"))[0]
    os.kill(victim, signal.SIGKILL)
    assert used_product.process.wait(15) == 1
    assert used_product.all_gone()
    name = "worker" if "celery" in word else "broker"
    assert f"The {name} was killed by SIGKILL." in used_product.said()
    assert "ready" in used_product.said().rsplit("The last it said", 1)[1].lower()


def test_killed_outright_it_takes_its_parts_along_and_can_start_again_at_once(used_product):
    used_product.start()
    parts = used_product.leftovers()
    assert len(parts) > 5
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

"""The files in deploy/ work: they are linted, and what they start is started and used."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.letters.walls import walls_available
from tests.conftest import require
from tests.deployment import (
    COMPOSE,
    DEPLOY,
    HOST,
    SERVICES,
    WORKERS,
    Deployment,
    example_settings,
)
from tests.faults.plant import PASSWORD, USER, Visitor, wait_until
from tests.postgres import programs
from tests.product import ROOT

UNITS = DEPLOY / "systemd"
SYSTEM_UNITS = Path("/usr/lib/systemd/system")
MOST_EXPOSED = 2.0  # of 10, by the reckoning of systemd-analyze
OF_COMPOSE_ONLY = {"POSTGRES_PASSWORD", "REDIS_PASSWORD"}
CREATE = (
    "from django.contrib.auth.models import User;"
    f"User.objects.create_superuser({USER!r}, password={PASSWORD!r})"
)


def program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


# -- what can be said without starting anything --------------------------------------------------


def test_the_dockerfile_is_clean():
    done = subprocess.run(
        [program("hadolint"), "--no-color", "--failure-threshold", "style", DEPLOY / "Dockerfile"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_every_image_installs_by_hash_and_runs_as_an_ordinary_user():
    text = (DEPLOY / "Dockerfile").read_text()
    installs = [line for line in text.splitlines() if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line and "--only-binary" in line for line in installs)
    stages = re.split(r"^FROM ", text, flags=re.MULTILINE)[2:]
    assert len(stages) == 3
    for stage in stages:
        assert re.findall(r"^USER (.*)", stage, flags=re.MULTILINE)[-1] == "10001:10001"
        assert "gcc" not in stage
        assert "build-essential" not in stage


def test_the_image_gets_what_it_needs_and_nothing_else():
    allowed = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    copied = set(
        re.findall(r"^COPY (?!--from)(.*) \S+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    )
    assert {name for line in copied for name in line.split()} == allowed
    assert all((ROOT / name).exists() for name in allowed)


def test_the_compose_file_is_valid():
    schema = ["--builtin-schema", "vendor.compose-spec", str(DEPLOY / "compose.yaml")]
    done = subprocess.run([program("check-jsonschema"), *schema], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_confined(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert ("ports" in service) == (name == "proxy"), "only the proxy is published"
    assert service["networks"]
    assert not [one for one in service.get("volumes", ()) if "docker.sock" in one]


def test_what_the_network_of_database_and_broker_reaches():
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("database", "broker", "beat", "migrate"):
        assert SERVICES[name]["networks"] == ["inside"]
    assert SERVICES["proxy"]["networks"] == ["front"]


def test_every_queue_has_a_worker(settings):
    served = {
        queue
        for name in WORKERS
        for queue in SERVICES[name]["command"][SERVICES[name]["command"].index("-Q") + 1].split(",")
    }
    assert served == {*settings.CELERY_TASK_QUEUES, "ocr"}


def test_the_example_names_only_settings_that_there_are():
    known = (ROOT / "README.md").read_text()
    example = (DEPLOY / "imr.env.example").read_text()
    for name in set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", example, re.M)) - OF_COMPOSE_ONLY:
        assert f"`{name}`" in known, name


def test_the_proxy_takes_what_the_web_server_takes():
    given = example_settings()
    conf = (DEPLOY / "nginx.conf").read_text()
    forms, uploads = (int(mb) for mb in re.findall(r"client_max_body_size (\d+)m;", conf))
    assert uploads == 2 * int(given["IMR_MAX_ARCHIVE_MB"])
    assert forms > int(given["IMR_MAX_UPLOAD_MB"])
    assert "proxy_request_buffering off" in conf


# -- systemd -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a machine with these units, and with programs where they look for them."""
    require(shutil.which("systemd-analyze"), "systemd-analyze (Debian package systemd)")
    root = tmp_path_factory.mktemp("machine")
    shutil.copytree(UNITS, root / "etc/systemd/system")
    shutil.copytree(SYSTEM_UNITS, root / "usr/lib/systemd/system", symlinks=True)
    (root / "lib").symlink_to("usr/lib")
    bin_dir = root / "opt/imr/.venv/bin"
    bin_dir.mkdir(parents=True)
    for name in ("python", "celery", "gunicorn"):
        assert Path(program(name)).exists()
        (bin_dir / name).touch(0o755)
    for path in ("bin/sh", "usr/bin/find"):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).touch(0o755)
    return root


def units() -> list[str]:
    names = [path.name for path in UNITS.iterdir() if path.suffix in (".service", ".timer")]
    return sorted(name.replace("@.", "@letters.") for name in names)


def test_systemd_finds_nothing_wrong_with_the_units(machine):
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", f"--root={machine}", *units()],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("unit", [name for name in units() if name.endswith(".service")])
def test_a_service_can_do_little_besides_its_work(machine, unit):
    security = ["systemd-analyze", "security", "--offline=true", f"--root={machine}", unit]
    done = subprocess.run(security, capture_output=True, text=True)
    exposure = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert exposure, done.stdout + done.stderr
    assert float(exposure[1]) <= MOST_EXPOSED


def test_the_processes_that_read_letters_may_still_confine_themselves():
    text = (UNITS / "imr-.service.d" / "imr.conf").read_text()
    (allowed,) = re.findall(r"^SystemCallFilter=(.*)", text, re.MULTILINE)
    assert {
        "landlock_create_ruleset",
        "landlock_add_rule",
        "landlock_restrict_self",
        "seccomp",
    } <= set(allowed.split())


def test_units_start_what_compose_starts():
    def started(unit: str) -> list[str]:
        (line,) = re.findall(r"^ExecStart=(.*)", (UNITS / unit).read_text(), re.MULTILINE)
        words = shlex.split(line.replace("%%", "%"))
        return [words[0].removeprefix("/opt/imr/.venv/bin/"), *words[1:]]

    def options(command: list[str]) -> list[str]:
        return [word for word in command if word.startswith("-")]

    assert started("imr-beat.service") == SERVICES["beat"]["command"]
    web, worker = started("imr-web.service"), started("imr-worker@.service")
    assert (web[0], web[-1], options(web)) == ("gunicorn", "imrsite.wsgi", ["--bind"])
    for name in WORKERS:
        command = SERVICES[name]["command"]
        assert command[:4] == worker[:4]
        assert options(command) == options(worker)


# -- started -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    require(programs(), "PostgreSQL (Debian package postgresql)")
    require(shutil.which("redis-server"), "redis-server")
    require(shutil.which("nginx"), "nginx (Debian package nginx-light)")
    walled = str(walls_available().complete).lower()
    folder = tmp_path_factory.mktemp("deployed")
    with Deployment(folder, programs(), IMR_REQUIRE_WALLS=walled) as started:
        yield started


@pytest.fixture(scope="module")
def visitor(deployed: Deployment) -> Visitor:
    deployed.manage("shell", "-c", CREATE)
    return Visitor(deployed.url, opener=deployed.opener())


def test_what_compose_starts_becomes_ready(deployed):
    wait_until(lambda: deployed.direct("/readyz")[0] == 200, 90)
    assert deployed.is_healthy("web")
    for name in WORKERS:
        # Workers answer at their own pace: a machine with much to do delays them.
        wait_until(lambda name=name: deployed.is_healthy(name), 60)
    assert deployed.parts["beat"].poll() is None


def test_nginx_finds_nothing_wrong_with_its_file(deployed):
    done = deployed.ask("nginx", "-t", "-c", str(deployed.folder / "nginx.conf"))
    assert done.returncode == 0
    assert "warn" not in done.stderr, done.stderr


def test_the_proxy_speaks_tls_only_and_keeps_figures_inside(deployed):
    status, headers, _ = deployed.get("/cases/", url=f"http://127.0.0.1:{deployed.http_port}")
    assert (status, headers["Location"]) == (308, f"https://{HOST}/cases/")
    status, headers, _ = deployed.get("/login/")
    assert status == 200
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    assert headers["Server"] == "nginx"
    assert deployed.get("/metrics")[0] == deployed.get("/readyz")[0] == 404
    assert deployed.get("/login/", host="another.example.org")[0] == 400


def test_a_letter_uploaded_through_the_proxy_is_read(deployed, visitor, letters):
    pdf = (letters / "CM14-0195168.pdf").read_bytes()
    status, page = visitor.upload({"CM14-0195168.pdf": pdf})
    assert status == 200
    assert "CM14-0195168.pdf" in page
    wait_until(lambda: visitor.get("/cases/CM14-0195168/")[0] == 200, 90)


def test_the_access_log_has_the_address_that_the_proxy_saw(deployed, visitor):
    visitor.get("/cases/CM14-0195168/", X_Forwarded_For="203.0.113.7")
    page = visitor.get("/audit/")[1]
    assert "127.0.0.1" in page
    assert "203.0.113.7" not in page


def test_what_is_too_large_is_refused_in_words(deployed):
    status, _, page = deployed.get("/login/", data=b"x" * (65 << 20))
    assert status == 413
    assert "Send it in parts" in page


def test_what_timers_start_ends_well(deployed, tmp_path):
    commands = [
        line.removeprefix("ExecStart=/opt/imr/.venv/bin/")
        for unit in ("imr-daily.service", "imr-check.service")
        for line in (UNITS / unit).read_text().splitlines()
        if line.startswith("ExecStart=")
    ]
    assert len(commands) == 4
    for command in commands:
        done = deployed.ask(*command.split())
        assert done.returncode == 0, (command, done.stdout + done.stderr)
    (line,) = re.findall(r"^ExecStart=(.*)", (UNITS / "imr-backup.service").read_text(), re.M)
    line = line.replace("%%", "%").replace("/opt/imr/.venv/bin/", "")
    done = deployed.ask(*shlex.split(line.replace("/var/backups/imr", str(tmp_path))))
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(tmp_path.glob("*/manifest.json"))


def test_the_settings_are_fit_for_production(deployed):
    done = deployed.ask("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_a_worker_told_to_stop_ends_at_once_when_idle(deployed):
    process = deployed.parts["bulk"]
    os.kill(process.pid, 15)
    process.wait(timeout=20)

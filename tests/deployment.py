"""The product as deploy/ starts it: the commands of compose.yaml, with the settings of
imr.env.example, behind nginx with nginx.conf; only addresses, ports and passwords are filled in."""

from __future__ import annotations

import datetime as dt
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from contextlib import ExitStack, suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import (
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
)

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.faults.plant import wait_until
from tests.postgres import new_database, private_server
from tests.product import ROOT, clean_environment, free_port

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
WORKERS = ("letters", "bulk", "upkeep", "ocr")
HOST = "imr.example.org"
NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{}}
http {{
    access_log off;
    {temporary}
    include {folder}/imr.conf;
}}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def example_settings() -> dict[str, str]:
    """The lines of imr.env.example that are no comments."""
    lines = (DEPLOY / "imr.env.example").read_text().splitlines()
    found = (re.fullmatch(r"([A-Z][A-Z0-9_]+)=(.*)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


class Deployment:
    """Starts what compose.yaml names, except for its containers."""

    def __init__(self, folder: Path, postgres_programs: Path, **settings: str) -> None:
        self.folder, self.postgres_programs = folder, postgres_programs
        self.settings = settings
        self.web_port, self.http_port, self.https_port = free_port(), free_port(), free_port()
        self.broker_port = free_port()
        self.parts: dict[str, subprocess.Popen[bytes]] = {}
        self.left = ExitStack()

    def __enter__(self) -> Deployment:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self) -> None:
        options = [one for one in SERVICES["database"]["command"] if one.startswith("--")]
        server = private_server(self.postgres_programs, options=options)
        self.database = new_database(self.left.enter_context(server))
        self.start_broker()
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        self.finish("migrate")
        for name in ("web", *WORKERS, "beat"):
            self.run(name, *self.command(name))
        self.start_nginx()
        wait_until(self.is_up, 90)

    def __exit__(self, *_: object) -> None:
        for process in self.parts.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.left.close()

    @cached_property
    def environment(self) -> dict[str, str]:
        set_there = {name: value for name, value in example_settings().items() if value}
        bin_dir = Path(sys.executable).parent
        return clean_environment(self.folder / "var", **set_there) | {
            "PATH": f"{bin_dir}:{os.environ['PATH']}",
            "SECRET_KEY": "a-key-for-this-test-" + "k9" * 30,
            "DATABASE_URL": self.database,
            "REDIS_URL": f"redis://:a-password@127.0.0.1:{self.broker_port}/0",
            "REDIS_PASSWORD": "a-password",
            "STATIC_ROOT": str(self.folder / "static"),
            **self.settings,
        }

    # -- parts ---------------------------------------------------------------------------------

    def command(self, service: str) -> list[str]:
        return [
            word.replace("0.0.0.0:8000", f"127.0.0.1:{self.web_port}")
            for word in SERVICES[service]["command"]
        ]

    def start_broker(self) -> None:
        shell, c, script = SERVICES["broker"]["command"]
        script = script.replace("$$", "$").replace("/tmp/", f"{self.folder}/")
        self.run("broker", shell, c, f"{script} --port {self.broker_port} --bind 127.0.0.1")

    def start_nginx(self) -> None:
        self.make_certificate()
        conf = (DEPLOY / "nginx.conf").read_text()
        for there, here in (
            ("web:8000", f"127.0.0.1:{self.web_port}"),
            ("listen 80 ", f"listen 127.0.0.1:{self.http_port} "),
            ("listen 443 ", f"listen 127.0.0.1:{self.https_port} "),
            ("/etc/nginx/tls/", f"{self.folder}/"),
        ):
            assert there in conf
            conf = conf.replace(there, here)
        (self.folder / "imr.conf").write_text(conf)
        paths = (f"{name}_temp_path {self.folder}/{name};" for name in TEMPORARY)
        main = NGINX.format(folder=self.folder, temporary=" ".join(paths))
        (self.folder / "nginx.conf").write_text(main)
        self.run("nginx", "nginx", "-c", str(self.folder / "nginx.conf"))

    def make_certificate(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
        now = dt.datetime.now(dt.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .sign(key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        (self.folder / "fullchain.pem").write_bytes(certificate.public_bytes(pem))
        private = key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (self.folder / "privkey.pem").write_bytes(private)

    def run(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.parts[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def finish(self, service: str) -> None:
        """Runs a service that ends by itself."""
        done = self.ask(*self.command(service))
        assert done.returncode == 0, done.stdout + done.stderr

    def manage(self, *arguments: str) -> str:
        done = self.ask("python", "manage.py", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120
        )

    def is_healthy(self, service: str) -> bool:
        """What the health check of compose.yaml says of it."""
        kind, *command = SERVICES[service]["healthcheck"]["test"]
        if kind == "CMD-SHELL":
            asked = command[0].replace("$$", "$")
            command = ["env", f"HOSTNAME={socket.gethostname()}", "sh", "-c", asked]
        elif service == "web":
            command.append(str(self.web_port))
        return self.ask(*command).returncode == 0

    # -- from outside --------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.https_port}"

    def is_up(self) -> bool:
        assert self.parts["web"].poll() is None, (self.folder / "web.log").read_text()[-3000:]
        with suppress(OSError):
            return self.get("/healthz")[0] == 200
        return False

    def get(
        self, path: str, data: bytes | None = None, url: str = "", host: str = HOST, **more: str
    ) -> tuple[int, dict[str, str], str]:
        """Status, headers and text of an answer; redirects are not followed."""
        headers = {"Host": host, **{name.replace("_", "-"): text for name, text in more.items()}}
        request = Request(f"{url or self.url}{path}", data, headers)
        opener = build_opener(AtHost(context=unverified()), NoRedirects())
        try:
            with opener.open(request, timeout=30) as got:
                return got.status, dict(got.headers), got.read().decode()
        except HTTPError as refusal:
            return refusal.code, dict(refusal.headers), refusal.read().decode()

    def opener(self) -> OpenerDirector:
        """A browser's, which follows redirects."""
        return build_opener(AtHost(context=unverified()))

    def direct(self, path: str) -> tuple[int, dict[str, str], str]:
        """From the web server itself, as those inside ask it."""
        return self.get(path, url=f"http://127.0.0.1:{self.web_port}")


class AtHost(HTTPSHandler):
    """Asks by the site's name, though its port here is another."""

    def https_request(self, request: Request) -> Request:
        for name, text in (("Host", HOST), ("Referer", f"https://{HOST}/")):
            if not request.has_header(name):
                request.add_unredirected_header(name, text)
        return super().https_request(request)


class NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context

"""EMAIL_URL and IMAP_URL as the settings understand them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection

from imrsite.mail.addresses import MailAddressError, email_settings, imap_address
from tests.mail_server import PASSWORD, USER, tls_server

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("url", "port", "ssl", "tls"),
    [
        ("smtp://mail.example.org", 25, False, False),
        ("smtp://mail.example.org:2525", 2525, False, False),
        ("smtps://mail.example.org", 465, True, False),
        ("smtps://mail.example.org:4650", 4650, True, False),
        ("submission://mail.example.org", 587, False, True),
        ("smtp+starttls://mail.example.org", 587, False, True),
    ],
)
def test_smtp(url, port, ssl, tls):
    found = email_settings(url)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example.org", port)
    assert (found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (ssl, tls)
    assert found["EMAIL_TIMEOUT"] > 0


def test_user_and_password_with_signs():
    found = email_settings("smtps://me%40example.org:p%2Fw@mail.example.org")
    assert found["EMAIL_HOST_USER"] == "me@example.org"
    assert found["EMAIL_HOST_PASSWORD"] == "p/w"


def test_a_folder_and_the_console():
    assert email_settings("file:///var/my%20mail")["EMAIL_FILE_PATH"] == "/var/my mail"
    assert email_settings("console://")["EMAIL_BACKEND"].endswith("console.EmailBackend")


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail", "file://mail", "smtp://x:port"])
def test_what_is_no_address_for_mail(url):
    with pytest.raises(MailAddressError):
        email_settings(url)


def test_a_mailbox():
    found = imap_address("imaps://me%40example.org:p%2Fw@mail.example.org/IMR/Letters")
    assert (found.host, found.port, found.tls) == ("mail.example.org", 993, True)
    assert (found.user, found.password, found.folder) == ("me@example.org", "p/w", "IMR/Letters")
    assert imap_address("imap://a:b@127.0.0.1").folder == "INBOX"


@pytest.mark.parametrize(
    "url",
    ["imaps://mail.example.org", "imap://a:b@mail.example.org", "pop3://a:b@mail", "imaps://a@b"],
)
def test_what_is_no_mailbox(url):
    with pytest.raises(MailAddressError):
        imap_address(url)


@pytest.mark.parametrize("name", ["EMAIL_URL", "IMAP_URL"])
def test_settings_say_what_is_wrong(name, tmp_path):
    env = os.environ | {name: "http://mail:secret@x", "IMR_VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-c", "import imrsite.settings"]
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert f"ImproperlyConfigured: {name} is not the address" in run.stderr
    assert "secret" not in run.stderr


def test_mail_goes_out_by_starttls_and_password(settings, tmp_path, monkeypatch):
    with tls_server(tmp_path) as (inbox, port, certificate):
        url = f"submission://{USER}:{PASSWORD.replace('/', '%2F')}@localhost:{port}"
        for name, value in email_settings(url).items():
            setattr(settings, name, value)
        message = EmailMessage("Subject", "Words", "a@example.org", ["b@example.org"])
        message.connection = get_connection()
        with pytest.raises(OSError, match="certificate"):
            message.send()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        message.connection = get_connection()
        assert message.send() == 1
    assert [one["To"] for one in inbox.messages] == ["b@example.org"]

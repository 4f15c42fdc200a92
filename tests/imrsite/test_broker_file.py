"""The file by which commands find the broker of `make run`."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys

import pytest

from imrsite.running.broker_file import (
    broker_file,
    remove_broker_file,
    running_broker,
    write_broker_file,
)

URL = "redis://:secret@127.0.0.1:1234/0"


@pytest.fixture
def written(tmp_path):
    write_broker_file(tmp_path, URL)
    return tmp_path


def test_it_is_private_and_tells_the_address(written):
    assert stat.S_IMODE(broker_file(written).stat().st_mode) == 0o600
    assert running_broker(written) == URL


def test_removed_it_tells_nothing(written):
    remove_broker_file(written)
    assert running_broker(written) == ""
    remove_broker_file(written)


def test_of_a_process_that_was_killed_it_tells_nothing(tmp_path):
    write = (
        "from imrsite.running.broker_file import *;"
        f" write_broker_file(Path({str(tmp_path)!r}), {URL!r})"
    )
    subprocess.run([sys.executable, "-c", write], check=True)
    assert broker_file(tmp_path).exists()
    assert running_broker(tmp_path) == ""


def test_of_a_number_that_another_process_has_by_now_it_tells_nothing(written):
    told = json.loads(broker_file(written).read_text()) | {"started": "1"}
    assert told["pid"] == os.getpid()
    broker_file(written).write_text(json.dumps(told))
    assert running_broker(written) == ""


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"url": 1, "pid": "x", "started": 0}'])
def test_a_damaged_one_tells_nothing(tmp_path, text):
    broker_file(tmp_path).write_text(text)
    assert running_broker(tmp_path) == ""

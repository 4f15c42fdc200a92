"""Real letters are read right, by the truth and the scorer that stand beside them.

They lie outside of the repository (tests/bench/accuracy/real.py says where). The bar is held on
the letters that the parser was written with, so it guards against regressions; how letters read
that nobody looked at is another question.
"""

import fcntl
import json
import os

import pytest

from tests.bench.accuracy.real import find_letters, read_letters, score_output

LEAST_RIGHT = 99.8  # percent of all values


@pytest.fixture(scope="module")
def folder():
    found = find_letters()
    if found is None:
        reason = "The real letters are missing: set IMR_REAL_LETTERS to their folder"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}; CI must not skip", pytrace=False)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="module")
def lines(folder, tmp_path_factory):
    """What `manage.py parse` prints of each file; read by one process of a session for all."""
    own = tmp_path_factory.getbasetemp()
    session = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    shared = session / "real-letters.jsonl"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            shared.write_text("\n".join(read_letters(folder)))
    return shared.read_text().splitlines()


def test_nearly_all_is_right_and_no_citation_missing_or_spurious(folder, lines):
    score = score_output(folder, lines, verbose=True)
    assert score.letters == len(list(folder.glob("CM*.json"))) > 0
    assert score.right >= LEAST_RIGHT, score.report
    assert (score.missing, score.spurious) == (0, 0), score.report


def test_no_flag_says_that_a_field_is_missing_which_the_truth_has(folder, lines):
    wrong = []
    for line in lines:
        read = json.loads(line)
        truth = json.loads((folder / read["file"]).with_suffix(".json").read_text())["letters"][0]
        given = truth | truth["reviewer"]
        for flag in (flag for letter in read["letters"] for flag in letter["flags"]):
            missing = flag["code"].startswith("missing-") and given.get(flag["field"])
            if missing or flag["code"] == "unknown-format":
                wrong.append((read["file"], flag["code"]))
    assert wrong == []

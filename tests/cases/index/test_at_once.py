"""Many people at once, by threads and by other processes: every index is what the rows say."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Barrier, Thread

import pytest
from django.db import OperationalError, transaction

from cases.corrections.refresh import refresh_case
from cases.index.rows import CASE
from cases.index.texts import index_case
from cases.index.words import Phrase
from cases.models import Case, Citation, Issue
from tests.cases.index.conftest import Database, Process, faults_of
from tests.cases.index.made_cases import add_issue, cite, correct, new_case
from tests.product import ROOT

WRITERS = 4
ROUNDS = 50
DECISIONS = ("upheld", "overturned", "partially_overturned", "")
RATIONALES = ("Radiographs were normal.", "Tomography was normal.", "A fall from a ladder.")
KEPT = [Phrase("issue", "rationale", (word,)) for word in ("radiographs", "tomography", "ladder")]


# What somebody does. Each is one transaction.


def add(chance: random.Random) -> None:
    new_case(rationale=chance.choice(RATIONALES), decision=chance.choice(DECISIONS))


def change(chance: random.Random) -> None:
    if case := any_case(chance):
        correct(
            case,
            decision=chance.choice(DECISIONS),
            rationale=chance.choice(RATIONALES),
            body_parts=chance.choice([[], ["knee"], ["knee", "neck"]]),
        )


def give_another_issue(chance: random.Random) -> None:
    if case := any_case(chance):
        position = max((one.position for one in case.issues.all()), default=0) + 1
        issue = add_issue(case, position, "Norco", chance.choice(RATIONALES), "upheld")
        cite(issue, "maximus", 1, chance.choice(["Opioids", "Formulary"]))
        refresh_case(case)


def take_an_issue(chance: random.Random) -> None:
    if (case := any_case(chance)) and (issue := case.issues.last()):
        issue.delete()
        refresh_case(case)


def take_a_citation(chance: random.Random) -> None:
    if case := any_case(chance):
        Citation.objects.filter(issue=Issue.objects.filter(case=case).first()).delete()
        refresh_case(case)


def delete(chance: random.Random) -> None:
    if case := any_case(chance):
        case.delete()


def index_again(chance: random.Random) -> None:
    if case := any_case(chance):
        index_case(case)


def several(chance: random.Random) -> None:
    for _ in range(3):
        change(chance)


DEEDS = (add, add, change, change, give_another_issue, take_an_issue, take_a_citation, delete,
         index_again, several)  # fmt: skip


def any_case(chance: random.Random) -> Case | None:
    cases = list(Case.objects.select_for_update().order_by("pk"))
    return chance.choice(cases) if cases else None


def do_something(chance: random.Random, process: Process) -> None:
    """A third of it is taken back, and a third looked at before it is committed."""
    deed, taken_back, looks = chance.choice(DEEDS), chance.random() < 0.3, chance.random() < 0.3
    with process, transaction.atomic():
        deed(chance)
        if looks:
            with process.keeper.current() as index:
                for phrase in KEPT:
                    index.rows_with(phrase)
        if taken_back:
            transaction.set_rollback(True)


def look_at_words(process: Process) -> None:
    with process.look() as index:
        for phrase in KEPT:
            index.rows_with(phrase)


def sees_the_rows(process: Process) -> None:
    look_at_words(process)
    assert process.faults() == []


def test_after_any_of_two_hundred_changes_each_index_is_what_the_rows_say(database):
    chance = random.Random(1)
    writer, reader = database.process(), database.process()
    for _ in range(200):
        do_something(chance, writer)
        sees_the_rows(reader)
        if chance.random() < 0.5:
            sees_the_rows(writer)


def at_once(gate: Barrier, *deeds) -> None:
    """Runs them in threads; what any of them raised first is raised."""
    problems: list[BaseException] = []

    def run(deed) -> None:
        try:
            deed()
        except BaseException as problem:
            problems.append(problem)
            gate.abort()

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if problems:
        raise problems[0]


@pytest.mark.parametrize("shared", [False, True], ids=["processes", "threads of one process"])
def test_while_several_write_at_once_no_index_misses_a_change(database: Database, shared):
    """Four write, two look all the time; whenever all have stopped, every index is right."""
    processes = [database.process() for _ in range(WRITERS + 2)]
    if shared:
        for process in processes:
            process.keeper = processes[0].keeper
    *writers, first, second = processes
    gate = Barrier(WRITERS + 2)

    def write(seed: int, process: Process) -> None:
        chance = random.Random(seed)
        for _ in range(ROUNDS):
            gate.wait(30)
            try_something(chance, process)
            gate.wait(30)
            gate.wait(30)

    def read(process: Process) -> None:
        for _ in range(ROUNDS):
            gate.wait(30)
            for _ in range(5):
                look_at_words(process)
            gate.wait(30)
            sees_the_rows(process)
            gate.wait(30)

    at_once(
        gate,
        *(lambda seed=seed, one=one: write(seed, one) for seed, one in enumerate(writers)),
        lambda: read(first),
        lambda: read(second),
    )
    for process in processes:
        sees_the_rows(process)


def try_something(chance: random.Random, process: Process) -> None:
    """Two who lock each other out are told so by the database, and theirs is taken back."""
    with suppress(OperationalError, Case.DoesNotExist):
        do_something(chance, process)


# A process of the operating system

FOLLOW = """
import sys
from cases.index.current import keeper
from cases.index.words import Phrase
from tests.cases.index.conftest import faults_of
for line in sys.stdin:
    with keeper.current() as index:
        for word in ("radiographs", "tomography", "ladder"):
            index.rows_with(Phrase("issue", "rationale", (word,)))
        print("saw", len(index.spaces["case"].keys), faults_of(index), flush=True)
"""


@contextmanager
def follower(address: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-c", FOLLOW],
        env=os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait(30)


def told_by(process: subprocess.Popen[str]) -> str:
    process.stdin.write("look\n")
    process.stdin.flush()
    while (line := process.stdout.readline()) and not line.startswith("saw"):
        pass  # a greeting of the shell
    return line.strip()


def test_another_process_follows_every_change(database: Database):
    chance, writer = random.Random(3), database.process()
    with follower(database.address) as process:
        for _ in range(60):
            do_something(chance, writer)
            with writer:
                cases = Case.objects.count()
            assert told_by(process) == f"saw {cases} []"
    with writer.look() as index:
        assert len(index.spaces[CASE].keys) == cases
        assert faults_of(index) == []

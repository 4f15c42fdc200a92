"""The index as the database stands now: each process holds one, and brings it up to date before
it is asked.

What a change of a case made other is read again from its rows. What is read inside a transaction
may yet be taken back with it (`provisional`), and is read again when the transaction is over.
"""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import RLock

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import Max
from pyroaring import BitMap

from cases.index.changes import Changes, changes_since
from cases.index.index import Index
from cases.index.rows import CASE, CITATION, ISSUE, CaseSelection, new_spaces, read_rows
from cases.index.snapshot import SnapshotState, load_snapshot, save_snapshot
from cases.index.words import WordSets
from cases.models import Case

NO_CHANGE = 2**62  # no number is as high: a process that knows nothing yet asks for no changes
log = logging.getLogger(__name__)

CHUNK = 4000  # cases read at once
CHANGES_BEFORE_SAVE = 5000  # changed cases, after which the next process would start too slowly


class IndexKeeper:
    """Holds the index of this process.

    `known` are changes that were read and that later looks will be told of again. `provisional`
    are cases that were read inside a transaction, None if all were; `marks` stand among what that
    transaction would do on commit, for as long as nothing of it is taken back.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        self.asking = 0  # how many questions are under way, one within another
        self.forget()

    def forget(self) -> None:
        self.index = Index()
        self.state = SnapshotState(0, NO_CHANGE)
        self.known: dict[int, int] = {}
        self.provisional: set[int] | None = set()
        self.marks: list[Callable[[], None]] = []

    @contextmanager
    def current(self) -> Iterator[Index]:
        """For one question or several, all of the same state; nobody changes it meanwhile."""
        with self.lock:
            if not self.asking:
                self.catch_up()
            self.asking += 1
            try:
                yield self.index
            finally:
                self.asking -= 1

    def catch_up(self) -> None:
        over = bool(self.marks) and not self.marks_stand()
        if over and self.provisional is None:
            self.forget()
        changes = changes_since(self.state.horizon)
        other = changes.identity != self.state.identity or changes.horizon < self.state.horizon
        if other or len(changes.numbers) > len(self.known) + CHANGES_BEFORE_SAVE:
            self.start(changes)
            changes = changes_since(self.state.horizon)
        # What was forgotten meanwhile is not to be read again, and what was begun anew is kept.
        self.follow(changes, over=over and bool(self.marks))

    def follow(self, changes: Changes, *, over: bool) -> None:
        """What may yet be taken back is noted before it is read, and forgotten only when it was
        read again, so that a look which fails half way leaves nothing wrong behind."""
        unsure = set(self.provisional or ()) if over else set()
        numbers = changes.numbers.items()
        changed = unsure | {case for case, number in numbers if self.known.get(case) != number}
        inside = connection.in_atomic_block
        if inside:
            self.mark(changed, anew=over)
        keys = sorted(changed)
        for start in range(0, len(keys), CHUNK):
            self.renew(keys[start : start + CHUNK])
        if over:
            self.known = {case: n for case, n in self.known.items() if case not in unsure}
            self.provisional = changed if inside else set()
            self.marks = self.marks[-1:] if inside else []
        if inside:
            self.known.update(changes.told_apart)
        else:
            self.settle(changes)
        if len(changed) > CHANGES_BEFORE_SAVE:
            self.save()

    def mark(self, changed: set[int], *, anew: bool) -> None:
        if changed and self.provisional is not None:
            self.provisional |= changed
        if changed or anew or not self.marks:
            self.marks.append(lambda: None)
            transaction.on_commit(self.marks[-1])

    def marks_stand(self) -> bool:
        standing = {id(entry[1]) for entry in connection.run_on_commit}
        return all(id(mark) in standing for mark in self.marks)

    def settle(self, changes: Changes) -> None:
        """All of these changes were read."""
        self.state = SnapshotState(changes.identity, changes.horizon)
        self.known = {case: n for case, n in changes.told_apart.items() if n >= changes.horizon}

    def start(self, now: Changes) -> None:
        """From the file, if it is of this database and has followed it further than this process;
        else, where this process has followed another one or none, from the rows. One process at a
        time, so that the others find the file."""
        with file_lock():
            spaces = new_spaces()
            filed = load_snapshot(snapshot_path(), spaces)
            ours = self.state.horizon if self.state.identity == now.identity else 0
            if filed and filed.identity == now.identity and ours < filed.horizon <= now.horizon:
                self.forget()
                self.index.spaces, self.state = spaces, filed
            elif not ours or ours > now.horizon:
                self.forget()
                self.read_all()
                self.settle(now)
                if connection.in_atomic_block:
                    self.provisional = None
                self.save()

    def save(self) -> None:
        if connection.in_atomic_block:
            return
        try:
            save_snapshot(snapshot_path(), self.state, self.index.spaces)
        except OSError as problem:
            log.warning("The index was not saved, the next process starts slower: %s", problem)

    def renew(self, cases: list[int]) -> None:
        batches = read_rows(CaseSelection(keys=tuple(cases)))
        if connection.in_atomic_block:
            # FTS5 (3.40.1 at least) spoils its table where one transaction deletes a row, looks
            # for words that begin in some way, and writes again: no set is renewed here.
            self.index.words = WordSets()
        gone = {CASE: BitMap(cases)}
        gone[ISSUE] = self.index.moved(gone[CASE], CASE, ISSUE)
        gone[CITATION] = self.index.moved(gone[ISSUE], ISSUE, CITATION)
        for name, space in self.index.spaces.items():
            space.remove(gone[name])
            space.add(batches[name])
            fresh = BitMap(batches[name].keys)
            self.index.words.renew(name, gone[name] | fresh, fresh)

    def read_all(self) -> None:
        last = Case.objects.aggregate(last=Max("pk"))["last"] or 0
        for first in range(1, last + 1, CHUNK):
            batches = read_rows(CaseSelection(first=first, last=first + CHUNK - 1))
            for name, space in self.index.spaces.items():
                space.add(batches[name])


keeper = IndexKeeper()
current_index = keeper.current


def preload_index() -> None:
    """Reads the index in a process that others are forked from; they share its memory."""
    try:
        with current_index():
            pass
    except DatabaseError as problem:
        log.warning("The index could not be read ahead, each process reads its own: %s", problem)
    finally:
        connections.close_all()


def snapshot_path() -> Path:
    return Path(settings.VAR_DIR) / "index" / "snapshot"


@contextmanager
def file_lock() -> Iterator[None]:
    """Where no file can be locked none can be saved, and there is nothing to wait for."""
    path = snapshot_path().with_name("lock")
    with ExitStack() as held:
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            fcntl.flock(held.enter_context(path.open("w")), fcntl.LOCK_EX)
        yield

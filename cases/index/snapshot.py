"""The file from which a process starts: an index as it stood at some change.

A digest of all behind it, a line of JSON that says what follows, then columns and bitmaps as bytes.
It is a copy that costs time and nothing else to lose: one that does not fit, or is damaged, is made
anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from pyroaring import BitMap

from cases.index.space import Space

VERSION = 4  # of the file, and of what facts there are
DIGEST = blake2b().digest_size


@dataclass(frozen=True, slots=True)
class SnapshotState:
    """Of which database an index is, and how far it has followed it."""

    identity: int
    horizon: int


def save_snapshot(path: Path, state: SnapshotState, spaces: dict[str, Space]) -> None:
    """Written beside the file and put in its place at once, so that none is ever seen half."""
    parts = [*parts_of(spaces)]
    head = {
        "version": VERSION,
        "identity": state.identity,
        "horizon": state.horizon,
        "parts": [[*name, len(data)] for name, data in parts],
    }
    content = b"".join([json.dumps(head).encode(), b"\n", *(data for _, data in parts)])
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_name(f"{path.name}.{uuid4().hex}")
    try:
        with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(blake2b(content).digest())
            file.write(content)
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


Name = tuple[str, ...]


def parts_of(spaces: dict[str, Space]) -> Iterator[tuple[Name, bytes]]:
    for space in spaces.values():
        yield ("keys", space.name), space.keys.serialize()
        for name, column in space.columns.items():
            yield ("column", space.name, name), column.tobytes()
        for name, values in space.facts.items():
            for value, rows in values.items():
                if rows:
                    yield ("fact", space.name, name, value), rows.serialize()


def load_snapshot(path: Path, spaces: dict[str, Space]) -> SnapshotState | None:
    """Fills empty spaces; None, where there is no file that fits, and they are not to be used."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        whole = path.read_bytes()
        if whole[:DIGEST] != blake2b(memoryview(whole)[DIGEST:]).digest():
            return None
        end = whole.index(b"\n", DIGEST)
        head = json.loads(whole[DIGEST:end])
        if head["version"] != VERSION:
            return None
        fill_spaces(spaces, head["parts"], memoryview(whole)[end + 1 :])
        return SnapshotState(head["identity"], head["horizon"])
    return None


def fill_spaces(spaces: dict[str, Space], parts: list[list[Any]], body: memoryview) -> None:
    at = 0
    for kind, name, *names, length in parts:
        data, space = body[at : at + length], spaces[name]
        at += length
        match kind:
            case "keys":
                space.keys = BitMap.deserialize(bytes(data))
            case "column":
                space.columns[names[0]] = np.frombuffer(data, np.int32).copy()
            case "fact":
                space.facts[names[0]][names[1]] = BitMap.deserialize(bytes(data))

"""The index that this machine keeps in a file, against the cases: a change that was not recorded
would show the same wrong numbers on every page."""

from __future__ import annotations

from collections.abc import Iterator

from cases.data_checks.registry import REFRESH_ALL, Finding, Options, checks
from cases.index.current import IndexKeeper, keeper
from cases.index.space import Space, array


def check_index(options: Options) -> Iterator[Finding]:
    fresh = IndexKeeper()
    fresh.read_all()
    with keeper.current() as index:
        for name, space in index.spaces.items():
            for what in differences(space, fresh.index.spaces[name]):
                yield Finding(
                    f"index of every {name}", f"differs from the rows in {what}", REFRESH_ALL
                )


def differences(kept: Space, fresh: Space) -> Iterator[str]:
    if kept.keys != fresh.keys:
        yield "which there are"
    for name, values in fresh.facts.items():
        for value in sorted(values.keys() | kept.facts[name].keys()):
            if kept.holding(name, value) != fresh.holding(name, value):
                yield f"{name} {value}".strip()
    keys = array(fresh.keys & kept.keys)
    for name in sorted(fresh.columns.keys() | kept.columns.keys()):
        if not (kept.column(name, keys) == fresh.column(name, keys)).all():
            yield name


checks.append(check_index)

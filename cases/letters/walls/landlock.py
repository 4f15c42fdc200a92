"""Landlock: which files a process and its descendants can open, by path."""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cases.letters.walls.syscalls import NUMBERS_HERE, syscall

CREATE_RULESET_VERSION = 1
RULE_PATH_BENEATH = 1

# linux/landlock.h
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE = 1 << 4, 1 << 5
MAKE_DIR, MAKE_REG, MAKE_FIFO, MAKE_SYM = 1 << 7, 1 << 8, 1 << 10, 1 << 12
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15

READ = READ_FILE | READ_DIR
RUN = READ | EXECUTE
CHANGE = REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_FIFO | MAKE_SYM
WRITE = READ | WRITE_FILE | CHANGE | REFER | TRUNCATE
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV  # a file's rule has no others

ALL_NET = 0b11  # binding and connecting of TCP sockets
ALL_SCOPES = 0b11  # abstract Unix sockets and signals, across the domain


@dataclass(frozen=True, slots=True)
class PathRule:
    """What is allowed with a file, or with all that lies beneath a folder."""

    path: Path
    access: int


def abi() -> int:
    """The version of Landlock that the kernel offers; 0 without any."""
    if not NUMBERS_HERE:
        return 0
    try:
        return syscall("landlock_create_ruleset", None, 0, CREATE_RULESET_VERSION)
    except OSError:
        return 0


def handled_access(version: int) -> int:
    """All that this version can refuse in the file system."""
    last = IOCTL_DEV if version >= 5 else {1: MAKE_SYM, 2: REFER}.get(version, TRUNCATE)
    return (last << 1) - 1


def ruleset_attributes(version: int) -> bytes:
    """struct landlock_ruleset_attr, which grew with the versions."""
    words = [handled_access(version)]
    if version >= 4:
        words.append(ALL_NET)
    if version >= 6:
        words.append(ALL_SCOPES)
    return struct.pack(f"={len(words)}Q", *words)


def restrict(rules: Sequence[PathRule], version: int) -> None:
    """Refuses the calling thread and its descendants all that no rule allows.

    Paths that don't exist are left out.

    Raises:
        OSError: the kernel refuses it. `no_new_privs` must be set before.
    """
    attributes = ruleset_attributes(version)
    ruleset = syscall("landlock_create_ruleset", ctypes.c_char_p(attributes), len(attributes), 0)
    try:
        for rule in rules:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                add_rule(ruleset, rule, handled_access(version))
        syscall("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def add_rule(ruleset: int, rule: PathRule, handled: int) -> None:
    descriptor = os.open(rule.path, os.O_PATH | os.O_CLOEXEC)
    try:
        access = rule.access & handled
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            access &= OF_FILES
        attributes = struct.pack("=Qi", access, descriptor)
        syscall("landlock_add_rule", ruleset, RULE_PATH_BENEATH, ctypes.c_char_p(attributes), 0)
    finally:
        os.close(descriptor)

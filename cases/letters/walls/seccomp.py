"""seccomp: a filter of system calls, as a BPF program.

The program refuses a foreign architecture by killing the process, a denied call with EPERM, and
every call that is newer than this module with ENOSYS, so that the C library falls back to older
ones. All other calls are allowed.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from cases.letters.walls.syscalls import AUDIT_ARCH, MACHINE, NUMBERS_HERE, syscall

SET_MODE_FILTER = 1
GET_ACTION_AVAIL = 2
FLAG_TSYNC = 1  # all threads of the process

KILL_PROCESS = 0x80000000
ERRNO = 0x00050000
ALLOW = 0x7FFF0000
REFUSED = ERRNO | errno.EPERM
UNKNOWN = ERRNO | errno.ENOSYS

# linux/bpf_common.h
LOAD, JUMP_EQUAL, JUMP_AT_LEAST, AND, RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
NUMBER_OFFSET, ARCH_OFFSET, ARGUMENTS_OFFSET = 0, 4, 16  # of struct seccomp_data
WORD = 0xFFFFFFFF

# The calls from here on are known by number on all architectures; those that are not named below
# are unknown to programs that run behind the filter.
FIRST_NEW = 424
NEW_AND_ALLOWED = (
    "close_range",
    "faccessat2",
    "epoll_pwait2",
    "landlock_create_ruleset",
    "landlock_add_rule",
    "landlock_restrict_self",
    "futex_waitv",
)

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


@dataclass(frozen=True, slots=True)
class Check:
    """A call allowed only where the low word of an argument, masked, has one of some values.

    The arguments that are checked are of type int, or flags in the low word, so that nothing
    hides in the high one.
    """

    name: str
    argument: int
    values: tuple[int, ...]
    mask: int = WORD


@dataclass(frozen=True, slots=True)
class Policy:
    """Calls that are refused, and calls that are refused unless their checks hold."""

    denied: frozenset[str]
    checks: tuple[Check, ...] = ()


def is_available() -> bool:
    if not NUMBERS_HERE:
        return False
    try:
        syscall("seccomp", GET_ACTION_AVAIL, 0, ctypes.byref(ctypes.c_uint32(KILL_PROCESS)))
    except OSError:
        return False
    return True


def install(policy: Policy) -> None:
    """Puts the calling process, all its threads and its descendants behind the filter.

    Raises:
        OSError: the kernel refuses it. `no_new_privs` must be set before.
    """
    program = assemble(build_program(policy))
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    syscall("seccomp", SET_MODE_FILTER, FLAG_TSYNC, ctypes.c_char_p(header))


def assemble(program: Sequence[Instruction]) -> bytes:
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def build_program(policy: Policy) -> list[Instruction]:
    program = [
        (LOAD, 0, 0, ARCH_OFFSET),
        (JUMP_EQUAL, 1, 0, AUDIT_ARCH[MACHINE]),
        (RETURN, 0, 0, KILL_PROCESS),
        (LOAD, 0, 0, NUMBER_OFFSET),
    ]
    for name in sorted(policy.denied):
        program += refuse(NUMBERS_HERE.get(name))
    for check in policy.checks:
        program += require(NUMBERS_HERE.get(check.name), check)
    return program + refuse_new() + [(RETURN, 0, 0, ALLOW)]


def refuse(number: int | None) -> list[Instruction]:
    if number is None:
        return []
    return [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSED)]


def require(number: int | None, check: Check) -> list[Instruction]:
    """Refuses the call unless the check holds; if it holds, later instructions decide."""
    if number is None:
        return []
    block = [
        (LOAD, 0, 0, ARGUMENTS_OFFSET + 8 * check.argument),
        (AND, 0, 0, check.mask),
        *(
            (JUMP_EQUAL, left, 0, value)
            for left, value in zip(range(len(check.values), 0, -1), check.values, strict=True)
        ),
        (RETURN, 0, 0, REFUSED),
        (LOAD, 0, 0, NUMBER_OFFSET),
    ]
    return [(JUMP_EQUAL, 0, len(block), number), *block]


def refuse_new() -> list[Instruction]:
    """Unknown: every call from FIRST_NEW on but a few. x32 calls have numbers above all these."""
    allowed = [NUMBERS_HERE[name] for name in NEW_AND_ALLOWED]
    block = [
        *(
            (JUMP_EQUAL, left, 0, number)
            for left, number in zip(range(len(allowed), 0, -1), allowed, strict=True)
        ),
        (RETURN, 0, 0, UNKNOWN),
    ]
    return [(JUMP_AT_LEAST, 0, len(block), FIRST_NEW), *block]

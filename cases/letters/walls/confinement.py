"""Raises the walls around the calling process, and says which of them the kernel offers."""

from __future__ import annotations

import contextlib
import ctypes
import struct
from dataclasses import dataclass

from cases.letters.walls import landlock, seccomp
from cases.letters.walls.syscalls import NUMBERS_HERE, set_no_new_privileges, syscall

CAPABILITY_VERSION = 0x20080522
CAP_DAC_READ_SEARCH = 2  # kept: an interpreter may belong to another user than root


@dataclass(frozen=True, slots=True)
class WallsStatus:
    """What the kernel offers, or what stands: 0 and False where there is none."""

    landlock_abi: int
    seccomp: bool

    @property
    def complete(self) -> bool:
        return self.landlock_abi > 0 and self.seccomp


@dataclass(frozen=True, slots=True)
class Walls:
    """The files that a process can open, and the system calls that it is refused."""

    paths: tuple[landlock.PathRule, ...]
    policy: seccomp.Policy


def walls_available() -> WallsStatus:
    """What this kernel offers to this process."""
    return WallsStatus(landlock.abi(), seccomp.is_available())


def raise_walls(walls: Walls, *, newest_abi: int = 1000) -> WallsStatus:
    """Confines the calling process for good; what could not be set is missing in the status.

    Called while the process has one thread: Landlock holds for the thread that calls.

    Args:
        newest_abi: the newest version of Landlock to use, for tests of what older kernels offer.
    """
    if not NUMBERS_HERE:
        return WallsStatus(0, False)
    set_no_new_privileges()
    version = min(landlock.abi(), newest_abi)
    with contextlib.suppress(OSError):
        drop_capabilities()
    try:
        if version:
            landlock.restrict(walls.paths, version)
    except OSError:
        version = 0
    try:
        seccomp.install(walls.policy)
    except OSError:
        return WallsStatus(version, False)
    return WallsStatus(version, True)


def drop_capabilities() -> None:
    """Takes root's privileges, but for reading what file modes would refuse."""
    header = ctypes.c_char_p(struct.pack("=Ii", CAPABILITY_VERSION, 0))
    held = ctypes.create_string_buffer(24)  # effective, permitted, inheritable, twice
    syscall("capget", header, held)
    _, permitted, *_ = struct.unpack("=6I", held.raw)
    kept = permitted & (1 << CAP_DAC_READ_SEARCH)
    syscall("capset", header, ctypes.c_char_p(struct.pack("=6I", kept, kept, 0, 0, 0, 0)))

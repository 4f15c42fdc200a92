"""Kernel confinement of processes that handle untrusted files: Landlock and seccomp.

Pure Python through ctypes. Linux on x86_64 and aarch64; elsewhere nothing is set, and the status
says so. docs/decisions/0003-sandbox.md tells what is confined and what is not.
"""

from cases.letters.walls.confinement import Walls, WallsStatus, raise_walls, walls_available
from cases.letters.walls.profiles import programs_walls, reading_walls

__all__ = [
    "Walls",
    "WallsStatus",
    "programs_walls",
    "raise_walls",
    "reading_walls",
    "walls_available",
]

"""The two profiles: a process that only reads, and programs that write in one folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from cases.letters.walls.confinement import Walls
from cases.letters.walls.landlock import READ, READ_FILE, RUN, WRITE, WRITE_FILE, PathRule
from cases.letters.walls.seccomp import Check, Policy

CODE = Path(__file__).resolve().parents[1]  # cases/letters
ROOT = CODE.parents[1]
LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")
# PDFium draws the standard fonts, which letters don't embed, with those of the system.
SHARED = (
    "/usr/share/fonts",
    "/usr/share/X11/fonts",
    "/usr/local/share/fonts",
    "/usr/share/zoneinfo",
    "/usr/share/locale",
)
PROGRAMS = ("/bin", "/sbin", "/usr", "/lib", "/lib64")
PROGRAMS_SETTINGS = (
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ghostscript",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/papersize",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/cpu",
    "/var/lib/ghostscript",
    "/var/cache/fontconfig",
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")

# -- system calls ------------------------------------------------------------------------------

SOCKETS = "socket connect bind listen accept accept4"
MESSAGES = (
    "shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl"
    " mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr"
)
OTHER_PROCESSES = (
    "ptrace process_vm_readv process_vm_writev kcmp migrate_pages move_pages ioprio_set"
    " sched_setscheduler sched_setparam sched_setattr sched_setaffinity setsid setpgid"
)
SYSTEM = (
    "acct adjtimex bpf chroot clock_adjtime clock_settime create_module delete_module"
    " finit_module init_module ioperm iopl kexec_file_load kexec_load lookup_dcookie modify_ldt"
    " mount nfsservctl perf_event_open personality pivot_root quotactl reboot setdomainname"
    " sethostname setns settimeofday swapoff swapon sysfs _sysctl syslog umount2 unshare uselib"
    " userfaultfd vhangup add_key keyctl request_key mbind set_mempolicy io_setup io_submit"
    " sync syncfs"
)
IDENTITY = "setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset"
# What Landlock doesn't cover: metadata by path, files by handle, news of directories.
PAST_LANDLOCK = (
    "chmod fchmod fchmodat chown fchown lchown fchownat utime utimes utimensat futimesat"
    " setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr"
    " name_to_handle_at open_by_handle_at"
    " inotify_init inotify_init1 inotify_add_watch fanotify_init fanotify_mark"
)
# A process that only reads: receiving on a socket it inherited is all that is left of networking.
WRITING = (
    "creat truncate ftruncate fallocate unlink unlinkat rename renameat renameat2 link linkat"
    " symlink symlinkat mkdir mkdirat rmdir mknod mknodat memfd_create splice tee vmsplice"
    " sendfile copy_file_range flock socketpair sendto sendmsg sendmmsg"
)
PROGRAMS_AND_SIGNALS = "fork vfork execve execveat tkill rt_sigqueueinfo rt_tgsigqueueinfo prctl"
SIGNALS = "kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo"


def names(*lists: str) -> frozenset[str]:
    return frozenset(" ".join(lists).split())


NEVER = names(SOCKETS, MESSAGES, OTHER_PROCESSES, SYSTEM, IDENTITY, PAST_LANDLOCK)
WHEN_READING = NEVER | names(WRITING, PROGRAMS_AND_SIGNALS)

CLONE_THREAD = 0x10000
CLONE_NEW = 0x7E020000  # every kind of namespace
# How a file is opened, and the ways that don't truncate what is only read: Landlock doesn't know
# of that before its version 3.
ACCESS = os.O_TRUNC | os.O_ACCMODE
HARMLESS = (*range(4), os.O_TRUNC | os.O_WRONLY, os.O_TRUNC | os.O_RDWR)
OPENS_TO_WRITE = os.O_ACCMODE | os.O_CREAT | os.O_TRUNC | 0o20000000  # O_TMPFILE's own bit
# TCGETS (is it a terminal?), TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
# Descriptors, flags and locks; not the owner that a descriptor sends signals to, nor leases.
FCNTLS = (*range(8), 36, 37, 38, *range(1030, 1035))

COMMON = (
    Check("ioctl", 1, IOCTLS),
    Check("fcntl", 1, FCNTLS),
    Check("setpriority", 0, (0,)),  # PRIO_PROCESS
    Check("setpriority", 1, (0,)),  # itself
)


def reading_walls() -> Walls:
    """For the process that reads PDFs: the interpreter and its packages, to read.

    Files come to it as open descriptors.
    """
    paths = [*interpreter_paths(), *map(Path, LIBRARIES), *map(Path, SHARED), CODE]
    rules = tuple(PathRule(path, READ) for path in dict.fromkeys(paths))
    own = (0, os.getpid())
    checks = (
        Check("clone", 0, (CLONE_THREAD,), CLONE_THREAD | CLONE_NEW),
        Check("open", 1, (0,), OPENS_TO_WRITE),
        Check("openat", 2, (0,), OPENS_TO_WRITE),
        Check("kill", 0, own[1:]),
        Check("tgkill", 0, own[1:]),
        Check("prlimit64", 0, own),
    )
    return Walls(rules, Policy(WHEN_READING, COMMON + checks))


def interpreter_paths() -> list[Path]:
    """Where the interpreter finds what it imports, without the project's own folder."""
    base = Path(sys.base_prefix)
    imported = [Path(entry).resolve() for entry in sys.path if entry]
    found = [base / "lib", base / "lib64", *imported]
    return [path for path in found if not ROOT.is_relative_to(path)]


def programs_walls(
    folder: Path, *, readable: Iterable[Path] = (), programs: Iterable[Path] = (), abi: int
) -> Walls:
    """For programs of the system that work on untrusted files, and what they start.

    Args:
        folder: where they write.
        readable: files that they read besides.
        programs: programs that may lie outside of /usr.
        abi: Landlock's version. From 3 on it knows truncating, and from 6 on it keeps signals
            among these programs; before, both calls are refused.
    """
    rules = [PathRule(folder, WRITE)]
    rules += [PathRule(path, READ_FILE) for path in readable]
    rules += [PathRule(Path(path), RUN) for path in PROGRAMS]
    rules += [PathRule(path, RUN) for program in programs for path in installation(program)]
    rules += [PathRule(Path(path), READ) for path in PROGRAMS_SETTINGS]
    rules += [PathRule(Path(path), READ_FILE | WRITE_FILE) for path in DEVICES]
    checks = (
        Check("clone", 0, (0,), CLONE_NEW),
        Check("prlimit64", 0, (0,)),
        Check("open", 1, HARMLESS, ACCESS),
        Check("openat", 2, HARMLESS, ACCESS),
    )
    denied = NEVER | (names() if abi >= 6 else names(SIGNALS))
    denied |= names() if abi >= 3 else names("truncate")
    return Walls(tuple(rules), Policy(denied, COMMON + checks))


def installation(program: Path) -> Sequence[Path]:
    """The folders of a program that lies outside of /usr, and of the interpreter it names."""
    places = [program.parent, program.resolve().parent, *interpreter_of(program)]
    found: list[Path] = []
    for place in places:
        if place.name == "bin":
            found += [place.parent / name for name in ("lib", "lib64", "share", "pyvenv.cfg")]
        found.append(place)
    return [path for path in found if not path.is_relative_to("/usr")]


def interpreter_of(program: Path) -> list[Path]:
    with program.open("rb") as file:
        first = file.readline(256)
    words = first[2:].split()
    if not first.startswith(b"#!") or not words:
        return []
    interpreter = Path(os.fsdecode(words[0]))
    return [interpreter.parent, interpreter.resolve().parent]

"""System calls that Python 3.10 does not offer: namespaces, mounts, capabilities. Each raises OSError, as Python's own would."""

import ctypes
import functools
import os

CLONE_NEWNS = 0x00020000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_REMOUNT = 32
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18
_MNT_DETACH = 2

_PR_SET_PDEATHSIG = 1
_PR_CAPBSET_DROP = 24
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4

_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "ppc64le": 203, "s390x": 217}

_ORDINARY_CAPABILITIES = frozenset({0, 1, 2, 3, 4, 5, 6, 7})
"""What root may do to files and its own processes (linux/capability.h: CHOWN to SETUID), none of which reaches beyond a namespace."""


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def unshare(flags: int) -> None:
    """Moves this process into new namespaces; its children too, and those alone for CLONE_NEWPID."""
    _checked(_libc().unshare(flags), "unshare")


def mount(source: str, target: str, *, kind: str | None = None, flags: int = 0, options: str | None = None) -> None:
    """What the system call of that name does."""
    encoded = [None if text is None else os.fsencode(text) for text in (source, target, kind, options)]
    _checked(_libc().mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3]), f"mount {target}")


def enter_root(folder: str) -> None:
    """Makes a mounted folder the root of this mount namespace, and takes the old root out of sight."""
    number = _PIVOT_ROOT.get(os.uname().machine)
    if number is None:
        raise OSError(f"pivot_root has no known number on {os.uname().machine}")
    os.chdir(folder)
    _checked(_libc().syscall(ctypes.c_long(number), b".", b"."), "pivot_root")
    _checked(_libc().umount2(b".", _MNT_DETACH), "umount the old root")
    os.chdir("/")


def die_with_parent(signal: int) -> None:
    """Sends this process a signal when the process that made it ends."""
    _prctl(_PR_SET_PDEATHSIG, signal)


def adopt_orphans() -> None:
    """Makes this process the parent of descendants whose own parents end."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def gain_no_privileges() -> None:
    """From now on no program that is executed gains rights by its owner or its capabilities."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def keep_ordinary_capabilities() -> None:
    """A program executed from here on cannot mount, load, trace, make devices or change the network, whoever its user is."""
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    for capability in range(64):
        if capability not in _ORDINARY_CAPABILITIES:
            try:
                _prctl(_PR_CAPBSET_DROP, capability)
            except OSError:
                return  # the first that this kernel does not know


def _prctl(option: int, value: int) -> None:
    arguments = [ctypes.c_ulong(number) for number in (value, 0, 0, 0)]
    _checked(_libc().prctl(ctypes.c_int(option), *arguments), f"prctl {option}")

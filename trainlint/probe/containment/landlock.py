"""Landlock (Linux 5.13, no privileges needed): the kernel refuses writes outside given folders, whatever makes them."""

import ctypes
import os
from collections.abc import Iterable

from trainlint.probe.containment import linux

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_ASKED = 1
_PATH_BENEATH = 1

_WRITE_FILE = 1 << 1
_CHANGES_OF_FOLDERS = sum(1 << bit for bit in range(4, 13))  # REMOVE_DIR, REMOVE_FILE, MAKE_CHAR … MAKE_SYM
_REFER = 1 << 13  # renames and links from folder to folder, since version 2
_TRUNCATE = 1 << 14  # since version 3


class _Ruleset(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64),)


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def version() -> int:
    """The version of Landlock that this kernel speaks, 0 where it has none or it is switched off."""
    return max(_call(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_ASKED), 0)


def write_only_below(folders: Iterable[str], files: Iterable[str]) -> None:
    """From now on this process and its children change nothing but what lies in the folders, and the content of the files.

    A file may be a folder, in which existing files can be written and nothing made or deleted. Raises OSError where the kernel
    refuses.
    """
    known = version()
    if not known:
        raise OSError("the kernel has no Landlock")
    rights = _WRITE_FILE | _CHANGES_OF_FOLDERS | (_REFER if known >= 2 else 0) | (_TRUNCATE if known >= 3 else 0)
    rules = _Ruleset(handled_access_fs=rights)
    ruleset = _checked(_call(_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(ctypes.sizeof(rules)), 0))
    try:
        for paths, allowed in ((folders, rights), (files, rights & (_WRITE_FILE | _TRUNCATE))):
            for path in paths:
                _allow(ruleset, path, allowed)
        linux.gain_no_privileges()
        _checked(_call(_RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, allowed: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no leave
    try:
        rule = _PathBeneath(allowed_access=allowed, parent_fd=opened)
        _checked(_call(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0))
    finally:
        os.close(opened)


def _call(number: int, *arguments: object) -> int:
    call = ctypes.CDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    return int(call(ctypes.c_long(number), *arguments))


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), f"Landlock: {os.strerror(ctypes.get_errno())}")
    return result

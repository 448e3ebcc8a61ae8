"""What the files of a folder are, cheaply: sizes, times and numbers, never their content."""

import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass

from trainlint.probe.containment.outcome import Change

_SKIPPED = frozenset({".git", ".hg", "node_modules", "__pypackages__", "site-packages"})
"""Folders with very many files, in which a training program has no business."""

_OWN = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))) + os.sep
"""Where trainlint lies: in a checkout of it, Python keeps there what it has compiled of the supervisor."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The files below a folder at one time."""

    entries: dict[str, tuple[int, ...]]
    whole: bool
    """Whether all files were seen within the limits."""
    foreign_groups: bool
    """This user may write some of them, and they belong to another group than this process: a user namespace cannot name that group."""


def fingerprint(folder: str, *, most_files: int = 50_000, seconds: float = 2.0) -> Fingerprint:
    """What lies in a folder now.

    The time at which the kernel last touched an entry is part of it, which no program can set back.
    """
    entries: dict[str, tuple[int, ...]] = {}
    deadline = time.monotonic() + seconds
    foreign, whole = False, True
    for path, found in _walk(folder):
        if len(entries) >= most_files or time.monotonic() > deadline:
            whole = False
            break
        entries[path] = (found.st_mode, found.st_ino)
        if not stat.S_ISDIR(found.st_mode):
            entries[path] += (found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        foreign = foreign or _is_foreign(found)
    return Fingerprint(entries, whole=whole, foreign_groups=foreign)


def _is_foreign(found: os.stat_result) -> bool:
    own, shared = found.st_uid == os.geteuid(), bool(found.st_mode & 0o022)
    return (own and found.st_gid != os.getegid()) or (not own and shared and not stat.S_ISLNK(found.st_mode))


def compared(before: Fingerprint, after: Fingerprint) -> tuple[Change, ...]:
    """What changed in between, by path. Where a limit was reached, only files that both saw can be told to have changed."""
    changes = [
        Change(path, "changed") for path in before.entries.keys() & after.entries.keys() if before.entries[path] != after.entries[path]
    ]
    if after.whole:
        changes += [Change(path, "removed") for path in before.entries.keys() - after.entries.keys()]
    if before.whole:
        changes += [Change(path, "added") for path in after.entries.keys() - before.entries.keys()]
    return tuple(sorted(changes, key=lambda change: change.path))


def _walk(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    yield folder, os.stat(folder)
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue  # gone, or not to be read: by the program neither
        for entry in found:
            try:
                told = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if stat.S_ISDIR(told.st_mode):
                if entry.name in _SKIPPED or (entry.name == "__pycache__" and entry.path.startswith(_OWN)):
                    continue
                waiting.append(entry.path)
            yield entry.path, told

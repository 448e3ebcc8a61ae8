"""Folders for what a run writes, which are gone afterwards, also where this process was killed in between.

Each is locked as long as its process lives: the kernel gives a lock back however a process ends. So the next run knows which folders
nobody needs any more, and removes them.
"""

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "trainlint-probe-"
_YOUNG = 60.0
"""Seconds for which a folder is left alone: its process may not have locked it yet."""


@contextmanager
def scratch() -> Iterator[str]:
    """A new folder, and an end to those of processes that were killed."""
    import fcntl

    sweep()
    folder = tempfile.mkdtemp(prefix=PREFIX)
    lock = os.open(folder, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        _remove(folder)
        os.close(lock)


def sweep(older_than: float = _YOUNG) -> None:
    """Removes the folders whose processes are gone."""
    import fcntl

    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            state = folder.lstat()
            if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid() or time.time() - state.st_mtime < older_than:
                continue
            lock = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(str(folder))
            finally:
                os.close(lock)


def _remove(folder: str) -> None:
    """An overlay leaves folders behind that not even their owner may look into."""
    for path, folders, _ in os.walk(folder):
        for name in folders:
            folder_below = os.path.join(path, name)
            with suppress(OSError):
                if not os.path.islink(folder_below):
                    os.chmod(folder_below, stat.S_IRWXU)
    shutil.rmtree(folder, ignore_errors=True)

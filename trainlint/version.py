"""The version of trainlint as far as results depend on it, and the digests that they are kept under.

This is imported before anything else, so it needs as good as nothing itself.
"""

import os
import sys

__version__ = "0.1.0.dev0"

_full: list[str] = []


def full_version() -> str:
    """The version with that of Python; while trainlint is being developed, also with the time of its newest file."""
    if not _full:
        version = f"{__version__}-py{sys.version_info[0]}{sys.version_info[1]}"
        _full.append(f"{version}-{_newest(os.path.dirname(__file__))}" if "dev" in __version__ else version)
    return _full[0]


def _newest(folder: str) -> int:
    """When a source file below a folder was last changed, in nanoseconds."""
    newest = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                newest = max(newest, entry.stat().st_mtime_ns)
            elif entry.is_dir() and entry.name != "__pycache__":
                newest = max(newest, _newest(entry.path))
    return newest


def digest(data: bytes) -> str:
    """The same for the same bytes alone."""
    try:
        from _blake2 import blake2b  # as in hashlib, which loads all of OpenSSL for it
    except ImportError:
        from hashlib import blake2b
    return blake2b(data, digest_size=20).hexdigest()

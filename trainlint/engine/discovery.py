"""Which files to check: those that were named, and the Python files in the folders that were named."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from trainlint.engine.usage import UsageError

SKIPPED_FOLDERS = frozenset({"__pycache__", "__pypackages__", "build", "dist", "node_modules", "site-packages", "venv"})
"""Folders that hold no code of the user's; hidden ones (.git, .venv, .tox …) and virtual environments of any name are skipped too."""


def discover(paths: "Iterable[str | os.PathLike[str]]") -> list[Path]:
    """The files to check: absolute and without links, each once, in the order of their paths.

    A named file is taken whatever its suffix, a named folder whatever its name. Links to folders are not followed.
    """
    found: set[Path] = set()
    for path in paths:
        start = Path(path)
        if not start.exists():
            raise UsageError(f"there is no file or folder `{path}`")
        if start.suffix == ".ipynb":
            raise UsageError(f"`{path}` is a notebook, which cannot be read yet; convert it to a .py file first")
        found.update(file.resolve() for file in (_walk(start) if start.is_dir() else [start]))
    return sorted(found)


def _walk(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not _is_skipped(here, name)]
        yield from (Path(here, name) for name in files if name.endswith(".py") and not name.startswith("."))


def _is_skipped(here: str, name: str) -> bool:
    return name.startswith(".") or name in SKIPPED_FOLDERS or os.path.exists(os.path.join(here, name, "pyvenv.cfg"))  # noqa: PTH110, PTH118 - a hot loop

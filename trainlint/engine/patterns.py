"""Patterns of files, in the language of `.gitignore`."""

import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Patterns:
    """Patterns that relate to a folder; what lies elsewhere matches none of them."""

    def __init__(self, root: Path, patterns: Iterable[str]) -> None:
        self.root = root
        self.lines = tuple(patterns)
        self._prefix = os.path.join(root, "")  # noqa: PTH118 - it is asked for every file of a tree, and texts are quick

    @cached_property
    def _spec(self) -> "GitIgnoreSpec":
        from pathspec import GitIgnoreSpec

        return GitIgnoreSpec.from_lines(self._relative(line) for line in self.lines)

    def _relative(self, line: str) -> str:
        """A pattern that starts with the folder's own path, without it."""
        prefix = f"{self.root.as_posix()}/"
        return line[len(prefix) - 1 :] if line.startswith(prefix) else line.removeprefix("./")

    def decision(self, path: Path, *, folder: bool = False) -> bool | None:
        """Whether the last pattern that fits says yes or, with `!`, no; None where none fits."""
        if not self.lines or not (whole := os.fspath(path)).startswith(self._prefix):
            return None
        return self._spec.check_file(whole[len(self._prefix) :].replace(os.sep, "/") + ("/" if folder else "")).include

    def match(self, path: Path, *, folder: bool = False) -> bool:
        """Whether a file or folder is meant."""
        return bool(self.decision(path, folder=folder))

"""What files say: the texts of an editor before those on the disk, and what has been made of each of them.

This module is imported before it is known whether anything will be parsed, so it stays free of LibCST.
"""

import os
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from trainlint.source.reading import UnreadableFile, mentions_training, read

if TYPE_CHECKING:
    from trainlint.source.chunks import ChunkCache
    from trainlint.source.source_file import SourceFile

T = TypeVar("T")
Stamp: TypeAlias = Hashable
"""Differs between any two versions of a file."""


class Texts:
    """The texts of files. What is derived from a text is kept until the text is another.

    `unsaved` are the texts, by absolute path without links, that stand before those on the disk; it may be replaced between two analyses.
    Nothing here may be used by two threads at once.
    """

    def __init__(self, unsaved: Mapping[Path, str] | None = None) -> None:
        self.unsaved: Mapping[Path, str] = unsaved or {}
        self._caches: dict[Path, ChunkCache] = {}
        self._parsed: dict[Path, tuple[Stamp, SourceFile]] = {}
        self._derived: dict[tuple[Path, Callable[[str], object]], tuple[Stamp, object]] = {}

    def read(self, path: Path) -> str:
        """The text of a file; raises `UnreadableFile` where there is none."""
        text = self.unsaved.get(path)
        return read(path) if text is None else text

    def is_file(self, path: Path) -> bool:
        """Whether there is such a file, on the disk or in the editor alone."""
        return path in self.unsaved or os.path.isfile(path)  # noqa: PTH113 - `Path.is_file` raises where one may not look

    def parse(self, path: Path) -> "SourceFile":
        """The statements of a file; of a file read before, only what has changed is parsed. Raises `UnreadableFile`."""
        stamp = self._stamp(path)
        known = self._parsed.get(path)
        if known is not None and stamp is not None and known[0] == stamp:
            return known[1]
        from trainlint.source.chunks import ChunkCache
        from trainlint.source.source_file import SourceFile

        file = SourceFile.parse(path, self.read(path), self._caches.setdefault(path, ChunkCache()))
        self._parsed[path] = stamp, file
        return file

    def mentions_training(self, path: Path) -> bool:
        """Whether the file mentions a training library; one that cannot be read does not."""
        return self.derive(path, mentions_training, default=False)

    def derive(self, path: Path, function: Callable[[str], T], default: T) -> T:
        """What a pure function makes of the text of a file, or `default` where it cannot be read."""
        stamp = self._stamp(path)
        if stamp is None:
            return default
        known = self._derived.get((path, function))
        if known is None or known[0] != stamp:
            try:
                known = stamp, function(self.read(path))
            except UnreadableFile:
                known = stamp, default
            self._derived[path, function] = known
        return known[1]  # type: ignore[return-value]

    def forget_except(self, paths: "set[Path]") -> None:
        """Lets go of the trees of all other files."""
        for path in self._parsed.keys() - paths:
            del self._parsed[path]
            del self._caches[path]

    def _stamp(self, path: Path) -> Stamp | None:
        """Tells versions of a file apart; None where there is no file."""
        text = self.unsaved.get(path)
        if text is not None:
            return text
        try:
            status = path.stat()
        except (OSError, ValueError):
            return None
        return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino

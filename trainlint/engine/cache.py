"""What earlier checks found, kept under a digest of everything that the result depends on.

A result is stored under the content of the files that were read together for it, who imports whom among them, the settings and
the version of trainlint. So it is never out of date, and two runs that write the same result write the same bytes. Files are put
in place whole: neither a kill nor another run can leave half of one.
"""

import json
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trainlint.bindings.import_graph import Component, FileFacts, imports_in
from trainlint.settings.values import Settings
from trainlint.source.reading import SUFFIX, UnreadableFile, decode, mentions_training, read_bytes
from trainlint.source.texts import Texts
from trainlint.version import digest, full_version

_OLD = 30 * 24 * 3600
"""Seconds after which a result that nobody has asked for is thrown away."""
_RACY = 2_000_000_000
"""Nanoseconds: a file changed so shortly before it was read may change again without its time showing it."""

Stamp = tuple[int, int, int, int]
"""Time of change of content and of the file, size and number: equal for equal content, but for a race that `_RACY` excludes."""


@dataclass(slots=True)
class Cache:
    """The folder that holds the results; without one, nothing is kept, but each file is still read once."""

    folder: Path | None
    texts: Texts = field(default_factory=Texts)
    _known: dict[str, tuple[Stamp, FileFacts]] = field(default_factory=dict)
    _facts: dict[str, FileFacts | None] = field(default_factory=dict)
    _stamps: dict[str, Stamp] = field(default_factory=dict)
    _racy: set[str] = field(default_factory=set)
    _valid: set[str] = field(default_factory=set)
    _changed: bool = False

    @classmethod
    def open(cls, root: Path | None, texts: "Texts | None" = None) -> "Cache":
        """The cache in a folder, as far as what lies there can be read; `texts` are those that stand before the disk's."""
        if root is None:
            return cls(None, texts or Texts())
        cache = cls(root / full_version(), texts or Texts())
        with suppress(OSError, ValueError, TypeError, KeyError):
            stored = json.loads((root / full_version() / "files.json").read_bytes())
            cache._valid.update(stored["settings"])
            for path, (stamp, digest, imports, training) in stored["files"].items():
                facts = FileFacts(digest, tuple((module, tuple(names)) for module, names in imports), training)
                cache._known[path] = tuple(stamp), facts
        return cache

    # Files

    def facts(self, path: str) -> FileFacts | None:
        """What is known of a file; None for a folder. It is read again when its time, size or place on the disk has changed."""
        if path in self._facts:
            return self._facts[path]
        facts = self._facts[path] = self._looked_up(path)
        return facts

    def _looked_up(self, path: str) -> FileFacts | None:
        unsaved = self.texts.unsaved.get(Path(path)) if self.texts.unsaved else None
        if unsaved is not None:
            return _facts_of(unsaved.encode("utf-8", "surrogatepass"), unsaved)
        try:
            status = os.stat(path)
        except OSError:
            return FileFacts("", (), mentions_training=False, readable=False)
        stamp = status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
        self._stamps[path] = stamp
        known = self._known.get(path)
        if known is not None and known[0] == stamp:
            return known[1]
        if os.path.isdir(path):
            return None
        now = time.time_ns()
        facts = _read_facts(Path(path))
        if now - max(stamp[0], stamp[1]) <= _RACY:
            self._racy.add(path)
        elif facts.readable:
            self._known[path] = stamp, facts
            self._changed = True
        return facts

    def files(self) -> "dict[str, list[int] | str | None]":
        """What was looked at, each file with its stamp, or with the digest of its content where the stamp may miss a change."""
        found: dict[str, list[int] | str | None] = {}
        for path, facts in self._facts.items():
            stamp = self._stamps.get(path)
            trusted = path not in self._racy or facts is None
            found[path] = list(stamp) if stamp is not None and trusted else facts.digest if facts is not None and facts.readable else None
        return found

    def is_unchanged(self, paths: Iterable[str]) -> bool:
        """Whether all of these files are still what they were when their facts were read."""
        return all(self._stamp_now(path) == self._stamps[path] for path in paths if path in self._stamps)

    @staticmethod
    def _stamp_now(path: str) -> Stamp | None:
        try:
            status = os.stat(path)
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino

    # Settings

    def is_valid(self, settings: Settings) -> bool:
        """Whether these settings have been found to name rules and options that exist."""
        return digest_of(settings) in self._valid

    def validated(self, settings: Settings) -> None:
        """Remembers that they do."""
        if (digest := digest_of(settings)) not in self._valid:
            self._valid.add(digest)
            self._changed = True

    # Results

    def key(self, component: Component, settings: "dict[str, Settings]", *, suppress_comments: bool) -> str:
        """The digest of everything that the result for a component depends on."""
        parts: list[Any] = [full_version(), suppress_comments, component.targets, component.edges, component.importers]
        parts.append([(path, facts.digest) if (facts := self.facts(path)) else path for path in component.files])
        parts.append([digest_of(settings[path]) for path in component.targets])
        return digest(json.dumps(parts).encode("utf-8", "surrogatepass"))

    def load(self, key: str) -> Any:
        """What is stored under a key; None where there is nothing, or nothing that can be read."""
        if self.folder is None:
            return None
        path = self.folder / key[:2] / f"{key}.json"
        try:
            data = json.loads(path.read_bytes())
        except (OSError, ValueError):
            return None
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _OLD / 30:
                os.utime(path)
        return data

    def store(self, key: str, data: Any) -> None:
        """Stores a result; a folder that cannot be written is no reason to complain."""
        if self.folder is not None:
            self._write(self.folder / key[:2] / f"{key}.json", data)

    def close(self) -> None:
        """Stores what is known of files, and throws old results away if anything has changed."""
        if self.folder is None or not self._changed:
            return
        files = {path: [stamp, facts.digest, facts.imports, facts.mentions_training] for path, (stamp, facts) in self._known.items()}
        self._write(self.folder / "files.json", {"settings": sorted(self._valid), "files": files})
        limit = time.time() - _OLD
        with suppress(OSError):
            for path in self.folder.glob("*/*"):
                if path.stat().st_mtime < limit:
                    path.unlink(missing_ok=True)

    def _write(self, path: Path, data: Any) -> None:
        assert self.folder
        with suppress(OSError):
            mark_root(os.fspath(self.folder.parent))
            write_whole(os.fspath(path), data)


def mark_root(root: str) -> None:
    """Makes the folder of a cache, and tells git and backups that nothing in it is worth keeping; raises `OSError`."""
    os.makedirs(root, exist_ok=True)
    for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n")):
        if not os.path.exists(f"{root}/{name}"):
            with open(f"{root}/{name}", "w", encoding="utf-8") as file:
                file.write(text)


@dataclass(slots=True)
class Inputs:
    """What a check looked at: files with their stamps (or the digest of one that may change unseen), folders, configuration files.

    `roots` are the folders below which any new file would have been looked at as well.
    """

    roots: tuple[str, ...] = ()
    files: "dict[str, list[int] | str | None]" = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    settings: tuple[str, ...] = ()


def write_whole(path: str, data: Any) -> None:
    """Writes data as JSON in the place of a file, at once; raises `OSError`."""
    import tempfile

    os.makedirs(os.path.dirname(path), exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=os.path.dirname(path))
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(data, file, separators=(",", ":"))
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def digest_of(settings: Settings) -> str:
    """The same for settings that mean the same."""
    return digest(json.dumps([str(settings.root), settings.shown()], sort_keys=True).encode())


def _read_facts(path: Path) -> FileFacts:
    try:
        data = read_bytes(path)
        text = decode(data, path)
        return _facts_of(data if path.suffix != SUFFIX else text.encode("utf-8", "surrogatepass"), text)
    except UnreadableFile as error:
        return FileFacts(error.reason, (), mentions_training=False, readable=False)


def _facts_of(data: bytes, text: str) -> FileFacts:
    return FileFacts(digest(data), imports_in(text), mentions_training(text))


def is_cache(folder: Path) -> bool:
    """Whether a folder is one that trainlint keeps its results in."""
    return (folder / "CACHEDIR.TAG").is_file() and any(each.name.partition("-py")[1] for each in folder.iterdir())

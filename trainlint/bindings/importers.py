"""Which files of a project import a given one, found by text: nothing is parsed for it."""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from trainlint.bindings.import_graph import imports_in
from trainlint.source.texts import Texts

SKIPPED_FOLDERS = {"__pycache__", "node_modules", "site-packages", "build", "dist", "venv", "env"}
MAX_FILES = 4_000
"""How many Python files of a project are looked at for who imports whom."""
MAX_ENTRIES = 40_000
"""How many entries of its folders: a project's data may be a million pictures."""


class ImportIndex:
    """What the files below some folders import.

    The folders are walked once; `refresh` has them walked again. Files are read again when they have changed.
    """

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self._files: dict[Path, tuple[Path, ...]] = {}
        self._importers: dict[tuple[Path, ...], dict[str, list[Path]]] = {}

    def refresh(self) -> None:
        """Files may have come, changed or gone."""
        self._files.clear()
        self._importers.clear()

    def importers(self, path: Path, roots: Iterable[Path]) -> Iterator[Path]:
        """Files that seem to import the given one, directly or through others, and mention training code.

        The nearest come first. They are found by text, so some may not. A package passes on what it imports.
        """
        roots = tuple(roots)
        queue, seen = deque([path]), {path}
        while queue:
            for other in self._direct(queue.popleft(), roots):
                is_package = other.name == "__init__.py"
                if other in seen or not (is_package or self.texts.mentions_training(other)):
                    continue
                seen.add(other)
                queue.append(other)
                if not is_package:
                    yield other

    def _direct(self, path: Path, roots: tuple[Path, ...]) -> list[Path]:
        name = path.parent.name if path.name == "__init__.py" else path.stem
        unsaved = [other for other in self.texts.unsaved if name in self._imported(other) and not set(roots).isdisjoint(other.parents)]
        return sorted(unsaved) + [other for other in self._names(roots).get(name, []) if other not in self.texts.unsaved]

    def _imported(self, path: Path) -> frozenset[str]:
        return self.texts.derive(path, imported_names, default=frozenset[str]())

    def _names(self, roots: tuple[Path, ...]) -> dict[str, list[Path]]:
        """Last part of every imported module name, to the files that import it."""
        index = self._importers.get(roots)
        if index is None:
            index = self._importers[roots] = {}
            for path in dict.fromkeys(path for root in roots for path in self._below(root)):
                for name in self._imported(path):
                    index.setdefault(name, []).append(path)
        return index

    def _below(self, root: Path) -> tuple[Path, ...]:
        files = self._files.get(root)
        if files is None:
            files = self._files[root] = tuple(python_files(root))
        return files


class KnownImporters(ImportIndex):
    """Importers that have been found beforehand."""

    def __init__(self, texts: Texts, importers: Mapping[Path, Sequence[Path]]) -> None:
        super().__init__(texts)
        self._known = importers

    def importers(self, path: Path, roots: Iterable[Path]) -> Iterator[Path]:
        """Files that import the given one."""
        del roots
        yield from self._known.get(path, ())


def python_files(root: Path) -> Iterator[Path]:
    """The Python files under a folder, what is near it first; at most `MAX_FILES` among its first `MAX_ENTRIES` entries."""
    folders, found, seen = deque([os.fspath(root)]), 0, 0
    while folders:
        try:
            with os.scandir(folders.popleft()) as listing:
                entries = []
                for entry in listing:
                    seen += 1
                    if seen > MAX_ENTRIES:
                        break
                    if not entry.name.startswith("."):
                        entries.append(entry)
        except OSError:
            continue
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in SKIPPED_FOLDERS:
                    folders.append(entry.path)
            elif entry.name.endswith(".py") and _is_file(entry):
                found += 1
                if found > MAX_FILES:
                    return
                yield Path(entry.path)
        if seen > MAX_ENTRIES:
            return


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link to itself, or to where one may not look
        return False


def imported_names(text: str) -> frozenset[str]:
    """The last parts of the names of all modules that a text imports, and the names that it imports from them."""
    return frozenset(name.rpartition(".")[2] for module, names in imports_in(text) for name in (module, *names))


def started(text: str) -> tuple[tuple[str, int], ...]:
    """The modules that a script imports, each with the number of dots before it; none for a file that is no script."""
    if "__main__" not in text:
        return ()
    found: dict[tuple[str, int], None] = {}
    for module, names in imports_in(text):
        bare = module.lstrip(".")
        level = len(module) - len(bare)
        found[bare, level] = None
        found.update({(f"{bare}.{name}" if bare else name, level): None for name in names if name != "*"})
    return tuple(found)

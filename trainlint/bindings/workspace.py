"""The files around a program: which file an import means, and which files import a given one."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from trainlint.source.reading import UnreadableFile, mentions_training, read
from trainlint.source.source_file import SourceFile

ROOT_MARKS = ("pyproject.toml", ".git", "setup.py", "setup.cfg")
SKIPPED_FOLDERS = {"__pycache__", "node_modules", "site-packages", "build", "dist", "venv", "env"}
MAX_FILES = 4000
"""How many files of a workspace are looked at for who imports whom."""


class Workspace:
    """Reads and parses each file at most once, and resolves imports the way Python would when it runs a script.

    An import is looked for in the importing script's folder, in the folder of its outermost package, in `src/` and in the
    root of the project (the nearest `pyproject.toml`, `setup.py` or `.git`, or the folder that trainlint was given).
    """

    def __init__(self, roots: Iterable[Path] = ()) -> None:
        """`roots` are the folders that trainlint was given."""
        self.roots = tuple(root.resolve() for root in roots if root.is_dir())
        self.files: dict[Path, SourceFile] = {}
        self.unreadable: dict[Path, str] = {}
        self._search: dict[Path, tuple[Path, ...]] = {}
        self._relevant: dict[Path, bool] = {}
        self._found: dict[tuple[Path, str], Path | None] = {}

    def load(self, path: Path) -> SourceFile | None:
        """The parsed file, or None where it cannot be read."""
        file = self.files.get(path)
        if file is None and path not in self.unreadable:
            try:
                file = self.files[path] = SourceFile.parse(path, read(path))
            except UnreadableFile as error:
                self.unreadable[path] = error.reason
        return file

    def check_readable(self, path: Path) -> None:
        """Notes a file that cannot be read; what mentions no training library is not parsed for that."""
        try:
            read(path)
        except UnreadableFile as error:
            self.unreadable[path] = error.reason

    def projects_of(self, paths: Iterable[Path]) -> tuple[Path, ...]:
        """The projects of files that lie in none of the roots: who imports them is looked for there."""
        outside = {path.parent for path in paths if not any(root in path.parents for root in self.roots)}
        return tuple(dict.fromkeys(self._project_root(folder) for folder in sorted(outside)))

    def search_path(self, path: Path) -> tuple[Path, ...]:
        """The folders in which the imports of a file are looked for."""
        folder = path.parent
        found = self._search.get(folder)
        if found is None:
            package = folder
            while (package / "__init__.py").is_file() and package.parent != package:
                package = package.parent
            root = self._project_root(folder)
            candidates = [folder, package, root / "src", root, *self.roots]
            ancestors = [parent for parent in folder.parents if parent == root or root in parent.parents]
            found = self._search[folder] = tuple(dict.fromkeys([*candidates, *ancestors]))
        return found

    def _project_root(self, folder: Path) -> Path:
        for parent in (folder, *folder.parents):
            if parent in self.roots or any((parent / mark).exists() for mark in ROOT_MARKS):
                return parent
        return folder

    def resolve(self, name: str, importer: Path, level: int = 0, script: Path | None = None) -> Path | None:
        """The file that `import name` in `importer` means when `script` runs: a module's file, or a package's `__init__.py` or folder."""
        if level:
            base = importer.parent
            for _ in range(level - 1):
                base = base.parent
            return self.in_folder(base, name)
        folders = self.search_path(importer)
        for folder in folders if script is None else (script.parent, *folders):
            if (found := self.in_folder(folder, name)) is not None and found != importer:
                return found
        return None

    def in_folder(self, folder: Path, name: str) -> Path | None:
        """The module or package of that dotted name inside a folder."""
        key = (folder, name)
        if key not in self._found:
            self._found[key] = self._look(folder, name)
        return self._found[key]

    @staticmethod
    def _look(folder: Path, name: str) -> Path | None:
        base = folder.joinpath(*name.split(".")) if name else folder
        if (package := base / "__init__.py").is_file():
            return package
        if name and (module := base.with_name(base.name + ".py")).is_file():
            return module
        return base if base.is_dir() and any(base.glob("*.py")) else None

    def is_relevant(self, path: Path) -> bool:
        """Whether the file mentions a training library: one that does not is not run."""
        known = self._relevant.get(path)
        if known is None:
            try:
                known = mentions_training(path.read_bytes())
            except OSError:
                known = False
            self._relevant[path] = known
        return known

    @cached_property
    def _imported_names(self) -> dict[str, list[Path]]:
        """Last part of every imported module name, to the files that import it."""
        index: dict[str, list[Path]] = {}
        for path in self.all_files():
            try:
                text = path.read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            for name in set(_imported(text)):
                index.setdefault(name, []).append(path)
        return index

    def all_files(self) -> Iterator[Path]:
        """The Python files under the project's roots, at most `MAX_FILES`."""
        count = 0
        for root in self.roots:
            stack = [root]
            while stack:
                for entry in sorted(stack.pop().iterdir()):
                    if entry.is_dir() and not entry.is_symlink() and not entry.name.startswith(".") and entry.name not in SKIPPED_FOLDERS:
                        stack.append(entry)
                    elif entry.suffix == ".py" and entry.is_file():
                        count += 1
                        if count > MAX_FILES:
                            return
                        yield entry

    def importers(self, path: Path) -> list[Path]:
        """Files that seem to import the given one, and mention training code; found by text, so some may not."""
        name = path.parent.name if path.name == "__init__.py" else path.stem
        found = self._imported_names.get(name, [])
        return [other for other in found if other != path and mentions_training(other.read_bytes())]


_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)|import[ \t]+([^\n#]+))", re.MULTILINE)


def _imported(text: str) -> Iterator[str]:
    for match in _IMPORT.finditer(text):
        module, names, plain = match.groups()
        if module is not None:
            yield module.rpartition(".")[2]
        yield from re.findall(r"\.?(\w+)(?=\s*(?:,|$|\)| as |\n))", names if plain is None else plain)

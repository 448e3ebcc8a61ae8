"""The files around a program: which file an import means, and which files import a given one."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from trainlint.bindings.import_graph import ROOT_MARKS
from trainlint.bindings.importers import ImportIndex, started
from trainlint.source.reading import UnreadableFile
from trainlint.source.source_file import SourceFile
from trainlint.source.texts import Texts


class Workspace:
    """Reads and parses each file at most once, and resolves imports the way Python would when it runs a script.

    An import is looked for in the importing script's folder, in the folder of its outermost package, in `src/` and in the
    root of the project (the nearest `pyproject.toml`, `setup.py` or `.git`, or the folder that trainlint was given).
    """

    def __init__(self, roots: Iterable[Path] = (), index: ImportIndex | None = None) -> None:
        """`roots` are the folders that trainlint was given; `index` is what is known of the files from an earlier analysis."""
        self.index = index or ImportIndex(Texts())
        self.texts = self.index.texts
        self.roots = tuple(root.resolve() for root in roots if root.is_dir())
        self.files: dict[Path, SourceFile] = {}
        self.unreadable: dict[Path, str] = {}
        self._search: dict[Path, tuple[Path, ...]] = {}
        self._found: dict[tuple[Path, str], Path | None] = {}

    def load(self, path: Path) -> SourceFile | None:
        """The parsed file, or None where it cannot be read."""
        file = self.files.get(path)
        if file is None and path not in self.unreadable:
            try:
                file = self.files[path] = self.texts.parse(path)
            except UnreadableFile as error:
                self.unreadable[path] = error.reason
        return file

    def check_readable(self, path: Path) -> None:
        """Notes a file that cannot be read; what mentions no training library is not parsed for that."""
        try:
            self.texts.read(path)
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

    def _look(self, folder: Path, name: str) -> Path | None:
        base = folder.joinpath(*name.split(".")) if name else folder
        if self.texts.is_file(package := base / "__init__.py"):
            return package
        if name and self.texts.is_file(module := base.with_name(base.name + ".py")):
            return module
        return base if base.is_dir() and any(base.glob("*.py")) else None

    def is_relevant(self, path: Path) -> bool:
        """Whether the file mentions a training library: one that does not is not run."""
        return self.texts.mentions_training(path)

    def starts_training(self, path: Path) -> bool:
        """Whether the file is a script without a word of a training library, and a module that it imports has one."""
        for name, level in self.texts.derive(path, started, default=_NOTHING_STARTED):
            module = self.resolve(name, path, level, path) if name or level else None
            if module is not None and self.texts.mentions_training(module):
                return True
        return False

    def importers(self, path: Path) -> Iterator[Path]:
        """Files of the roots that seem to import the given one, and mention training code."""
        return self.index.importers(path, self.roots)


_NOTHING_STARTED: tuple[tuple[str, int], ...] = ()

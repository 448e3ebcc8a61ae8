"""Which files a script may bring into its run, found by text: more than it does, never fewer.

It tells which files have to be read together, and so what the result of a check depends on. Nothing is parsed for it, and this
module is imported before it is known whether anything will be, so it stays free of LibCST.
"""

import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

ROOT_MARKS = frozenset({"pyproject.toml", ".git", "setup.py", "setup.cfg"})
"""What the root folder of a project holds, one or the other."""
_IMPORT = re.compile(r"(?:^|[:;])[ \t]*(?:from[ \t]*([.\w]+)[ \t]*import[ \t]*(\([^)]*\)|[^\n#;]+)|import[ \t]+([^\n#;]+))", re.MULTILINE)
_NAME = re.compile(r"(?:^|,)[\s(]*([\w.]+|\*)")
MAX_IMPORTERS = 12
"""How many files that import a given one are run for it."""

Imports = tuple[tuple[str, tuple[str, ...]], ...]
"""Modules, with leading dots as written, and the names that are taken from each."""


def imports_in(text: str) -> Imports:
    """What a text imports, wherever in it."""
    found: dict[str, set[str]] = {}
    text = text.replace("\\\r\n", " ").replace("\\\n", " ")
    for module, names, plain in _IMPORT.findall(re.sub(r"#[^\n]*", "", text) if "(" in text else text):
        if module:
            found.setdefault(module, set()).update(_NAME.findall(names))
        else:
            for name in _NAME.findall(plain):
                found.setdefault(name, set())
    return tuple((module, tuple(sorted(names))) for module, names in sorted(found.items()))


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a file without reading it whole: a digest of its content, its imports, whether it mentions training."""

    digest: str
    imports: Imports
    mentions_training: bool
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Component:
    """Files to be checked together, with all the files that the result may depend on.

    `edges` says what each of them imports, `importers` which other files are run for it.
    """

    targets: tuple[str, ...]
    files: tuple[str, ...]
    edges: tuple[tuple[str, tuple[str, ...]], ...]
    importers: tuple[tuple[str, tuple[str, ...]], ...]
    trains: bool


def _module_name(path: str) -> str:
    """The last part of the name under which a file is imported."""
    folder, name = os.path.split(path)
    return os.path.basename(folder) if name == "__init__.py" else name.rpartition(".")[0]


@dataclass(slots=True)
class ImportGraph:
    """The imports among the files of a project; paths are texts, as there are many of them.

    `facts` tells what is known of a file, `roots` are the folders in which any import may be looked for.
    """

    facts: Callable[[str], FileFacts | None]
    roots: tuple[str, ...] = ()
    _listings: dict[str, frozenset[str]] = field(default_factory=dict)
    _search: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _edges: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def components(self, targets: Sequence[str], project: Iterable[str]) -> list[Component]:
        """The targets in groups that have nothing to do with each other; `project` are the files that may import one of them."""
        wanted = dict.fromkeys(targets)
        scripts = [path for path in targets if (facts := self.facts(path)) and facts.mentions_training]
        importers = self._importers(scripts, project)
        closures = {path: self.closure(path) for path in dict.fromkeys([*scripts, *(each for some in importers.values() for each in some)])}
        group = {path: path for path in wanted}

        def find(path: str) -> str:
            while group[path] != path:
                group[path] = group[group[path]]
                path = group[path]
            return path

        for path, closure in closures.items():
            joined = [each for each in (path, *closure) if each in wanted]
            for each in joined[1:]:
                group[find(each)] = find(joined[0])
        for path, others in importers.items():
            for other in others:
                if other in wanted:
                    group[find(other)] = find(path)
        members: dict[str, list[str]] = {}
        for path in wanted:
            members.setdefault(find(path), []).append(path)
        return [self._component(tuple(each), importers, closures) for each in members.values()]

    def _component(self, targets: tuple[str, ...], importers: dict[str, tuple[str, ...]], closures: dict[str, frozenset[str]]) -> Component:
        runs = dict.fromkeys([*targets, *(other for path in targets for other in importers.get(path, ()))])
        files = sorted({*runs, *(path for run in runs for path in closures.get(run, ()))})
        facts = [self.facts(path) for path in targets]
        trains = any(each is None or not each.readable or each.mentions_training for each in facts) or any(
            self.edges(path, path) for path in targets
        )
        return Component(
            targets,
            tuple(files),
            tuple((path, self.edges(path, path)) for path in files),
            tuple((path, importers[path]) for path in targets if path in importers),
            trains,
        )

    def _importers(self, scripts: Sequence[str], project: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """For each script, the first files that import it, directly or through others, and train something; the nearest first."""
        by_name: dict[str, list[str]] = {}
        for other in project:
            facts = self.facts(other)
            if facts is not None and (facts.mentions_training or other.endswith("/__init__.py")):
                for name in {part for module, names in facts.imports for part in (*module.split("."), *names)}:
                    by_name.setdefault(name, []).append(other)
        found: dict[str, tuple[str, ...]] = {}
        for script in scripts:
            importers: list[str] = []
            queue, seen = deque([script]), {script}
            while queue and len(importers) < MAX_IMPORTERS:
                path = queue.popleft()
                for other in by_name.get(_module_name(path), ()):
                    if other not in seen and path in self.edges(other, other):
                        seen.add(other)
                        queue.append(other)
                        if not other.endswith("/__init__.py"):
                            importers.append(other)
            if importers:
                found[script] = tuple(importers[:MAX_IMPORTERS])
        return found

    def closure(self, script: str) -> frozenset[str]:
        """The files that a script may load when it runs, without itself."""
        seen = {script}
        stack = [script]
        while stack:
            for path in self.edges(stack.pop(), script):
                if path not in seen:
                    seen.add(path)
                    stack.append(path)
        return frozenset(seen - {script})

    def edges(self, importer: str, script: str) -> tuple[str, ...]:
        """The files and folders that the imports of a file may mean when a script runs."""
        home = os.path.dirname(script)
        key = importer, home
        known = self._edges.get(key)
        if known is None:
            facts = self.facts(importer)
            found = {path for module, names in (facts.imports if facts else ()) for path in self._meant(importer, home, module, names)}
            known = self._edges[key] = tuple(sorted(found - {importer}))
        return known

    def _meant(self, importer: str, home: str, module: str, names: tuple[str, ...]) -> Iterator[str]:
        dots = len(module) - len(module.lstrip("."))
        parts = [part for part in module.split(".") if part]
        if dots:
            folder = os.path.dirname(importer)
            for _ in range(dots - 1):
                folder = os.path.dirname(folder)
            yield from self._in_folder(folder, parts, names)
            return
        for folder in dict.fromkeys((home, *self._search_path(os.path.dirname(importer)))):
            yield from self._in_folder(folder, parts, names)

    def _in_folder(self, folder: str, parts: list[str], names: tuple[str, ...]) -> Iterator[str]:
        """What the dotted name may mean in a folder: each package on its way, the module, the submodules of these names."""
        for part in parts:
            listing = self._listing(folder)
            if f"{part}.py" in listing:
                yield f"{folder}/{part}.py"
            if part not in listing:
                return
            folder = f"{folder}/{part}"
            inside = self._listing(folder)
            if "__init__.py" in inside:
                yield f"{folder}/__init__.py"
            elif any(name.endswith(".py") for name in inside):
                yield folder
            else:
                return
        for name in names if self._listing(folder) else ():
            if name != "*":
                yield from self._in_folder(folder, [name], ())

    def _search_path(self, folder: str) -> tuple[str, ...]:
        """The folders in which the imports of a file in a folder are looked for."""
        known = self._search.get(folder)
        if known is None:
            package = folder
            while "__init__.py" in self._listing(package) and os.path.dirname(package) != package:
                package = os.path.dirname(package)
            root = self.project_root(folder)
            above = [folder]
            while above[-1] != root and os.path.dirname(above[-1]) != above[-1]:
                above.append(os.path.dirname(above[-1]))
            known = self._search[folder] = tuple(dict.fromkeys([folder, package, f"{root}/src", root, *self.roots, *above]))
        return known

    def folders(self) -> set[str]:
        """The folders that have been looked into."""
        return set(self._listings)

    def project_root(self, folder: str) -> str:
        """The nearest folder that looks like a project's, or that trainlint was given; the folder itself where there is none."""
        parent = folder
        while parent not in self.roots and not any(os.path.exists(f"{parent}/{mark}") for mark in ROOT_MARKS):
            if os.path.dirname(parent) == parent:
                return folder
            parent = os.path.dirname(parent)
        return parent

    def _listing(self, folder: str) -> frozenset[str]:
        known = self._listings.get(folder)
        if known is None:
            try:
                known = frozenset(os.listdir(folder or "/"))
            except OSError:
                known = frozenset()
            self._listings[folder] = known
        return known

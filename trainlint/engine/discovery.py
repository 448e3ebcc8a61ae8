"""Which files to check: those that were named, and the Python files and notebooks in the folders that were named."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from trainlint.engine.patterns import Patterns
from trainlint.engine.usage import UsageError
from trainlint.settings.resolution import Resolution
from trainlint.settings.values import Settings
from trainlint.source.texts import Texts

SKIPPED_FOLDERS = frozenset({"__pycache__", "__pypackages__", "build", "dist", "node_modules", "site-packages", "venv"})
"""Folders that hold no code of the user's, unless `exclude` says which ones do not.

Hidden folders (.git, .venv, .tox …) and virtual environments of any name are always skipped. So is what has `{{` in its name, a
template of code, unless `exclude` is set.
"""

SUFFIXES = (".py", ".ipynb")


def discover(paths: "Iterable[str | os.PathLike[str]]", resolution: Resolution | None = None, texts: Texts | None = None) -> list[Path]:
    """The files to check: absolute and without links, each once, in the order of their paths.

    A named file is taken whatever its suffix, a named folder whatever its name, unless `force-exclude` is set. Links to folders
    are not followed. A file of which `texts` has an unsaved text need not be on the disk.
    """
    unsaved = texts.unsaved if texts is not None else {}
    walk = _Walk(resolution or Resolution(isolated=True))
    found: set[Path] = set()
    for path in paths:
        start = Path(path)
        if start not in unsaved and not start.exists():
            raise UsageError(f"there is no file or folder `{path}`")
        start = start.resolve()
        if not walk.forces_out(start):
            found.update(file.resolve() for file in (walk.files(start) if start.is_dir() else [start]))
    return sorted(found)


class _Walk:
    """A walk through folders under the settings that hold in each of them."""

    def __init__(self, resolution: Resolution) -> None:
        self._resolution = resolution
        self._excludes: dict[int, tuple[Patterns, Patterns]] = {}
        self._ignores: dict[Path, tuple[Patterns, ...]] = {}
        self._start: Path | None = None
        """The named folder that is being walked: patterns that mean it as a whole do not count below it."""

    def files(self, folder: Path) -> Iterator[Path]:
        """The files below a folder."""
        self._start = folder
        for here, folders, names in os.walk(folder):
            place = Path(here)
            settings = self._resolution.of_folder(place)
            folders[:] = [
                name
                for name in folders
                if not (name.startswith(".") or os.path.exists(os.path.join(here, name, "pyvenv.cfg")))  # noqa: PTH110, PTH118 - a hot loop
                and not self._excluded(place / name, settings, folder=True)
            ]
            for name in names:
                if name.endswith(SUFFIXES) and not name.startswith(".") and not self._excluded(place / name, settings):
                    yield place / name

    def forces_out(self, path: Path) -> bool:
        """Whether a named file or folder is excluded, by itself or by a folder above it, and `force-exclude` says that this counts."""
        settings = self._resolution.of_folder(path if path.is_dir() else path.parent)
        if not settings.force_exclude:
            return False
        above = [parent for parent in path.parents if settings.root in (parent, *parent.parents) and parent != settings.root]
        return self._excluded(path, settings, folder=path.is_dir()) or any(
            self._excluded(parent, settings, folder=True) for parent in above
        )

    def _excluded(self, path: Path, settings: Settings, *, folder: bool = False) -> bool:
        if settings.exclude is None and ((folder and path.name in SKIPPED_FOLDERS) or "{{" in path.name):
            return True
        excludes = self._excludes.get(id(settings))
        if excludes is None:
            both = Patterns(settings.root, settings.exclude or ()), Patterns(settings.root, settings.extend_exclude)
            excludes = self._excludes[id(settings)] = both
        if any(self._decision(patterns, path, folder=folder) for patterns in excludes):
            return True
        return settings.respect_gitignore and self._ignored(path, folder=folder)

    def _ignored(self, path: Path, *, folder: bool) -> bool:
        """What the nearest `.gitignore` that says anything about a path says."""
        decisions = (self._decision(patterns, path, folder=folder) for patterns in self._gitignores(path.parent))
        return next((decision for decision in decisions if decision is not None), False)

    def _decision(self, patterns: Patterns, path: Path, *, folder: bool) -> bool | None:
        decision = patterns.decision(path, folder=folder)
        if decision and self._start is not None and self._start != path and patterns.match(self._start, folder=True):
            return None
        return decision

    def _gitignores(self, folder: Path) -> tuple[Patterns, ...]:
        """The `.gitignore` of a folder, then those above it up to the root of the repository; none outside of a repository."""
        known = self._ignores.get(folder)
        if known is None:
            is_root = (folder / ".git").exists()
            above = () if is_root or folder.parent == folder else self._gitignores(folder.parent)
            inside = is_root or bool(above)
            files = (folder / ".gitignore", folder / ".git" / "info" / "exclude") if is_root else (folder / ".gitignore",)
            own = (Patterns(folder, _lines(file)) for file in files if inside)
            known = self._ignores[folder] = (*own, *above)
        return known


def _lines(path: Path) -> tuple[str, ...]:
    """The patterns of a file; none where there is no file."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    return tuple(line for line in text.splitlines() if line.strip() and not line.startswith("#"))

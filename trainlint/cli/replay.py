"""A check that would say again what it said before says it at once.

What a check printed is kept with everything that it looked at: each file by time, size and number, each folder by the names in
it. When all of that is as it was, the words are repeated and nothing is read. This module is imported before the command line is
even parsed, so it needs as good as nothing itself.
"""

import json
import os
import sys

from trainlint.version import digest, full_version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from trainlint.engine.cache import Inputs

FOLDER = ".trainlint_cache"
ROOT_MARKS = ("pyproject.toml", ".git", "setup.py", "setup.cfg", ".trainlint.toml", "trainlint.toml")
CONFIGURATION = (".trainlint.toml", "trainlint.toml", "pyproject.toml", ".gitignore")
_NEVER = frozenset(
    "- -w --watch --fix --fix-only --diff --add-ignore -o --output-file --baseline --write-baseline -n --no-cache --events "
    "--show-files --show-settings -h --help -v --verbose".split()
)
"""Options whose work is more than to print, or which show what is not kept."""
_ENVIRONMENT = ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "TRAINLINT_OUTPUT_FORMAT", "CI_PROJECT_DIR")
_SKIPPED = frozenset({"__pycache__", "build", "dist", "node_modules", "site-packages", "venv"})
_MOST_FOLDERS = 2_000
_TICK = 20_000_000
"""Nanoseconds within which two changes of a file may bear the same time."""


def cache_root(chosen: "str | None" = None) -> str:
    """The folder that was named on the command line or by TRAINLINT_CACHE_DIR, else one in the root of the current project."""
    chosen = chosen or os.environ.get("TRAINLINT_CACHE_DIR")
    if chosen:
        return os.path.abspath(chosen)
    here = folder = os.getcwd()
    while not any(os.path.exists(f"{folder}/{mark}") for mark in ROOT_MARKS):
        above = os.path.dirname(folder)
        if above == folder:
            return os.path.join(here, FOLDER)
        folder = above
    return os.path.join(folder, FOLDER)


def replay(arguments: "Sequence[str]") -> "int | None":
    """Repeats what the same command printed before and gives its exit status; None where anything may have changed."""
    path = _record(arguments)
    if path is None:
        return None
    try:
        with open(path, encoding="utf-8") as file:
            record = json.load(file)
        if not _is_unchanged(record):
            return None
        sys.stdout.write(record["stdout"])
        sys.stderr.write(record["stderr"])
        return int(record["status"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def can_be_repeated(arguments: "Sequence[str]") -> bool:
    """Whether the command does no more than print."""
    return _record(arguments) is not None


class Listener:
    """Stands in the place of a stream, and keeps what goes through it."""

    def __init__(self, stream: "Any") -> None:
        self.stream = stream
        self.heard: list[str] = []

    def write(self, text: str) -> int:
        """Passes it on."""
        self.heard.append(text)
        self.stream.write(text)
        return len(text)

    def __getattr__(self, name: str) -> "Any":
        return getattr(self.stream, name)


def prepare(arguments: "Sequence[str]") -> int:
    """Makes the folder of the cache, and tells when the check begins, in nanoseconds.

    The folder is made before, as a folder in which something changes while a check runs is not what it was at its beginning.
    """
    import time

    path = _record(arguments)
    root = os.path.dirname(os.path.dirname(os.path.dirname(path))) if path else ""
    if root and not os.path.isdir(root):
        from trainlint.engine.cache import mark_root

        try:
            mark_root(root)
            time.sleep(2 * _TICK / 1e9)
        except OSError:
            pass
    return time.time_ns() - _TICK


def remember(arguments: "Sequence[str]", inputs: "Inputs", printed: "tuple[str, str]", status: int, begin: int) -> None:
    """Keeps what a check printed, with what it looked at; nothing where that is too much, or has changed since the check began."""
    path = _record(arguments)
    folders = _folders_below(inputs.roots)
    if path is None or folders is None or not inputs.roots or any(_is_linked(argument) for argument in arguments):
        return
    folders |= inputs.folders
    above = {parent for folder in (*inputs.roots, os.getcwd()) for parent in _parents(folder)}
    marks = {folder: _marks(folder) for folder in above - folders}
    settings = [f"{folder}/{name}" for folder in folders | above for name in CONFIGURATION if os.path.isfile(f"{folder}/{name}")]
    excludes = [f"{folder}/.git/info/exclude" for folder in above if os.path.isfile(f"{folder}/.git/info/exclude")]
    try:
        looked_at = {each: _stamp(each) for each in (*settings, *excludes, *inputs.settings)}
        if any(max(stamp[:2]) >= begin for each in (*looked_at, *folders) if (stamp := _stamp(each)) is not None):
            return
        files = {**looked_at, **inputs.files}
        record = {
            "files": files,
            "folders": {folder: _names(folder) for folder in folders},
            "marks": marks,
            "stdout": printed[0],
            "stderr": printed[1],
            "status": status,
        }
        from trainlint.engine.cache import write_whole

        write_whole(path, record)
    except OSError:
        return


def _record(arguments: "Sequence[str]") -> "str | None":
    """Where what a command printed is kept; None for a command that does more than print."""
    names = [argument.partition("=")[0] for argument in arguments]
    if not names or names[0] != "check" or not _NEVER.isdisjoint(names):
        return None
    if any(name.startswith("-") and not name.startswith("--") and len(name) > 2 for name in names):
        return None  # short options run together
    chosen = next((argument.partition("=")[2] for argument in arguments if argument.startswith("--cache-dir=")), None)
    if "--cache-dir" in arguments[:-1]:
        chosen = arguments[arguments.index("--cache-dir") + 1]
    width = os.get_terminal_size().columns if sys.stdout.isatty() else None
    said = [os.getcwd(), list(arguments), width, sys.stdout.isatty(), [os.environ.get(name) for name in _ENVIRONMENT]]
    return f"{cache_root(chosen)}/{full_version()}/runs/{digest(json.dumps(said).encode())}.json"


def _is_unchanged(record: "dict[str, Any]") -> bool:
    return (
        all(_names(folder) == names for folder, names in record["folders"].items())
        and all(_stamp(path) == stamp if isinstance(stamp, list) else _content(path) == stamp for path, stamp in record["files"].items())
        and all(_marks(folder) == marks for folder, marks in record["marks"].items())
    )


def _stamp(path: str) -> "list[int] | None":
    try:
        status = os.stat(path)
    except OSError:
        return None
    return [status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino]


def _content(path: str) -> "str | None":
    try:
        with open(path, "rb") as file:
            return digest(file.read())
    except OSError:
        return None


def _names(folder: str) -> str:
    try:
        return digest("\0".join(sorted(os.listdir(folder))).encode("utf-8", "surrogateescape"))
    except OSError:
        return ""


def _marks(folder: str) -> "list[str]":
    """What stands in a folder above the project that says where the project begins."""
    return [name for name in (*ROOT_MARKS, ".gitignore") if os.path.exists(f"{folder}/{name}")]


def _is_linked(argument: str) -> bool:
    """Whether an argument is a path on which a link lies."""
    return os.path.exists(argument) and os.path.realpath(argument) != os.path.abspath(argument)


def _parents(folder: str) -> "list[str]":
    parents = [folder]
    while os.path.dirname(parents[-1]) != parents[-1]:
        parents.append(os.path.dirname(parents[-1]))
    return parents


def _folders_below(roots: "Iterable[str]") -> "set[str] | None":
    """The folders in which a file may come or go that would be checked or imported; None where there are too many, or links."""
    found: set[str] = set()
    stack = list(roots)
    while stack:
        folder = stack.pop()
        if folder in found:
            continue
        found.add(folder)
        if len(found) > _MOST_FOLDERS:
            return None
        try:
            with os.scandir(folder) as entries:
                below = [entry for entry in entries if not entry.name.startswith(".") and entry.name not in _SKIPPED]
                if any(entry.is_symlink() for entry in below):
                    return None  # where a link leads may change without a trace in any folder
                stack.extend(entry.path for entry in below if entry.is_dir(follow_symlinks=False))
        except OSError:
            continue
    return found

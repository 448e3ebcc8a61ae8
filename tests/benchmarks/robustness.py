"""Whether trainlint comes to an end on thousands of files that it was not written for.

    python -m tests.benchmarks.robustness [FOLDER …] [--limit 120]

Without a folder: the installed torch package and the standard library. Each part of a folder is checked by a process of its own;
one that takes longer than the limit is divided further, down to single files.
"""

# ruff: noqa: T201 - a command prints

import argparse
import ast
import json
import sys
import sysconfig
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.children import TRAINLINT, Ended, run
from trainlint.engine.discovery import discover

CHECK = (*TRAINLINT, "check", "--no-cache", "--output-format", "json")
FOUND_OR_NOT = {0, 1}
SYNTAX_ERROR, INTERNAL_ERROR = "TL001", "TL003"

Part = tuple[Path, ...]
"""What is checked together: a folder, or some files of one."""


@dataclass
class Tour:
    """A walk through folders, and what went wrong on it."""

    limit: float
    failures: list[str] = field(default_factory=list)
    seconds: float = 0

    def visit(self, part: Part) -> None:
        """Checks a part; where that takes too long, the parts of it."""
        ended = run((*CHECK, *map(str, part)), limit=self.limit)
        self.seconds += ended.wall
        failures = list(failures_of(ended))
        first = f": {failures[0]}" if failures else ""
        print(f"{ended.wall:7.1f} s {ended.memory:6.0f} MB {len(discover(part)):5} files  {name_of(part)}{first}", flush=True)
        smaller = parts(part) if ended.out_of_time else []
        for inner in smaller:
            self.visit(inner)
        if not smaller:
            self.failures += [f"{name_of(part)}: {failure}" for failure in failures]


def name_of(part: Part) -> str:
    """What to call a part."""
    return f"{part[0]} … {part[-1].name}" if part[1:] else str(part[0])


def parts(part: Part) -> list[Part]:
    """What a part is made of: the files of a folder together, and each of its subfolders; half of some files; nothing for one file."""
    if not part[0].is_dir():
        half = len(part) // 2
        return [part[:half], part[half:]] if half else []
    (folder,) = part
    files = [file for file in discover([folder]) if file.is_relative_to(folder)]
    own = tuple(file for file in files if file.parent == folder)
    folders = sorted({folder / file.relative_to(folder).parts[0] for file in files} - set(own))
    return [*([own] if own else []), *((inner,) for inner in folders)]


def failures_of(ended: Ended) -> Iterator[str]:
    """What must never happen, in words."""
    if ended.out_of_time:
        yield f"not done after {ended.wall:.0f} s"
        return
    rows = json.loads(ended.output or "[]")
    for row in rows:
        if row["code"] == INTERNAL_ERROR:
            yield f"TL003 in {row['filename']}: {row['message']}"
        elif row["code"] == SYNTAX_ERROR and is_python(Path(row["filename"])):
            yield f"TL001 for {row['filename']}, which Python reads: row {row['location']['row']}, {row['message']}"
    is_explained = ended.status in FOUND_OR_NOT or any(row["code"] == INTERNAL_ERROR for row in rows)
    if "Traceback" in ended.errors or not is_explained:
        last = (ended.errors.strip().splitlines() or ["it said nothing"])[-1]
        yield f"ended with status {ended.status}: {last}"


def is_python(path: Path) -> bool:
    """Whether this Python accepts a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(path.read_bytes())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


def default_folders() -> list[Path]:
    """The standard library, and torch where it is installed; torch is found, not imported."""
    torch = find_spec("torch")
    if torch is None or not torch.submodule_search_locations:
        print("torch is not installed: only the standard library is visited")
    return [Path(sysconfig.get_path("stdlib")), *map(Path, (torch and torch.submodule_search_locations) or ())]


def main(arguments: Sequence[str] | None = None) -> int:
    """Visits the folders and lists what went wrong; the exit status is 1 if anything did."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.robustness", description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="the standard library and torch, where none is named")
    parser.add_argument("--limit", type=float, default=120, help="seconds after which a part is divided (120)")
    options = parser.parse_args(arguments)
    tour = Tour(options.limit)
    for folder in options.folders or default_folders():
        for part in parts((folder.resolve(),)):
            tour.visit(part)
    print(f"\n{tour.seconds:.0f} s, {len(tour.failures)} failures")
    for failure in tour.failures:
        print(failure)
    return int(bool(tour.failures))


if __name__ == "__main__":
    sys.exit(main())

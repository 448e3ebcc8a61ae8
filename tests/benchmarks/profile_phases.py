"""Where the CPU of a check goes: one check in this process, with a stopwatch around each phase.

    python -m tests.benchmarks.profile_phases PATH [PATH …] [--entries 10]

A phase is a few functions of trainlint, wrapped. Time is charged to the innermost phase alone, so parsing a module that the
run imports counts as parsing, not as running.
"""

# ruff: noqa: T201 - a command prints

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from pkgutil import resolve_name
from time import process_time
from typing import Any

from tests.benchmarks.children import lines_of

PHASES = {
    "read": (
        "trainlint.engine.analysis:discover",
        "trainlint.engine.analysis:may_train",
        "trainlint.source.texts:read",
        "trainlint.engine.analysis:ImportGraph.components",
        "trainlint.bindings.workspace:Workspace.is_relevant",
    ),
    "cut": ("trainlint.source.source_file:SourceFile.__init__",),
    "parse": ("trainlint.source.assembly:parse_module",),
    "lower": ("trainlint.source.assembly:lower",),
    "run": ("trainlint.program.analysis:_analysed",),
    "rules": ("trainlint.program.following:judge", "trainlint.engine.judgement:judge"),
    "spans": ("trainlint.source.source_file:SourceFile.span",),
}
"""The functions that make up each phase, under the name by which they are called."""

ENTRY = "trainlint.program.interpreter.entries:_play"


class Stopwatch:
    """Seconds of CPU by phase; one phase runs at a time."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._phases = ["other"]
        self._since = process_time()

    def charge(self) -> None:
        """Charges what has passed to the phase that is running."""
        now = process_time()
        self.spent[self._phases[-1]] += now - self._since
        self._since = now

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """A stretch of the program that belongs to a phase."""
        self.charge()
        self._phases.append(name)
        try:
            yield
        finally:
            self.charge()
            self._phases.pop()


@dataclass(frozen=True)
class Entry:
    """One entry point that was run."""

    path: Path
    name: str
    seconds: float
    steps: int
    is_truncated: bool


def replace_function(place: str, wrapper: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Puts a wrapper around a function; `place` is "module:function" or "module:class.method"."""
    module, _, names = place.partition(":")
    *owners, name = names.split(".")
    owner = resolve_name(":".join((module, ".".join(owners))) if owners else module)
    setattr(owner, name, wrapper(getattr(owner, name)))


def watch() -> tuple[Stopwatch, list[Entry]]:
    """Wraps the functions of all phases, and the one that runs an entry point."""
    stopwatch, entries = Stopwatch(), list[Entry]()

    def timed(phase: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def wrapper(function: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(function)
            def call(*arguments: Any, **keywords: Any) -> Any:
                with stopwatch.phase(phase):
                    return function(*arguments, **keywords)

            return call

        return wrapper

    def noted(play: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(play)
        def call(machine: Any, *arguments: Any) -> Any:
            stopwatch.charge()
            before = stopwatch.spent["run"]
            run = play(machine, *arguments)
            stopwatch.charge()
            seconds = stopwatch.spent["run"] - before
            entries.append(Entry(run.path, run.entry, seconds, machine.steps, run.truncated is not None))
            return run

        return call

    for phase, places in PHASES.items():
        for place in places:
            replace_function(place, timed(phase))
    replace_function(ENTRY, noted)
    return stopwatch, entries


def main(arguments: Sequence[str] | None = None) -> None:
    """Checks the paths once and prints the shares of the phases and the dearest entries."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.profile_phases", description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files and folders, checked together")
    parser.add_argument("--entries", type=int, default=10, help="how many of the dearest entry points to list (10)")
    options = parser.parse_args(arguments)

    from trainlint import check_text
    from trainlint.engine import analysis
    from trainlint.engine.discovery import discover

    check_text("import torch\n")  # loads every part of trainlint
    start_up = process_time()
    stopwatch, entries = watch()
    report = analysis.check(options.paths)
    stopwatch.charge()
    total = sum(stopwatch.spent.values())
    lines = max(1, lines_of(discover(options.paths)))

    print(f"{report.files} files, {lines} lines, {len(entries)} entries: {total:.2f} s of CPU, after {start_up:.2f} s of start-up\n")
    for phase in (*PHASES, "other"):
        seconds = stopwatch.spent[phase]
        print(f"{phase:8} {seconds:8.3f} s {seconds / total:7.1%} {seconds / lines * 1e6:8.1f} µs a line")
    print()
    for entry in sorted(entries, key=lambda entry: entry.seconds, reverse=True)[: options.entries]:
        print(f"{entry.seconds:8.3f} s {entry.steps:7} steps{' (truncated)' if entry.is_truncated else ''}  {entry.path}: {entry.name}")


if __name__ == "__main__":
    main()

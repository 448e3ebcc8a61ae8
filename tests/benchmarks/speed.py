"""How much CPU `trainlint check` takes, as a multiple of what a program takes that only parses the same files.

    python -m tests.benchmarks.speed FOLDER [FOLDER …] [--rounds 5] [--limit 120] [--peers]

Both are whole child processes, start-up included, pinned to one core and run in turn, so that a busy machine slows both alike.
"""

# ruff: noqa: T201 - a command prints

import argparse
import shutil
import statistics
import sys
import sysconfig
import tempfile
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.children import TRAINLINT, Ended, lines_of, run, stay_on_one_core
from trainlint.engine.discovery import discover

BARE = (sys.executable, str(Path(__file__).with_name("bare.py")))
CHECK = (*TRAINLINT, "check", "--no-cache", "--output-format", "json")
PEERS = {"torch-preflight": ("check", "--jobs", "1"), "torchfix": ("--select=ALL", "--jobs", "1")}
"""Other linters of training code, each with the arguments that make it do all it can on one core."""


@dataclass
class Measured:
    """What one folder has cost, round by round."""

    folder: Path
    files: int
    lines: int
    bare: list[float] = field(default_factory=list)
    check: list[float] = field(default_factory=list)
    failure: str = ""

    @property
    def ratio(self) -> float:
        """Least CPU against least CPU: noise only ever adds."""
        return min(self.check) / min(self.bare)

    @property
    def median(self) -> float:
        """The median of the ratios of the rounds."""
        return statistics.median(check / bare for check, bare in zip(self.check, self.bare, strict=True))

    def row(self) -> str:
        """The folder's row of the table."""
        per_line = 1e6 / max(1, self.lines)
        return (
            f"{self.folder.name[:40]:40} {self.files:6} {self.lines:7} {min(self.bare):8.2f} {min(self.check):9.2f}"
            f" {self.ratio:8.2f} {self.median:7.2f} {min(self.bare) * per_line:9.0f} {min(self.check) * per_line:9.0f}  {self.failure}"
        )


HEADING = f"{'folder':40} {'files':>6} {'lines':>7} {'bare s':>8} {'trainlint':>9} {'ratio':>8} {'median':>7} {'µs/line':>9} {'µs/line':>9}"


def measure(folder: Path, rounds: int, limit: float) -> Measured | None:
    """Runs both programs on a folder in turn; None where there is nothing to read in it."""
    files = discover([folder])
    if not files:
        return None
    measured = Measured(folder, len(files), lines_of(files))
    names = "\0".join(str(file) for file in files)
    run(BARE, names, limit)  # so that the files are in the system's cache; `start_up` has seen to the bytecode
    for _ in range(rounds):
        measured.bare.append(run(BARE, names, limit).cpu)
        ended = run((*CHECK, str(folder)), limit=limit)
        measured.check.append(ended.cpu)
        measured.failure = how_it_failed(ended)
        if ended.out_of_time:
            break
    return measured


def how_it_failed(ended: Ended) -> str:
    """What went wrong with a run of trainlint, if anything."""
    if ended.out_of_time:
        return f"STOPPED after {ended.wall:.0f} s: the ratio is at least this"
    return "" if ended.status in {0, 1} else f"FAILED with status {ended.status} (see robustness)"


def measure_peers(measured: Measured, limit: float) -> None:
    """Runs the other linters once each on a folder."""
    for name, arguments in PEERS.items():
        if program := find(name):
            ended = run((program, *arguments, str(measured.folder)), limit=limit)
            stopped = "  STOPPED" if ended.out_of_time else ""
            print(f"  {name:38} {'':23} {ended.cpu:9.2f} {ended.cpu / min(measured.bare):8.2f}{stopped}", flush=True)


def find(program: str) -> str | None:
    """Where a program is installed: beside the running Python, or on the PATH."""
    return shutil.which(program, path=sysconfig.get_path("scripts")) or shutil.which(program)


def start_up(rounds: int) -> None:
    """Prints what trainlint costs where there is nothing to analyse."""
    with tempfile.TemporaryDirectory(prefix="trainlint-") as folder:
        script = Path(folder, "script.py")
        shutil.copy(textwrap.__file__, script)
        training = Path(folder, "training.py")
        training.write_text("import torch\n", encoding="utf-8")
        commands = {
            "python -c pass": (sys.executable, "-c", "pass"),
            "trainlint --version": (*TRAINLINT, "--version"),
            "trainlint check, no training code": (*TRAINLINT, "check", str(script)),
            "trainlint check, `import torch`": (*TRAINLINT, "check", str(training)),
            "bare, no file": BARE,
        }
        for name, command in commands.items():
            run(command)  # compiles what it imports
            ends = [run(command) for _ in range(2 * rounds)]
            assert not any(ended.status for ended in ends), ends[0].errors
            walls = [ended.wall for ended in ends]
            cpu = min(ended.cpu for ended in ends)
            print(f"{name:34} {min(walls):.3f} s at best, {statistics.median(walls):.3f} s in the median, CPU {cpu:.3f} s", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures, and prints each row as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.speed", description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="each is measured on its own")
    parser.add_argument("--rounds", type=int, default=5, help="how often each program runs (5)")
    parser.add_argument("--limit", type=float, default=120, help="seconds after which a run is stopped (120)")
    parser.add_argument("--peers", action="store_true", help=f"run {' and '.join(PEERS)} as well, once each")
    options = parser.parse_args(arguments)
    print(f"Runs {stay_on_one_core()}, {options.rounds} rounds.")
    start_up(options.rounds)
    if options.peers:
        for name in PEERS:
            if not find(name):
                print(f"{name} is not installed beside this Python nor on the PATH: not measured")
    print(f"\n{HEADING}", flush=True)
    rows = []
    for folder in options.folders:
        measured = measure(folder.resolve(), options.rounds, options.limit)
        if measured is None:
            print(f"{folder.name:40} no Python files", flush=True)
            continue
        rows.append(measured)
        print(measured.row(), flush=True)
        if options.peers:
            measure_peers(measured, options.limit)
    if len(rows) > 1:
        middle, worst = statistics.median(row.ratio for row in rows), max(rows, key=lambda row: row.ratio)
        print(f"\n{len(rows)} folders: {middle:.2f} × in the median, {worst.ratio:.2f} × at worst ({worst.folder.name})")


if __name__ == "__main__":
    main()

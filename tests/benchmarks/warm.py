"""What a second run costs when nothing has changed, as a multiple of a Python that only imports `argparse` and `json`.

    python -m tests.benchmarks.warm FOLDER [FOLDER …] [--rounds 15]

Each folder is copied, so that no cache is written into it. `ruff check` is measured beside, on its own second run.
"""

# ruff: noqa: T201 - a command prints

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.children import TRAINLINT, stay_on_one_core

BASE = (sys.executable, "-c", "import argparse, json")
CHECK = (*TRAINLINT, "check", "--output-format", "concise")
LIMIT = 3.0
"""The quotient that trainlint is held to."""


def main() -> int:
    """Prints a row for each folder; 1 where a quotient is too large."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    ruff = shutil.which("ruff") or shutil.which(str(Path(sys.executable).with_name("ruff")))
    programs: dict[str, Sequence[str]] = {"base": BASE, "trainlint": CHECK}
    if ruff:
        programs["ruff"] = (ruff, "check", "--output-format", "concise")
    stay_on_one_core()
    print(f"{'folder':<32} {'cold s':>8} " + " ".join(f"{f'{name} ms':>12}" for name in programs) + f" {'ratio':>7} {'ruff ratio':>11}")
    too_slow = False
    for folder in options.folders:
        with tempfile.TemporaryDirectory() as place:
            copy = Path(place) / folder.name
            shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns(".trainlint_cache", ".ruff_cache"))
            (copy / ".git").mkdir(exist_ok=True)
            cold = cpu(CHECK, copy)
            for command in programs.values():
                cpu(command, copy)
            rounds = [{name: cpu(command, copy) for name, command in programs.items()} for _ in range(options.rounds)]
        least = {name: min(each[name] for each in rounds) for name in programs}
        ratio = least["trainlint"] / least["base"]
        too_slow |= ratio > LIMIT
        beside = f"{least['ruff'] / least['base']:11.2f}" if "ruff" in least else f"{'–':>11}"
        print(f"{folder.name:<32} {cold:8.2f} " + " ".join(f"{least[name] * 1000:12.1f}" for name in programs) + f" {ratio:7.2f} {beside}")
    return int(too_slow)


def cpu(command: Sequence[str], folder: Path) -> float:
    """Seconds of processor time that a program takes in a folder, system time included."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode} in {folder}")
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())

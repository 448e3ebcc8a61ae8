"""Which share of the training loops present in some repositories trainlint follows.

    python -m tests.benchmarks.followed FOLDER [FOLDER …]

What is present is found without trainlint, by Python's own `ast`: files in which `.backward(` is called inside a loop.
"""

# ruff: noqa: T201 - a command prints

import argparse
import ast
import warnings
from collections.abc import Sequence
from pathlib import Path

from trainlint.engine.discovery import discover
from trainlint.program.analysis import analyse

NEAR = 3
"""Rows between a `.backward(` and the place that is named as not followed."""


def backward_rows(path: Path) -> set[int]:
    """The rows in which `.backward(` is called inside a loop."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            return set()
    return {
        call.lineno
        for loop in ast.walk(tree)
        if isinstance(loop, ast.For | ast.While)
        for call in ast.walk(loop)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "backward"
    }


def lost_in(folder: Path, present: dict[Path, set[int]]) -> dict[Path, str]:
    """The files of which no loop was followed, each with the reason."""
    program = analyse(discover([folder]), [folder])
    reasons: dict[Path, dict[int, str]] = {}
    for unfollowed in program.unfollowed:
        for row in present.get(unfollowed.path, ()):
            if abs(row - unfollowed.row) <= NEAR:
                reasons.setdefault(unfollowed.path, {})[row] = unfollowed.reason
    return {path: next(iter(rows.values())) for path, rows in reasons.items() if len(rows) == len(present[path])}


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints a row for each repository, the files that were not followed, and the share of those that were."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.followed", description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="each is a repository of its own")
    present_in_all = lost_in_all = 0
    for folder in parser.parse_args(arguments).folders:
        present = {path: rows for path in discover([folder.resolve()]) if (rows := backward_rows(path))}
        if not present:
            continue
        lost = lost_in(folder.resolve(), present)
        present_in_all += len(present)
        lost_in_all += len(lost)
        print(f"{folder.name:40} {len(present) - len(lost):5} of {len(present):5}", flush=True)
        for path, reason in lost.items():
            print(f"  {path.relative_to(folder.resolve())}: {reason}", flush=True)
    share = (present_in_all - lost_in_all) / max(1, present_in_all)
    print(f"\nfollowed: {present_in_all - lost_in_all} of {present_in_all} files with a training loop, {share:.1%}")


if __name__ == "__main__":
    main()

"""Whether fixes do what they promise: each one alone, applied to a program and checked again.

    python -m tests.benchmarks.fixes PROGRAM [PROGRAM …] [--verbose]

A program is a file or a folder of files that belong together. Nothing is written.
"""

# ruff: noqa: T201 - a command prints

import argparse
import ast
import difflib
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trainlint.bindings.importers import ImportIndex
from trainlint.editing.text import apply_edits
from trainlint.engine.analysis import check
from trainlint.engine.report import Report
from trainlint.engine.selection import ALL, Selection
from trainlint.findings import Finding, Fix
from trainlint.source.texts import Texts

EVERYTHING = Selection(select=(ALL,), preview=True)
OWN = "TL0"
"""What trainlint says about itself is no finding about a program."""


@dataclass
class Tally:
    """What came of the fixes of one rule."""

    findings: int = 0
    offered: int = 0
    parse: int = 0
    silent: int = 0
    nowhere_else: int = 0
    fresh: Counter[str] = field(default_factory=Counter)
    """Findings of other rules, errors and warnings alone, that were not there before."""


@dataclass
class Program:
    """A program, checked again and again with other texts."""

    path: Path
    index: ImportIndex = field(default_factory=lambda: ImportIndex(Texts()))

    def check(self, unsaved: Mapping[Path, str]) -> Report:
        """What is found where some files say something else."""
        self.index.texts.unsaved = unsaved
        return check([self.path], EVERYTHING, index=self.index)

    def with_fix(self, fix: Fix) -> dict[Path, str]:
        """The files that a fix changes, with their texts after it."""
        texts = Texts()
        paths = dict.fromkeys(edit.span.path for edit in fix.edits)
        return {path: apply_edits(texts.read(path), (edit for edit in fix.edits if edit.span.path == path)) for path in paths}


def parses(text: str) -> bool:
    """Whether Python reads it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError:
        return False
    return True


def broken(before: Report, after: Report) -> bool:
    """Whether trainlint cannot read what it could read before; it reads notebooks' commands, too."""
    return sum(each.code == "TL001" for each in after.findings) > sum(each.code == "TL001" for each in before.findings)


def is_silent(before: Report, after: Report, cured: Finding) -> bool:
    """Whether there is one finding less of its kind."""

    def count(report: Report) -> int:
        return sum(each.code == cured.code for each in report.findings)

    return count(after) < count(before)


def differs_nowhere_else(path: Path, fix: Fix, after: str) -> bool:
    """Whether only rows differ that an edit touches, and of these only what stands between an edit's ends: found without the edits."""
    before = Texts().read(path)
    rows = re.split("(?<=\n)", before)
    touched = {
        row
        for edit in fix.edits
        if edit.span.path == path
        for row in range(edit.span.start.row, max(edit.span.start.row, edit.span.end.row - (edit.span.end.column == 1)) + 1)
    }
    for tag, first, last, _, _ in difflib.SequenceMatcher(None, rows, re.split("(?<=\n)", after), autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        # What is inserted between two rows belongs to either.
        if not (touched & {first, first + 1} if tag == "insert" else touched.issuperset(range(first + 1, last + 1))):
            return False
    return True


def judge(program: Program, tallies: dict[str, Tally]) -> Iterator[str]:
    """Tries each fix of a program; a line for each that does not keep its promise."""
    before = program.check({})
    warned = Counter(each.code for each in before.findings if each.fails_build)
    for finding in before.findings:
        if finding.code.startswith(OWN):
            continue
        tally = tallies.setdefault(finding.code, Tally())
        tally.findings += 1
        fix = finding.fix
        if fix is None or not fix.edits:
            yield f"{place(finding)} no fix"
            continue
        tally.offered += 1
        texts = program.with_fix(fix)
        after = program.check(texts)
        good = all(parses(text) or not parses(Texts().read(path)) for path, text in texts.items()) and not broken(before, after)
        tally.parse += good
        silent = is_silent(before, after, finding)
        tally.silent += good and silent
        elsewhere = not all(differs_nowhere_else(path, fix, text) for path, text in texts.items())
        tally.nowhere_else += not elsewhere
        fresh = Counter(each.code for each in after.findings if each.fails_build and each.code != finding.code) - warned
        tally.fresh += fresh
        for failed, what in ((not good, "does not parse"), (good and not silent, "not silent"), (elsewhere, "differs elsewhere")):
            if failed:
                yield f"{place(finding)} {what}: {fix.title}"
        if fresh:
            yield f"{place(finding)} then {', '.join(fresh.elements())}: {fix.title}"


def place(finding: Finding) -> str:
    """Where a finding stands."""
    return f"{finding.span.path}:{finding.span.start.row}: {finding.code}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a row for each rule and one for all; 1 if fewer than nine in ten fixes keep the promise, or one differs elsewhere."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs="+", type=Path, metavar="PROGRAM")
    parser.add_argument(
        "--verbose", action="store_true", help="name the fixes that do not keep their promise, and the findings without one"
    )
    options = parser.parse_args(arguments)
    tallies: dict[str, Tally] = {}
    for path in options.programs:
        for line in judge(Program(path.resolve()), tallies):
            if options.verbose:
                print(line, flush=True)
    print(f"{'rule':6} {'findings':>8} {'with fix':>8} {'parse':>8} {'silent':>8} {'else same':>9}  new errors and warnings")
    whole = Tally()
    for code, tally in sorted(tallies.items()):
        print(row(code, tally))
        for name in ("findings", "offered", "parse", "silent", "nowhere_else"):
            setattr(whole, name, getattr(whole, name) + getattr(tally, name))
        whole.fresh += tally.fresh
    print(row("all", whole))
    if whole.offered:
        print(f"parse and silence the rule: {whole.silent / whole.offered:.1%} of {whole.offered} fixes")
    return int(whole.silent < 0.9 * whole.offered or whole.nowhere_else < whole.offered)


def row(name: str, tally: Tally) -> str:
    """A row of the table."""
    fresh = ", ".join(f"{count} {code}" for code, count in sorted(tally.fresh.items()))
    counts = (tally.findings, tally.offered, tally.parse, tally.silent)
    return f"{name:6} {' '.join(f'{count:8}' for count in counts)} {tally.nowhere_else:9}  {fresh}"


if __name__ == "__main__":
    sys.exit(main())

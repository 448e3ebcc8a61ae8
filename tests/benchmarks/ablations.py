"""What each part of the abstract run is worth: findings with it switched off, on faulty programs and on good ones.

    python -m tests.benchmarks.ablations [--cases MANIFEST FOLDER] [--good FOLDER …]

Without arguments: the faulty programs, edge cases and examples of the tests, each of which says what is to be found in it.
"""

# ruff: noqa: T201 - a command prints

import argparse
import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.expectations import EVERYTHING, TESTS, expected, findings_of, programs_in
from trainlint.bindings.import_graph import MAX_IMPORTERS
from trainlint.bindings.workspace import Workspace
from trainlint.engine.analysis import settings_for
from trainlint.engine.discovery import discover
from trainlint.engine.garbage import uncollected
from trainlint.engine.judgement import judge
from trainlint.engine.policy import Policy
from trainlint.findings import Finding, Severity
from trainlint.program import analysis, joins
from trainlint.program.interpreter import entries, statements

GATING = (Severity.ERROR, Severity.WARNING)


@dataclass
class Ablation:
    """A part that can be switched off."""

    name: str
    changes: tuple[tuple[Any, str, Any], ...] = ()
    """What replaces what: an object, the name of its attribute, the value in its place."""
    importers: bool = True
    """Whether files that import the checked ones are run."""

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """The analyzer without the part."""
        with ExitStack() as stack:
            for owner, attribute, value in self.changes:
                stack.enter_context(patch.object(owner, attribute, value))
            yield


def _one_pass(machine: Any, loop: Any, bind: Any, body: Any, passes: int, *, exact: bool, **rest: Any) -> Any:
    return RUN_LOOP(machine, loop, bind, body, passes if exact else 1, exact=exact, **rest)


def _once(_machine: Any, _node: Any, run: Callable[[], Any]) -> None:
    run()


def _nothing(*_: object) -> Iterator[Any]:
    return iter(())


RUN_LOOP = statements.run_loop
ONE_PASS = ((statements, "run_loop", _one_pass), (entries, "_repeat", _once))
ALONE = ((Workspace, "resolve", lambda *_, **__: None),)
MAIN_ALONE = ((analysis, "run_unreached", _nothing),)
ONE_MEANING = ((joins, "MAX_OPTIONS", 1), (joins, "_ALIKE", ()))

ABLATIONS = (
    Ablation("everything"),
    Ablation("files that import the checked ones are not run", importers=False),
    Ablation("imports are not followed", ALONE, importers=False),
    Ablation("one pass through each loop", ONE_PASS),
    Ablation("what nothing calls is not entered", MAIN_ALONE),
    Ablation("only the checked files' own `__main__`", MAIN_ALONE, importers=False),
    Ablation("a value has one meaning, or none", ONE_MEANING),
)


@dataclass
class Tally:
    """What came of one ablation."""

    named: int = 0
    programs: int = 0
    alarms: int = 0
    lost: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Case:
    """A program with a confirmed fault."""

    name: str
    folder: Path
    rules: frozenset[str]
    files: tuple[Path, ...]

    def is_named(self, ablation: Ablation) -> bool:
        """Whether one of the rules stands in a faulty file, or names it as evidence."""
        wanted = set(self.files)
        return any(
            finding.name in self.rules and wanted & {span.path for span in (finding.span, *(each.span for each in finding.evidence))}
            for finding in found_in(self.files, self.folder, ablation)
            if finding.severity in GATING
        )


def found_in(files: Sequence[Path], root: Path, ablation: Ablation) -> list[Finding]:
    """What is found in some files of a repository."""
    policy = Policy(settings_for(EVERYTHING), files)
    with ablation(), uncollected():
        program = analysis.analyse(files, [root], most_importers=MAX_IMPORTERS if ablation.importers else 0)
        return list(judge(program, files, policy.rules, policy=policy, fixes=False).findings)


def cases_in(manifest: Path, folder: Path) -> list[Case]:
    """The programs that a table with the columns id, rule and files lists; each lies in a folder named by its id."""
    with manifest.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = []
    for row in rows:
        root = (folder / row["id"]).resolve()
        files = tuple(root / name for name in row["files"].split(";") if (root / name).is_file())
        if files:
            found.append(Case(row["id"], root, frozenset(row["rule"].split()), files))
    return found


def of_tests(ablation: Ablation) -> Tally:
    """What is expected of the programs of the tests, and is still found; what is found beside it."""
    tally = Tally()
    texts = [(file.stem.replace("_", "-"), each.text) for file in sorted((TESTS / "rules").glob("*/*.py")) for each in programs_in(file)]
    for name, text in texts:
        wanted = Counter({key: count for key, count in expected(text).items() if key[1] == name})
        with ablation():
            report = findings_of(text)
        found = Counter((finding.span.start.row, finding.name) for finding in report.findings if finding.name == name)
        add(tally, wanted, found, name)
    for path in sorted((TESTS / "programs" / "faulty").iterdir()):
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path] if path.suffix == ".py" else []
        together = found_in(files, path if path.is_dir() else path.parent, ablation) if files else []
        for file in files:
            found = Counter((finding.span.start.row, finding.name) for finding in together if finding.span.path == file.resolve())
            add(tally, expected(file.read_text(encoding="utf-8")), found, file.stem)
    return tally


def add(tally: Tally, wanted: Counter[tuple[int, str]], found: Counter[tuple[int, str]], name: str) -> None:
    """Counts what one program has shown."""
    tally.programs += sum(wanted.values())
    tally.named += sum((wanted & found).values())
    tally.alarms += sum((found - wanted).values())
    tally.lost.update({name: sum((wanted - found).values())})


def of_cases(cases: Sequence[Case], ablation: Ablation) -> Tally:
    """How many of the confirmed faults are named."""
    tally = Tally(programs=len(cases))
    for case in cases:
        if case.is_named(ablation):
            tally.named += 1
        else:
            tally.lost[case.name] += 1
    return tally


def of_good(folders: Sequence[Path], ablation: Ablation) -> Tally:
    """How many errors and warnings there are in good repositories."""
    tally = Tally(programs=len(folders))
    for folder in folders:
        found = found_in(discover([folder.resolve()]), folder.resolve(), ablation)
        tally.alarms += sum(finding.severity in GATING for finding in found)
    return tally


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints a row for each ablation."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.ablations", description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", nargs=2, type=Path, metavar=("MANIFEST", "FOLDER"), help="programs with a confirmed fault")
    parser.add_argument("--good", nargs="+", type=Path, default=[], metavar="FOLDER", help="repositories in which nothing is to be found")
    options = parser.parse_args(arguments)
    subjects: list[tuple[str, Callable[[Ablation], Tally]]] = []
    if options.cases:
        subjects.append(("faults", partial(of_cases, cases_in(*options.cases))))
    if options.good:
        subjects.append(("good", partial(of_good, options.good)))
    for title, measure in subjects or [("tests", of_tests)]:
        print(f"\n{title:52} {'named':>12} {'alarms':>7}")
        whole: Tally | None = None
        for ablation in ABLATIONS:
            tally = measure(ablation)
            print(f"{ablation.name:52} {tally.named:5} of {tally.programs:3} {tally.alarms:7}", flush=True)
            if whole is not None:
                print(f"    lost: {', '.join(sorted((tally.lost - whole.lost).elements())) or 'nothing'}", flush=True)
            whole = whole or tally


if __name__ == "__main__":
    main()

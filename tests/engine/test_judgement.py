"""From what rules see to what is reported."""

import gc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import libcst as cst

from trainlint.engine.catalogue import find
from trainlint.engine.judgement import judge
from trainlint.engine.report import Report
from trainlint.findings import Category, Confidence, Position, Severity, Span
from trainlint.program.unfollowed import Unfollowed
from trainlint.rule import Rule, Sighting
from trainlint.source.ir import Node

MAIN, MODELS = Path("/project/main.py"), Path("/project/models.py")
SECTIONS = "\n\n".join(
    f"## {title}\n\nThis." for title in ("What it checks", "Why it matters", "When it stays silent", "How to fix it", "References")
)


@dataclass
class Chunk:
    """The part of a file that a node stands in."""

    path: Path


@dataclass
class File:
    """A file whose nodes know their rows."""

    path: Path
    rows: dict[int, int]
    text: str = "1\n2\n3\n"
    syntax_errors: tuple[Any, ...] = ()

    def span(self, node: Node) -> Span:
        """The row of a node, and its first five columns."""
        row = self.rows[id(node)]
        return Span(self.path, Position(row, 1), Position(row, 6))


@dataclass
class Program:
    """An abstract run, as far as the engine looks at one."""

    files: Mapping[Path, File]
    loops_followed: int = 0
    unfollowed: tuple[Unfollowed, ...] = ()
    unreadable: tuple[tuple[Path, str], ...] = ()
    failures: tuple[tuple[Path, str], ...] = ()
    seen: list[Sighting] = field(default_factory=list)


class Watcher(Rule):  # noqa: D101 - it has one
    __doc__ = f"Reports what the program says.\n\n{SECTIONS}"
    __module__ = "trainlint.rules.loop.watcher"
    code, category, since, examples = "TL598", Category.SUSPICIOUS, "0.1", ()

    def check(self, program: Any) -> Iterator[Sighting]:
        """Yields them."""
        yield from program.seen


class Stumbler(Rule):  # noqa: D101 - it has one
    __doc__ = f"Fails after its first sighting.\n\n{SECTIONS}"
    __module__ = "trainlint.rules.loop.stumbler"
    code, category, since, examples = "TL599", Category.CORRECTNESS, "0.1", ()

    def check(self, program: Any) -> Iterator[Sighting]:
        """Yields one sighting and falls."""
        node = program.seen[-1].place
        yield program.seen[-1]
        raise ZeroDivisionError(f"no {type(node).__name__}")


def make() -> tuple[Program, Any]:
    """A program of two files, and a way to name a place in it by file and row."""
    program = Program({path: File(path, {}) for path in (MAIN, MODELS)})

    def node(path: Path, row: int) -> Node:
        made = Node(cast("Any", Chunk(path)), cst.Pass())
        program.files[path].rows[id(made)] = row
        return made

    return program, node


def judged(program: Program, *rules: type[Rule], paths: tuple[Path, ...] = (MAIN,)) -> Report:
    """The report of some rules, and of what the tool says about itself."""
    tool = (find("TL001"), find("TL002"), find("TL003"))
    return judge(cast("Any", program), paths, (*tool, *rules))


def test_a_finding_knows_its_rule_and_its_place() -> None:
    """What is reported carries code, name, message, severity, place and evidence."""
    program, node = make()
    program.seen = [Sighting(node(MAIN, 2), "the message", ((node(MODELS, 3), "the reason"),))]
    report = judged(program, Watcher)
    [finding] = report.findings
    assert (finding.code, finding.name, finding.message) == ("TL598", "watcher", "the message")
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.HIGH)
    assert finding.span == Span(MAIN, Position(2, 1), Position(2, 6))
    assert [(e.span.path, e.span.start.row, e.message) for e in finding.evidence] == [(MODELS, 3, "the reason")]
    assert set(report.sources) == {MAIN, MODELS}


def test_a_finding_is_shown_where_any_of_its_places_was_asked_for() -> None:
    """Whoever checks models.py sees the mistake that main.py makes with it, and nothing that concerns main.py alone."""
    program, node = make()
    program.seen = [Sighting(node(MAIN, 1), "both", ((node(MODELS, 3), "here"),)), Sighting(node(MAIN, 2), "main alone")]
    assert [finding.message for finding in judged(program, Watcher, paths=(MODELS,)).findings] == ["both"]


def test_each_fault_once_and_in_order() -> None:
    """A function that is reached in several ways is reported once, with the gravest account; findings follow the text."""
    program, node = make()
    twice = node(MAIN, 3)
    program.seen = [
        Sighting(twice, "lesser", category=Category.ADVICE),
        Sighting(twice, "graver"),
        Sighting(twice, "unsure", confidence=Confidence.MEDIUM),
        Sighting(node(MAIN, 1), "first"),
    ]
    assert [finding.message for finding in judged(program, Watcher).findings] == ["first", "graver"]


def test_a_guess_is_not_shown() -> None:
    """Findings of low confidence are kept from the user."""
    program, node = make()
    program.seen = [Sighting(node(MAIN, 1), "perhaps", confidence=Confidence.LOW)]
    assert judged(program, Watcher).findings == ()


def test_a_failing_rule_is_named_and_the_rest_is_reported() -> None:
    """The user sees TL003 with rule and file, everything that was found besides, and the traceback when asking for it."""
    program, node = make()
    program.seen = [Sighting(node(MAIN, 1), "one"), Sighting(node(MODELS, 2), "two", ((node(MAIN, 1), "here"),))]
    report = judged(program, Stumbler, Watcher)
    assert [(finding.name, finding.message) for finding in report.findings] == [
        ("watcher", "one"),
        ("internal-error", "`stumbler` failed on this file: ZeroDivisionError: no Node"),
        ("watcher", "two"),
        ("stumbler", "two"),
    ]
    [failure] = report.internal_errors
    assert failure.path == MODELS, "the file of the node that the rule held when it failed"
    assert "in check" in failure.traceback


def test_a_failing_run_is_named() -> None:
    """A file on which the abstract run failed does not count as checked."""
    program, _ = make()
    program.failures = ((MAIN, "too deep"),)
    report = judged(program)
    assert [finding.message for finding in report.findings] == ["the abstract run failed on this file: too deep"]
    assert report.internal_errors


def test_what_cannot_be_read_is_a_finding() -> None:
    """A file that was asked for and cannot be read is reported at its beginning."""
    program, _ = make()
    program.unreadable = ((MAIN, "is binary"),)
    [finding] = judged(program).findings
    assert (finding.code, finding.message, finding.span.start) == ("TL002", "this file is binary", Position(1, 1))


def test_the_report_says_what_was_followed() -> None:
    """Loops that could not be followed are counted and named, as silence about them would look like a clean bill."""
    program, _ = make()
    program.loops_followed, program.unfollowed = 2, (Unfollowed(MAIN, 3, "too many steps"),)
    report = judged(program)
    assert (report.files, report.followed) == (1, 2)
    assert report.unfollowed == (Unfollowed(MAIN, 3, "too many steps"),)


def test_garbage_collection_is_on_again() -> None:
    """A program that uses trainlint as a library keeps its garbage collector."""
    import trainlint

    trainlint.check_text("import torch\n")
    assert gc.isenabled()

"""Whole programs in the style of their users: sound ones are left alone, faulty ones give exactly the findings that they mark."""

import re
from pathlib import Path

import pytest

from tests.expectations import BY_DEFAULT, Expected, expected, reported
from trainlint.engine.analysis import check

HERE = Path(__file__).parent
AT_LEAST = {"silent": 35, "faulty": 25}
"""Fewer programs than this were lost, not removed."""


def programs(kind: str) -> list[Path]:
    """The programs of a kind: scripts, and folders of files that belong together."""
    return sorted(path for path in (HERE / kind).iterdir() if path.suffix == ".py" or any(path.glob("*.py")))


def files(program: Path) -> list[Path]:
    """The files of a program."""
    return sorted(program.rglob("*.py")) if program.is_dir() else [program]


def in_words(file: Path, findings: Expected) -> list[str]:
    """The findings of a file, one to a line."""
    return [f"{file.name}:{row}: {name}" for row, name in sorted(findings.elements())]


def each(kind: str) -> pytest.MarkDecorator:
    """Runs a test on every program of a kind."""
    return pytest.mark.parametrize("program", [pytest.param(program, id=program.name) for program in programs(kind)])


@pytest.mark.parametrize("kind", AT_LEAST)
def test_there_are_programs(kind: str) -> None:
    """The programs are found by looking into folders; they must not come out empty."""
    assert len(programs(kind)) >= AT_LEAST[kind]


@each("silent")
def test_silent(program: Path) -> None:
    """A sound program gets no error and no warning, and no advice but what the first lines of its files allow."""
    report = check([program], BY_DEFAULT)
    heads = "\n".join(line for file in files(program) for line in file.read_text(encoding="utf-8").splitlines()[:5])
    allowed = {name for names in re.findall(r"# allows: (.+)", heads) for name in re.findall(r"[\w-]+", names)}
    shown = [(f.span.path.name, f.span.start.row, f.name, f.message) for f in report.findings if f.fails_build or f.name not in allowed]
    assert shown == []
    assert allowed == {finding.name for finding in report.findings}, "what is allowed is also found"


@each("faulty")
def test_faulty(program: Path) -> None:
    """A program with faults gets the findings that it marks with `# expect:`, and no other."""
    report = check([program], BY_DEFAULT)
    marked = [line for file in files(program) for line in in_words(file, expected(file.read_text(encoding="utf-8")))]
    assert marked, "a faulty program marks its faults"
    assert [line for file in files(program) for line in in_words(file, reported(report, file))] == marked

"""Applying fixes: what belongs together is applied together, what does not help is taken back."""

from collections.abc import Callable, Mapping
from pathlib import Path

from trainlint.engine.repair import repair, without_conflicts
from trainlint.engine.report import Report
from trainlint.findings import Applicability, Category, Confidence, Edit, Evidence, Finding, Fix, Position, Span

A, B = Path("a.py"), Path("b.py")


def finding(code: str, *edits: Edit, applicability: Applicability = Applicability.SAFE) -> Finding:
    """A finding in a.py with a fix."""
    fix = Fix("cure it", edits, applicability, "a test")
    row = edits[0].span.start.row
    span = Span(A, Position(row, 1), Position(row, 2))
    return Finding(code, code.lower(), "is wrong", Category.CORRECTNESS, Confidence.HIGH, span, (Evidence(span, "here"),), fix)


def edit(path: Path, row: int, first: int, last: int, text: str) -> Edit:
    """Replaces the columns `first` to `last`, exclusive, of a row."""
    return Edit(Span(path, Position(row, first), Position(row, last)), text)


def words(*rules: tuple[str, str, str], applicability: Applicability = Applicability.SAFE) -> Callable[[Mapping[Path, str]], Report]:
    """A check whose rules want a word of a.py to be another one."""

    def check(texts: Mapping[Path, str]) -> Report:
        text = texts.get(A, SOURCE)
        found = [
            finding(code, edit(A, number, row.index(old) + 1, row.index(old) + 1 + len(old), new), applicability=applicability)
            for number, row in enumerate(text.splitlines(), start=1)
            for code, old, new in rules
            if old in row
        ]
        return Report(findings=tuple(found), sources={A: text})

    return check


SOURCE = "one\ntwo\nthree\n"


def read(path: Path) -> str:
    """The only file."""
    assert path == A
    return SOURCE


def test_passes() -> None:
    """What a fix makes is looked at again, until nothing is left."""
    result = repair(words(("X1", "one", "two"), ("X2", "two", "2")), read, {A}, unsafe=False)
    assert result.texts == {A: "2\n2\nthree\n"}
    assert [each.code for each in result.applied] == ["X1", "X2", "X2"]
    assert result.report.findings == ()


def test_unsafe_fixes() -> None:
    """These are applied only where they are asked for, and those to be read only never."""
    unsafe = words(("X1", "one", "1"), applicability=Applicability.UNSAFE)
    assert repair(unsafe, read, {A}, unsafe=False).texts == {}
    assert repair(unsafe, read, {A}, unsafe=True).texts == {A: "1\ntwo\nthree\n"}
    assert repair(words(("X1", "one", "1"), applicability=Applicability.DISPLAY_ONLY), read, {A}, unsafe=True).texts == {}


def test_a_fix_that_does_not_help() -> None:
    """It is taken back, the others stay, and no fix is applied forever."""
    result = repair(words(("X1", "one", "oneone"), ("X2", "three", "3")), read, {A}, unsafe=False)
    assert result.texts == {A: "one\ntwo\n3\n"}
    assert [each.code for each in result.applied] == ["X2"]


def test_one_of_several_that_does_not_help() -> None:
    """One finding that its fix does not cure keeps no other of its kind from being cured."""

    def check(texts: Mapping[Path, str]) -> Report:
        rows = texts.get(A, "bad\nworse\n").splitlines()
        found = [
            finding("X1", edit(A, number, 1, len(row) + 1, "good" if row == "bad" else row + "r"))
            for number, row in enumerate(rows, start=1)
            if row != "good"
        ]
        return Report(findings=tuple(found), sources={A: "\n".join(rows)})

    result = repair(check, lambda _: "bad\nworse\n", {A}, unsafe=False)
    assert result.texts == {A: "good\nworse\n"}


def test_two_that_take_turns() -> None:
    """Two rules that undo each other's fixes come to an end."""
    result = repair(words(("X1", "one", "two"), ("X2", "two", "one")), read, {A}, unsafe=False)
    assert set(result.texts) <= {A}


def test_other_files() -> None:
    """A fix that changes a file beside the given ones is not applied, not even in part."""
    both = finding("X1", edit(A, 1, 1, 4, "1"), edit(B, 1, 1, 1, "2"))
    result = repair(lambda _: Report(findings=(both,)), read, {A}, unsafe=False)
    assert (result.texts, result.applied) == ({}, [])


def test_conflicts() -> None:
    """Of fixes that touch the same place the first is applied, whole."""
    first = finding("X1", edit(A, 1, 1, 4, ""), edit(A, 3, 1, 1, "x"))
    second = finding("X2", edit(A, 2, 1, 1, "x"), edit(A, 3, 1, 1, "y"))
    third = finding("X3", edit(A, 2, 1, 1, "z"))
    assert without_conflicts([first, second, third]) == [first, third]

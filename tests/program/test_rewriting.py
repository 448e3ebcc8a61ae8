"""Rewriting a program so that it does the same changes nothing that is found in it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from textwrap import indent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.expectations import findings_of

FAULTY = Path(__file__).parent.parent / "programs" / "faulty"
PROGRAMS = {path.name: path.read_text(encoding="utf-8") for path in sorted(FAULTY.glob("*.py"))}
NAMES = [
    "optimizer",
    "model",
    "loss",
    "loader",
    "criterion",
    "scheduler",
    "x",
    "y",
    "outputs",
    "net",
    "opt",
    "val_loader",
    "logits",
    "data",
]
"""Names that say something to a reader, and must say nothing to trainlint."""
UNRELATED = [
    "def unrelated(first, second=1):\n    return first + second\n",
    "def unrelated_loop(items):\n    total = 0\n    for item in items:\n        total += len(item)\n    return total\n",
    "class Unrelated:\n    def __init__(self, value):\n        self.value = value\n\n    def get(self):\n        return self.value\n",
    "UNRELATED = {'a': 1}\n",
    "def unrelated_files(folder):\n    import os\n    with open(os.path.join(folder, 'x')) as file:\n        return file.read()\n",
]
Found = list[tuple[int, str]]

some_program = st.sampled_from(sorted(PROGRAMS))
few = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def found(text: str) -> Found:
    """The row and code of each finding."""
    return [(finding.span.start.row, finding.code) for finding in findings_of(text).findings]


def moved(findings: Found, rows: int, start: int = 0) -> Found:
    """The findings with those from a row on moved down."""
    return [(row + rows if row > start else row, code) for row, code in findings]


# Renaming ---------------------------------------------------------------------------------------------------------------


def variables(tree: ast.Module) -> set[str]:
    """The names that can be given other names: variables, which no text, class, import or keyword mentions."""
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored - set(_mentioned(tree))


def _mentioned(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.alias():
                yield (node.asname or node.name).partition(".")[0]
            case ast.FunctionDef():
                yield node.name
                yield from (each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg))
            case ast.Lambda():
                yield from (each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg))
            case ast.ClassDef():
                yield node.name
                yield from (
                    each.id
                    for part in node.body
                    if not isinstance(part, ast.FunctionDef)
                    for each in ast.walk(part)
                    if isinstance(each, ast.Name)
                )
            case ast.keyword(arg=str(name)):
                yield name
            case ast.JoinedStr():  # the places of names in it are not to be had before Python 3.12
                yield from (each.id for each in ast.walk(node) if isinstance(each, ast.Name))
            case ast.Global() | ast.Nonlocal():
                yield from node.names
            case ast.Constant(value=str(text)):
                yield text


def renamed(text: str, names: dict[str, str]) -> str:
    """The text with other names for its variables, row by row the same."""
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    places = {
        (node.lineno, node.col_offset, node.id) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name) and node.id in names
    }
    for row, column, name in sorted(places, reverse=True):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + names[name].encode() + line[column + len(name.encode()) :]
    return b"".join(lines).decode()


@given(some_program, st.permutations(NAMES))
@few
def test_names_of_variables_say_nothing(program: str, names: list[str]) -> None:
    """Whatever the variables are called, were it each other's names, the same is found in the same rows."""
    text = PROGRAMS[program]
    tree = ast.parse(text)
    old = sorted(variables(tree))
    kept = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | set(_mentioned(tree))
    new = [*(name for name in names if name not in kept or name in old), *(f"name{number}" for number in range(len(old)))]
    assert found(renamed(text, dict(zip(old, new, strict=False)))) == found(text)


# Wrapping ---------------------------------------------------------------------------------------------------------------


@cache
def is_a_script(text: str) -> bool:
    """Whether all that the program defines is used by its own script, so that it may as well stand inside of a function."""
    tree = ast.parse(text)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    methods = {part.name for node in tree.body if isinstance(node, ast.ClassDef) for part in node.body if isinstance(part, ast.FunctionDef)}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    plain = not any(
        isinstance(node, ast.Global) or (isinstance(node, ast.ImportFrom) and node.module == "__future__") for node in ast.walk(tree)
    )
    return plain and defined <= used and {name for name in methods if not name.startswith("__")} - {"forward"} <= attributes


SCRIPTS = sorted(name for name, text in PROGRAMS.items() if is_a_script(text))


def test_there_are_scripts() -> None:
    """Most programs are scripts, and can be wrapped."""
    assert len(SCRIPTS) >= 15


@pytest.mark.parametrize("program", SCRIPTS)
def test_a_script_in_a_function(program: str) -> None:
    """A script that stands inside of `def main()`, which it calls, does the same, one row further down."""
    text = PROGRAMS[program]
    assert found(f"def main():\n{indent(text, '    ')}\nmain()\n") == moved(found(text), 1)


@pytest.mark.parametrize("program", SCRIPTS)
def test_a_script_under_a_guard(program: str) -> None:
    """So does one under `if __name__ == "__main__"`."""
    text = PROGRAMS[program]
    assert found(f'if __name__ == "__main__":\n{indent(text, "    ")}\n') == moved(found(text), 1)


# Inserting --------------------------------------------------------------------------------------------------------------


@given(some_program, st.sampled_from(UNRELATED), st.floats(0, 1))
@few
def test_what_is_unrelated_changes_nothing(program: str, unrelated: str, where: float) -> None:
    """A function, class or constant that nothing uses may stand anywhere between the statements."""
    text = PROGRAMS[program]
    statements = ast.parse(text).body
    before = statements[round(where * (len(statements) - 1))]
    row = min([before.lineno, *(each.lineno for each in getattr(before, "decorator_list", []))]) - 1
    lines = text.splitlines(keepends=True)
    inserted = "".join([*lines[:row], unrelated, *lines[row:]])
    assert found(inserted) == moved(found(text), unrelated.count("\n"), row)

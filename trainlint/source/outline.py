"""Where the statements of a text stand: by `ast` while the text parses, by indentation while it does not.

Both ways give the same outline for valid code, so a file that stops parsing keeps the chunks of everything that was not touched.
"""

import ast
import warnings
from dataclasses import dataclass
from typing import TypeAlias

from trainlint.source.logical_lines import Branch
from trainlint.source.preparation import Rows

LARGE = 80
"""Rows beyond which a compound statement is cut into its header and the statements of its body."""

_CLAUSES = frozenset("elif else except finally".split())
_DEFINITIONS = frozenset("class def".split())
_DIVISIBLE = frozenset("class def for if while with".split())

_Divisible: TypeAlias = (
    ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.For | ast.AsyncFor | ast.While | ast.If | ast.With | ast.AsyncWith
)


@dataclass(frozen=True, slots=True)
class Outline:
    """One statement, decorators included; `body` holds what a large one is cut into."""

    first: int
    last: int
    body: "tuple[Outline, ...]" = ()

    @property
    def size(self) -> int:
        """How many rows it takes."""
        return self.last - self.first + 1


class TooDeep(Exception):
    """A text whose nesting no parser should be given."""


def syntax_tree(text: str) -> ast.Module:
    """`ast`'s reading of a text, without the warnings that go with it; raises `SyntaxError` or `TooDeep`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError as error:
            if "too many" in error.msg:
                raise TooDeep from None
            raise
        except (RecursionError, MemoryError):
            raise TooDeep from None


def outline_of_tree(statements: list[ast.stmt], rows: Rows) -> tuple[Outline, ...]:
    """The outline of statements that `ast` has read."""
    return tuple(_outline_of_statement(statement, rows) for statement in statements)


def _outline_of_statement(statement: ast.stmt, rows: Rows) -> Outline:
    first, last = _first_row(statement), statement.end_lineno or statement.lineno
    body: tuple[Outline, ...] = ()
    if last - first >= LARGE and isinstance(statement, _Divisible) and not getattr(statement, "orelse", None):
        start = statement.body[0]
        if not rows.line(start.lineno)[: start.col_offset].strip() or _first_row(start) != start.lineno:
            body = outline_of_tree(statement.body, rows)
    return Outline(first, last, body)


def _first_row(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return decorators[0].lineno if decorators else statement.lineno


def outline_of_lines(branches: list[Branch]) -> tuple[Outline, ...]:
    """The outline of logical lines, however broken."""
    outlines: list[Outline] = []
    index = 0
    while index < len(branches):
        start = index
        while branches[index].line.word == "@" and index + 1 < len(branches) and branches[index + 1].line.word in _DEFINITIONS | {"@"}:
            index += 1
        head = branches[index]
        index += 1
        while index < len(branches) and branches[index].line.word in _CLAUSES:
            index += 1
        first, last = branches[start].line.first, branches[index - 1].last
        divisible = head.line.word in _DIVISIBLE and branches[index - 1] is head and _is_block(head.children)
        body = outline_of_lines(head.children) if divisible and last - first >= LARGE else ()
        outlines.append(Outline(first, last, body))
    return tuple(outlines)


def _is_block(branches: list[Branch]) -> bool:
    """Whether there are lines, all equally indented."""
    return len({branch.line.width for branch in branches}) == 1

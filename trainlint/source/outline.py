"""Where the statements of a text stand, told by their indentation, whether or not the text parses."""

from dataclasses import dataclass

from trainlint.source.logical_lines import Branch, LogicalLine, logical_lines, nested
from trainlint.source.preparation import Rows

LARGE = 80
"""Rows beyond which a compound statement is cut into its header and the statements of its body."""

_LONGEST_LINE = 4_000
"""Characters beyond which a logical line may be nested too deeply for LibCST, which would crash."""

_CLAUSES = frozenset("elif else except finally".split())
_DEFINITIONS = frozenset("class def".split())
_DIVISIBLE = frozenset("class def for if while with".split())


@dataclass(frozen=True, slots=True)
class Outline:
    """One statement, decorators included; `body` holds what a large one is cut into.

    `is_suspect` says that no bracket or string of it may be left to LibCST before Python has had a look.
    """

    first: int
    last: int
    is_suspect: bool
    body: "tuple[Outline, ...]" = ()

    @property
    def size(self) -> int:
        """How many rows it takes."""
        return self.last - self.first + 1


def outline(rows: Rows, large: int = LARGE) -> tuple[Outline, ...]:
    """The statements of a text; those of more rows than `large` with their bodies."""
    lines = logical_lines(rows)
    return _outlines(nested(lines), [line.first for line in lines if _is_suspect(rows, line)], large)


def _is_suspect(rows: Rows, line: LogicalLine) -> bool:
    return not line.closed or rows.start(line.last + 1) - rows.start(line.first) > _LONGEST_LINE


def _outlines(branches: list[Branch], suspects: list[int], large: int) -> tuple[Outline, ...]:
    """The statements that sibling lines make: decorators belong to a definition, clauses to the statement before them."""
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
        divisible = last - first >= large and head.line.word in _DIVISIBLE and branches[index - 1] is head and _is_block(head.children)
        is_suspect = any(first <= row <= last for row in suspects)
        outlines.append(Outline(first, last, is_suspect, _outlines(head.children, suspects, large) if divisible else ()))
    return tuple(outlines)


def _is_block(branches: list[Branch]) -> bool:
    """Whether there are lines, all equally indented."""
    return len({branch.line.width for branch in branches}) == 1

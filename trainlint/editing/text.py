"""Edits of a text by offsets, and of a file's text by the spans that a fix states."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from trainlint.findings import Edit, Position
from trainlint.source.magics import blank_magics
from trainlint.source.parsers import TooDeep, check_syntax
from trainlint.source.preparation import Rows, prepare

_ROW = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


@dataclass(frozen=True, slots=True, order=True)
class TextEdit:
    """Puts `text` in the place of what stands between two offsets; an empty stretch inserts."""

    start: int
    end: int
    text: str


class Overlap(Exception):
    """Two edits change the same characters."""


def edited(text: str, edits: Iterable[TextEdit]) -> str:
    """The text with all edits made, those at the same offset in the order given; raises `Overlap`."""
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    if any(one.end > other.start for one, other in pairwise(ordered)):
        raise Overlap
    parts: list[str] = []
    done = 0
    for edit in ordered:
        parts += text[done : edit.start], edit.text
        done = edit.end
    return "".join([*parts, text[done:]])


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text of a file with the edits of a fix made, as far as they are edits of this file; raises `Overlap`.

    Rows end as Python lets them end (line feed, carriage return or both), and keep their ends.
    """
    starts = [row.start() for row in _ROW.finditer(text)]

    def offset(position: Position) -> int:
        return min(starts[position.row - 1] + position.column - 1, len(text)) if position.row <= len(starts) else len(text)

    return edited(text, (TextEdit(offset(edit.span.start), offset(edit.span.end), edit.replacement) for edit in edits))


def is_sound(text: str) -> bool:
    """Whether Python reads the text, commands of a notebook left out."""
    try:
        check_syntax(blank_magics(Rows(prepare(text).text)).text)
    except (SyntaxError, TooDeep, ValueError):
        return False
    return True

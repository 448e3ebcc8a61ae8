"""The lines of the program around a place, with the place marked."""

import re
from dataclasses import dataclass

from trainlint.engine.report import Report
from trainlint.findings import Span
from trainlint.reporting.places import Place

_AROUND = 1
_MOST = 9


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line, in three parts of which the middle one is marked."""

    row: int
    before: str
    marked: str
    after: str


def source_lines(span: Span, report: Report) -> tuple[SourceLine, ...]:
    """The lines of a span and one to either side; none where the text is not known."""
    text = report.sources.get(span.path)
    rows = re.split("\r\n?|\n", text) if text else []
    if not 1 <= span.start.row <= len(rows):
        return ()
    shift = span.start.row - Place.of(span, report).start.row  # in a notebook, rows count from the start of the cell
    first, last = max(shift + 1, span.start.row - _AROUND), min(len(rows), span.end.row + _AROUND, span.start.row + _MOST)
    cells = report.notebooks.get(span.path)
    if cells is not None:
        cell = cells.locate(span.start.row)[0]
        while last > span.end.row and cells.locate(last + 1)[0] != cell:
            last -= 1
    return tuple(_line(row, rows[row - 1], span, shift) for row in range(first, last + 1))


def _line(row: int, text: str, span: Span, shift: int) -> SourceLine:
    if not span.start.row <= row <= span.end.row:
        return SourceLine(row - shift, text, "", "")
    start = span.start.column - 1 if row == span.start.row else len(text) - len(text.lstrip())
    end = span.end.column - 1 if row == span.end.row else len(text)
    end = max(end, start + 1) if row == span.start.row else end
    return SourceLine(row - shift, text[:start], text[start:end], text[end:])

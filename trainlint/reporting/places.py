"""Where a finding stands, in the words of a reader: a path, the cell of a notebook, a row and a column."""

import os
from dataclasses import dataclass
from pathlib import Path

from trainlint.engine.fingerprints import relative
from trainlint.engine.report import Report
from trainlint.findings import Position, Span


@dataclass(frozen=True, slots=True)
class Place:
    """A span as it is reported: in a notebook, rows count from the start of `cell`, which counts from 1 as cells of any kind do."""

    path: Path
    cell: int | None
    start: Position
    end: Position

    @classmethod
    def of(cls, span: Span, report: Report) -> "Place":
        """The place of a span of a report."""
        cells = report.notebooks.get(span.path)
        if cells is None:
            return cls(span.path, None, span.start, span.end)
        cell, row = cells.locate(span.start.row)
        shift = span.start.row - row
        return cls(span.path, cell, Position(row, span.start.column), Position(max(row, span.end.row - shift), span.end.column))

    def __str__(self) -> str:
        """`path:row:column`, which editors and terminals turn into a link; `path:cell 2:row:column` in a notebook."""
        cell = "" if self.cell is None else f"cell {self.cell}:"
        return f"{shown_path(self.path)}:{cell}{self.start.row}:{self.start.column}"


def shown_path(path: Path) -> str:
    """The path from the current folder for what lies in it, else the whole path."""
    here = Path.cwd()
    return os.fspath(path.relative_to(here) if path.is_relative_to(here) else path)


def posix_path(path: Path, root: Path | None = None) -> str:
    """The path from a folder (the current one), with `/` between its parts, for programs on other machines."""
    return relative(path, root or Path.cwd())

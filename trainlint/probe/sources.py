"""From the places that the agent saw to spans in the source."""

import ast
from functools import cache
from pathlib import Path

from trainlint.findings import Position, Span
from trainlint.observations import Place
from trainlint.probe.notebooks import as_python, is_notebook
from trainlint.source.notebooks import cell_rows
from trainlint.source.reading import UnreadableFile, read


def span_of(place: Place) -> Span:
    """The span of a place; where the interpreter knew rows alone, that of the call on this row."""
    path = Path(place.path)
    if place.column is not None and place.end_row is not None and place.end_column is not None:
        return Span(path, Position(place.row, place.column), Position(place.end_row, place.end_column))
    calls = [call for call in _calls(path) if call.lineno == place.row and call.end_lineno is not None]
    named = [call for call in calls if place.callee in (None, _name(call))] or calls
    if not named:
        return Span(path, Position(place.row, 1), Position(place.row, 1))
    call = min(named, key=lambda call: call.col_offset)
    return Span(path, _position(path, call.lineno, call.col_offset), _position(path, call.end_lineno or 0, call.end_col_offset or 0))


def meets(place: Place, span: Span) -> bool:
    """Whether a place and a span lie in each other or overlap."""
    if Path(place.path) != span.path:
        return False
    if place.column is None:
        return span.start.row <= place.row <= span.end.row or place.row == span.start.row
    own = span_of(place)
    return own.start <= span.end and span.start <= own.end


def _name(call: ast.Call) -> str | None:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else None


def row_of(place: Place) -> str:
    """File and row in the words of a reader: `train.py:7`, `train.ipynb:cell 2:7`."""
    path = Path(place.path)
    cells = cell_rows(text_of(path)) if is_notebook(path) else None
    if cells is None:
        return f"{path.name}:{place.row}"
    cell, row = cells.locate(place.row)
    return f"{path.name}:cell {cell}:{row}"


def line_of(place: Place) -> str:
    """The text of its row."""
    rows = text_of(Path(place.path)).splitlines()
    return rows[place.row - 1].strip() if 0 < place.row <= len(rows) else ""


@cache
def text_of(path: Path) -> str:
    """The text of a file of the program, a notebook's as the Python that runs; empty where it cannot be read."""
    try:
        text = read(path)
    except UnreadableFile:
        return ""
    return as_python(text) if is_notebook(path) else text


@cache
def _calls(path: Path) -> tuple[ast.Call, ...]:
    try:
        tree = ast.parse(text_of(path))
    except SyntaxError:
        return ()
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _position(path: Path, row: int, offset: int) -> Position:
    rows = text_of(path).splitlines()
    line = rows[row - 1] if 0 < row <= len(rows) else ""
    return Position(row, len(line.encode()[:offset].decode(errors="replace")) + 1)

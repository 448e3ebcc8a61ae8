"""Notebooks as one program: their code cells in order, and the way back from the program to the cells.

This module is imported before it is known whether anything will be parsed, so it stays free of LibCST.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_MARK = re.compile(r"^# %%\[cell (\d+)\]$", re.MULTILINE)
"""The row before each cell of the program: `%%` ends the cell before it for whoever reads magics."""
_NEW_ROW = re.compile("\r\n?|\n")
_MEMBER = re.compile(r'"cells": ')
_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class CellRows:
    """For each code cell, its number among all cells, counted from 1, and the row of the program in which it starts."""

    cells: tuple[int, ...]
    starts: tuple[int, ...]

    def locate(self, row: int) -> tuple[int, int]:
        """The cell that a row of the program stands in, and its row there; what is before the first cell counts as its start."""
        index = max(0, bisect_right(self.starts, row) - 1)
        return self.cells[index], max(1, row - self.starts[index] + 1)


def cell_rows(program: str) -> CellRows | None:
    """The rows of the cells of a notebook's program; None where it has no code."""
    found = [(int(mark[1]), len(_NEW_ROW.findall(program, 0, mark.end())) + 2) for mark in _MARK.finditer(program)]
    return CellRows(tuple(cell for cell, _ in found), tuple(row for _, row in found)) if found else None


def program_of(notebook: str) -> str:
    """The code cells of a notebook, given as JSON, as one program; raises `ValueError` for what is no notebook."""
    content = json.loads(notebook)
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise ValueError("it has no cells")  # noqa: TRY004 - whatever is wrong with the file is one kind of error
    if _language(content).lower() not in ("", "python", "ipython"):
        return ""
    return "".join(f"# %%[cell {number}]\n{source}\n" for number, source in _sources(content["cells"]))


def with_program(notebook: str, program: str) -> str:
    """The notebook with the code of its cells replaced by that of an edited program; all else stays as it is written.

    Raises `ValueError` where the program no longer has the cells that it had.
    """
    marks = list(_MARK.finditer(program))
    ends = [*(mark.start() for mark in marks[1:]), len(program)]
    edited = {int(mark[1]): program[mark.end() + 1 : end].removesuffix("\n") for mark, end in zip(marks, ends, strict=False)}
    cells = json.loads(notebook)["cells"]
    before = dict(_sources(cells))
    if edited.keys() != before.keys():
        raise ValueError("its cells are not those that they were")
    written, escape = notebook, notebook.isascii() and "\\u" in notebook
    spaced = _MEMBER.search(notebook) is not None
    for number, (start, end) in reversed(list(enumerate(_source_places(notebook), 1))):
        if number in edited and edited[number] != before[number]:
            written = written[:start] + _as_written(edited[number], written[start:end], escape=escape, spaced=spaced) + written[end:]
    return written


def _sources(cells: "list[object]") -> Iterator[tuple[int, str]]:
    """The number and text of each code cell."""
    for number, cell in enumerate(cells, 1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", "")
            yield number, "".join(map(str, source)) if isinstance(source, list) else str(source)


def _language(content: "dict[str, object]") -> str:
    """The language that a notebook's code is in; empty where it does not say."""
    metadata = content.get("metadata")
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        part = metadata.get(key) if isinstance(metadata, dict) else None
        if isinstance(part, dict) and isinstance(part.get(name), str):
            return str(part[name])
    return ""


def _source_places(notebook: str) -> Iterator[tuple[int, int]]:
    """Where the text of a notebook writes the source of each cell, from the first character of the value to behind its last."""
    for key, start, _ in _members(notebook, 0):
        if key == "cells":
            for cell in _elements(notebook, start):
                yield next(((first, last) for name, first, last in _members(notebook, cell) if name == "source"), (0, 0))
            return


def _members(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """The keys of a JSON object, with the place of each value."""
    position = _skip(text, _skip(text, start) + 1)
    while text[position] != "}":
        key, position = _DECODER.raw_decode(text, position)
        value = _skip(text, _skip(text, position) + 1)
        end = _DECODER.raw_decode(text, value)[1]
        yield key, value, end
        position = _skip(text, end)
        if text[position] == ",":
            position = _skip(text, position + 1)


def _elements(text: str, start: int) -> Iterator[int]:
    """Where each element of a JSON array starts."""
    position = _skip(text, start + 1)
    while text[position] != "]":
        yield position
        position = _skip(text, _DECODER.raw_decode(text, position)[1])
        if text[position] == ",":
            position = _skip(text, position + 1)


def _skip(text: str, position: int) -> int:
    return _SPACE.match(text, position).end()  # type: ignore[union-attr]


def _as_written(source: str, before: str, *, escape: bool, spaced: bool) -> str:
    """A source as JSON, in the form of the one that stood there: a text, or a list of rows with their newlines."""
    if not before.startswith("["):
        return json.dumps(source, ensure_ascii=escape)
    rows = [json.dumps(row, ensure_ascii=escape) for row in source.splitlines(keepends=True)]
    if not rows:
        return "[]"
    lead = before[1 : before.index('"')] if '"' in before else ""
    close = before[before.rindex('"') + 1 : -1] if '"' in before else ""
    between = f",{lead}" if lead else ", " if spaced else ","
    return f"[{lead}{between.join(rows)}{close}]"

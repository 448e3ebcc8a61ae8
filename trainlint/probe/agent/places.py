"""Where in the user's source something happens: from frames to spans."""

from __future__ import annotations

import ast
import itertools
import linecache
import os
import sys
import sysconfig
from types import CodeType, FrameType
from typing import Any

PlaceData = dict[str, Any]

HERE = os.path.dirname(os.path.realpath(__file__))
_FOLDERS = (sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
_LIBRARIES = tuple({os.path.join(os.path.realpath(folder), "") for folder in _FOLDERS})
_FOREIGN = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")

columns_are_known = hasattr(CodeType, "co_positions") and not os.environ.get("TRAINLINT_ROWS_ONLY")

_files: dict[str, bool] = {}
_places: dict[tuple[CodeType, int], PlaceData] = {}


def is_users(path: str) -> bool:
    """Whether a file is the user's: no library, no part of Python, not this agent."""
    known = _files.get(path)
    if known is None:
        real = os.path.realpath(path)
        foreign = path.startswith("<") or real.startswith(HERE + os.sep) or any(part in real for part in _FOREIGN)
        _files[path] = known = not foreign and not real.startswith(_LIBRARIES)
    return known


def here(owner: Any = None, called: Any = None) -> PlaceData | None:
    """The innermost place of the user's that led to this call, past the methods that run on `owner` itself.

    `called` is what is called there, or its name: it tells calls of one row apart where columns are not known.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        if is_users(code.co_filename) and not (owner is not None and _runs_on(frame, owner)):
            place = of(frame)
            if columns_are_known or called is None:
                return place
            return {**place, "callee": called if isinstance(called, str) else _name_of(called, frame)}
        frame = frame.f_back
    return None


def _name_of(thing: Any, frame: FrameType) -> str | None:
    """The name by which the code of a frame can call this object."""
    code = frame.f_code
    owner = frame.f_locals.get(code.co_varnames[0]) if code.co_argcount else None
    for names in (frame.f_locals, getattr(owner, "_modules", {}), getattr(owner, "__dict__", {}), frame.f_globals):
        for name, value in list(names.items()):
            if value is thing:
                return str(name)
    return None


def _runs_on(frame: FrameType, owner: Any) -> bool:
    code = frame.f_code
    return bool(code.co_argcount) and frame.f_locals.get(code.co_varnames[0]) is owner


def of(frame: FrameType) -> PlaceData:
    """The place that a frame is at."""
    key = (frame.f_code, frame.f_lasti)
    known = _places.get(key)
    if known is None:
        known = _places[key] = _place(frame)
    return known


def _place(frame: FrameType) -> PlaceData:
    code, path = frame.f_code, os.path.realpath(frame.f_code.co_filename)
    data: PlaceData = {"path": path, "row": frame.f_lineno, "column": None, "end_row": None, "end_column": None, "callee": None}
    if columns_are_known:
        positions = next(itertools.islice(code.co_positions(), frame.f_lasti // 2, None), None)
        if positions is not None and None not in positions:
            row, end_row, column, end_column = (int(value) for value in positions if value is not None)
            data["row"], data["end_row"] = row, end_row
            data["column"], data["end_column"] = _characters(code, row, column), _characters(code, end_row, end_column)
            data["callee"] = _callee(code, row, column, end_row, end_column)
    return data


def _characters(code: CodeType, row: int, offset: int) -> int:
    """A column from 1 in characters, from an offset in bytes of UTF-8."""
    line = linecache.getline(code.co_filename, row)
    return len(line.encode()[:offset].decode(errors="replace")) + 1


def _callee(code: CodeType, row: int, column: int, end_row: int, end_column: int) -> str | None:
    lines: list[bytes] = [linecache.getline(code.co_filename, number).encode() for number in range(row, end_row + 1)]
    lines[-1] = lines[-1][:end_column]
    lines[0] = lines[0][column:]
    try:
        tree = ast.parse(b"(" + b"".join(lines) + b")", mode="eval").body
    except SyntaxError:
        return None
    if not isinstance(tree, ast.Call):
        return None
    function = tree.func
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else None

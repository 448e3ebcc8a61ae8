"""Runs a notebook as Jupyter does: cell by cell, with `await` outside of functions, and with what IPython gives to every cell."""

from __future__ import annotations
import __future__

import ast
import asyncio
import importlib
import inspect
import re
from collections.abc import Iterator
from typing import Any

from .imports import when_imported
from .shell import Shell
from .standins.quiet import Quiet

_MARK = re.compile(r"^# %%\[cell \d+\]$", re.MULTILINE)
_FUTURE = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
_OF_A_LOOP = re.compile(r"\bawait\b|\basync[ \t]+(?:for|with)\b|\basyncio\b")

_TURNS = 8
"""How often the loop turns between two cells: a kernel does more in between than a task needs to tell that it is done."""


def run(text: str, path: str, namespace: dict[str, Any], *, network: bool) -> None:
    """Runs the cells of a program in which each begins with a mark. Raises what a cell raises; the cells after it are not run."""
    shell = Shell(namespace, network=network)
    namespace.update(get_ipython=lambda: shell, display=Quiet(), In=[""], Out={}, _="", __="", ___="", exit=_leave, quit=_leave)
    when_imported("tqdm.notebook", _without_widgets)
    if _OF_A_LOOP.search(text):
        asyncio.run(_run_in_loop(text, path, namespace))
        return
    for code in _cells(text, path):
        exec(code, namespace)  # noqa: S102 - this is what the user asked for


async def _run_in_loop(text: str, path: str, namespace: dict[str, Any]) -> None:
    """A loop runs while the cells do, as in a kernel; what they have left in it is waited for."""
    for code in _cells(text, path):
        result = eval(code, namespace)  # noqa: S307 - this is what the user asked for
        if inspect.iscoroutine(result):
            await result
        for _ in range(_TURNS):
            await asyncio.sleep(0)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*left)


def _cells(text: str, path: str) -> Iterator[Any]:
    """The code of each cell, in the rows in which it stands; what a cell takes from `__future__` holds from there on."""
    marks = [*(mark.end() for mark in _MARK.finditer(text)), len(text)]
    future = 0
    for start, end in zip(marks, marks[1:]):  # noqa: RUF007 - `pairwise` needs Python 3.10
        cell = "\n" * text.count("\n", 0, start) + text[start:end]
        code = compile(cell, path, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | future, dont_inherit=True)
        future |= code.co_flags & _FUTURE
        yield code


def _without_widgets(module: Any) -> None:
    """Progress bars that draw into a terminal: there is no page to draw into."""
    std = importlib.import_module("tqdm.std")
    vars(module).update(tqdm=std.tqdm, tqdm_notebook=std.tqdm, trange=std.trange, tnrange=std.trange)


def _leave(code: Any = None) -> None:
    raise SystemExit(code)

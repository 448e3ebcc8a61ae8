"""A terminal of the usual size, for programs that ask how wide theirs is and stop where there is none."""

from __future__ import annotations

import functools
import io
import os
import subprocess
from typing import Any

from .. import incidents

_COLUMNS, _ROWS = 80, 24


def install() -> None:
    """Answers for it from here on, where there is none."""
    ask, check, popen = os.get_terminal_size, subprocess.check_output, os.popen
    size = f"{_ROWS} {_COLUMNS}\n"

    def known(*descriptor: int) -> os.terminal_size:
        try:
            return ask(*descriptor)
        except OSError:
            return os.terminal_size((_COLUMNS, _ROWS))

    @functools.wraps(popen)
    def opened(cmd: str, *args: Any, **kwargs: Any) -> Any:
        if _asks_for_size(cmd):
            incidents.record("note", f"a terminal of {_COLUMNS} columns, where there is none")
            return io.StringIO(size)
        return popen(cmd, *args, **kwargs)

    @functools.wraps(check)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if args and _asks_for_size(args[0]):
            incidents.record("note", f"a terminal of {_COLUMNS} columns, where there is none")
            return size if kwargs.get("text") or kwargs.get("universal_newlines") or kwargs.get("encoding") else size.encode()
        return check(*args, **kwargs)

    os.get_terminal_size = known
    os.popen = opened
    subprocess.check_output = checked


def _asks_for_size(command: Any) -> bool:
    return (command if isinstance(command, list) else str(command).split()) == ["stty", "size"]

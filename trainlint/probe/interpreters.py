"""Which Python runs the user's program: the one that the user would run it with, as long as it can import torch."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from trainlint.engine.usage import UsageError

OLDEST = (3, 9)
_QUESTION = "import sys, importlib.util as u; print(*sys.version_info[:2], int(u.find_spec('torch') is not None))"
_MARKS = ("pyproject.toml", ".git", "setup.py", "setup.cfg")


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that can import torch, and how it was found."""

    path: str
    found: str


def interpreter_for(folder: Path, asked_for: str | None, environment: Mapping[str, str], *, patience: float = 20.0) -> Interpreter:
    """The first that can import torch; UsageError where there is none, with what each lacks.

    `patience` are the seconds that all of them together may take to answer.
    """
    refused: list[str] = []
    until = time.monotonic() + patience
    for path, found in _candidates(folder, asked_for, environment):
        lacks = _lacks(path, until - time.monotonic())
        if lacks is None:
            return Interpreter(path, found)
        refused.append(f"{path} ({found}) {lacks}")
        if asked_for:
            break
    advice = "install torch there" if asked_for else "name one with --python, or install trainlint[probe]"
    raise UsageError(f"no Python that can import torch: {'; '.join(refused)}; {advice}")


def _candidates(folder: Path, asked_for: str | None, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if asked_for:
        yield shutil.which(asked_for) or asked_for, "--python"
        return
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        if environment.get(variable):
            yield from _python_in(Path(environment[variable]), variable)
    for place in _up_to_the_project(folder):
        yield from _python_in(place / ".venv", ".venv")
    on_path = shutil.which("python", path=environment.get("PATH"))
    if on_path:
        yield on_path, "PATH"
    yield sys.executable, "the one that runs trainlint"


def _python_in(folder: Path, found: str) -> Iterator[tuple[str, str]]:
    for name in ("bin/python", "Scripts/python.exe", "python.exe"):
        if (folder / name).exists():
            yield os.fspath(folder / name), found
            return


def _up_to_the_project(folder: Path) -> Iterator[Path]:
    yield folder
    root = next((parent for parent in (folder, *folder.parents) if any((parent / mark).exists() for mark in _MARKS)), folder)
    if root != folder:
        yield root


def _lacks(path: str, patience: float) -> str | None:
    try:
        done = subprocess.run([path, "-c", _QUESTION], capture_output=True, text=True, timeout=max(patience, 0.1), check=False, cwd="/")  # noqa: S603
        major, minor, torch = (int(word) for word in done.stdout.split()[-3:])
    except subprocess.TimeoutExpired:
        return "does not answer in time"
    except (OSError, ValueError):
        return "does not start"
    if (major, minor) < OLDEST:
        return f"is Python {major}.{minor}, and {OLDEST[0]}.{OLDEST[1]} is needed"
    return None if torch else "has no torch"

"""Whole programs as child processes, one after the other: what each costs, and how it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer

TRAINLINT = (sys.executable, "-m", "trainlint")

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""That of the children: who installs trainlint has it compiled once, not at every start."""

MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which the system counts memory."""


@dataclass(frozen=True)
class Ended:
    """A child process after its end."""

    cpu: float
    """Seconds of CPU, system time and the children that it waited for included."""
    wall: float
    memory: float
    """Its largest size, in MB."""
    status: int
    """Its exit status, or the signal that ended it as a negative number."""
    out_of_time: bool
    output: str
    errors: str


def run(command: Sequence[str], given: str = "", limit: float = 120) -> Ended:
    """Runs a program to its end, or for so many seconds; `given` is what it reads from standard input."""
    with TemporaryFile() as stdin, TemporaryFile() as stdout, TemporaryFile() as stderr:
        stdin.write(given.encode("utf-8", "surrogateescape"))
        stdin.seek(0)
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=stderr, env=ENVIRONMENT)
        timer = Timer(limit, os.kill, (process.pid, signal.SIGKILL))
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for stream in (stdout, stderr):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", "replace"))
    cpu, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * MAXRSS_UNIT / 1e6
    out_of_time = wall >= limit and process.returncode == -signal.SIGKILL
    return Ended(cpu, wall, memory, process.returncode, out_of_time, *texts)


def stay_on_one_core() -> str:
    """Keeps this process and its children on one core where the system can do that, and says which."""
    if not hasattr(os, "sched_setaffinity"):
        return "on any core (this system cannot pin a process)"
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return f"on core {core}"


def lines_of(files: Sequence[Path]) -> int:
    """How many lines these files have."""
    return sum(file.read_bytes().count(b"\n") for file in files)

"""Watches over a running program until it ends or reaches a limit, and ends it with everything that it started."""

import errno
import os
import select
import signal
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from contextlib import suppress

from trainlint.probe.containment.order import Limits, Order

_PAUSE = 0.025
"""Seconds between two looks at the program."""
_LONG_PAUSE = 0.25
"""Seconds between two looks at the sizes of things."""


class Crowd(ABC):
    """The processes of a program."""

    @abstractmethod
    def members(self) -> list[int]:
        """The processes that there are now; those that have ended and were not waited for may be among them."""

    @abstractmethod
    def end(self) -> None:
        """Ends all members at once, whatever they catch; none is left."""

    @abstractmethod
    def written(self) -> int:
        """Bytes that they have put into files, where no file system counts them."""


def watch(program: int, crowd: Crowd, order: Order, leash: int, started: float) -> dict[str, object]:
    """How the program ended: `how`, `code` or `signal`, and `others`, the number of processes that it left running.

    The end of the file `leash` means that nobody waits for the program any more.
    """
    deadline = started + order.limits.seconds
    scales = _Scales(crowd, order.limits)
    while True:
        status = _reap(program)
        if status is not None:
            others = sum(_parent(pid) is not None for pid in crowd.members())
            crowd.end()
            return {"how": "ended", "others": others, **_described(status)}
        how = None
        if time.monotonic() >= deadline:
            how = "timeout"
        elif len(crowd.members()) > order.limits.processes:
            how = "processes"
        else:
            how = scales.exceeded
        if how is None and select.select([leash], [], [], _PAUSE)[0] and not os.read(leash, 1):
            how = "stopped"
        if how is not None:
            crowd.end()
            return {"how": how, "others": 0}


class _Scales:
    """Looks at what takes long to look at, in a thread: a process that forks without end keeps a reader of its memory waiting."""

    def __init__(self, crowd: Crowd, limits: Limits) -> None:
        self._crowd = crowd
        self._limits = limits
        self.exceeded: str | None = None
        """The limit that has been exceeded."""
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while self.exceeded is None:
            if _holds_more(self._crowd.members(), self._limits.memory):
                self.exceeded = "memory"
            elif self._crowd.written() > self._limits.written:
                self.exceeded = "written"
            time.sleep(_LONG_PAUSE)


def _reap(program: int) -> int | None:
    """Takes leave of every child that has ended; the program's status, if it is among them."""
    found = None
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if pid == 0:
            return found
        if pid == program:
            found = status


def _described(status: int) -> dict[str, object]:
    if os.WIFSIGNALED(status):
        return {"signal": os.WTERMSIG(status)}
    return {"code": os.WEXITSTATUS(status)}


class Namespace(Crowd):
    """Every process of a process namespace but the first, which is this one."""

    def members(self) -> list[int]:
        """All numbers in /proc: it shows this namespace alone."""
        return [pid for pid in _numbers() if pid != 1]

    def end(self) -> None:
        """One signal to all, which no fork escapes."""
        _kill(-1)
        with suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)

    def written(self) -> int:
        """Zero: the file system in memory has a size."""
        return 0


class Descendants(Crowd):
    """The program, its children, and theirs, where this process adopts those whose parents have ended."""

    def __init__(self, program: int, scratch: str) -> None:
        self._program = program
        self._scratch = scratch

    def members(self) -> list[int]:
        """Those of this process and theirs, as the kernel lists them; through the parents of all processes where it does not."""
        listed = os.path.exists(f"/proc/self/task/{os.getpid()}/children")
        children = _listed_children if listed else _children_found()
        found: list[int] = []
        waiting = children(os.getpid())
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            waiting.extend(children(pid))
        return found

    def end(self) -> None:
        """Stops all first, so that none starts another while they end."""
        for _ in range(200):
            members = self.members()
            for number in (signal.SIGSTOP, signal.SIGKILL):
                for pid in members:
                    _kill(pid, number)
            with suppress(OSError):  # the group may have ended
                os.killpg(self._program, signal.SIGKILL)
            _reap(0)
            if not self.members():
                return
            time.sleep(0.01)

    def written(self) -> int:
        """What lies in the scratch folder."""
        total = 0
        for here, _, files in os.walk(self._scratch):
            for name in files:
                with suppress(OSError):  # gone in the meantime
                    total += os.lstat(os.path.join(here, name)).st_size
        return total


def _kill(pid: int, number: int = signal.SIGKILL) -> None:
    try:
        os.kill(pid, number)
    except OSError as error:
        if error.errno not in {errno.ESRCH, errno.EPERM}:
            raise


def _numbers() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _listed_children(pid: int) -> list[int]:
    """Cheap, however many processes the machine runs; a kernel may be built without it."""
    found: list[int] = []
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as file:
                found += [int(number) for number in file.read().split()]
    return found


def _children_found() -> Callable[[int], list[int]]:
    """Among all processes of the machine."""
    children: dict[int, list[int]] = {}
    for pid, parent in _parents():
        children.setdefault(parent, []).append(pid)
    return lambda pid: list(children.get(pid, []))


def _parents() -> list[tuple[int, int]]:
    if sys.platform != "linux":
        rows = os.popen("ps -A -o pid=,ppid=,stat=").read().split("\n")  # noqa: S605, S607 - the only way there is on macOS
        return [(int(row.split()[0]), int(row.split()[1])) for row in rows if row.strip() and "Z" not in row.split()[2]]
    return [(pid, parent) for pid in _numbers() if (parent := _parent(pid)) is not None]


def _parent(pid: int) -> int | None:
    """None for a process that has ended."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            state, parent = file.read().rpartition(b")")[2].split()[:2]
    except OSError:
        return None
    return None if state in {b"Z", b"X"} else int(parent)


def _holds_more(members: Iterable[int], limit: int) -> bool:
    """Whether their anonymous memory is more; where processes share it, each counts its share, which takes long to find out."""
    pids = list(members)
    rough = sum(_row(pid, "status", "RssAnon:") for pid in pids)
    return rough > limit and (len(pids) == 1 or sum(_row(pid, "smaps_rollup", "Pss:") for pid in pids) > limit)


def _row(pid: int, file: str, name: str) -> int:
    try:
        with open(f"/proc/{pid}/{file}", encoding="ascii", errors="replace") as rows:
            return next((int(row.split()[1]) * 1024 for row in rows if row.startswith(name)), 0)
    except OSError:
        return 0

"""How a contained program ended, and what it left or would have left."""

import os
import re
import signal
from dataclasses import dataclass
from enum import Enum


class Containment(Enum):
    """What held the program, the strongest first."""

    NAMESPACES = "namespaces"
    """Namespaces of its own; all changes to files were made in memory and are gone."""
    LANDLOCK = "landlock"
    """The kernel refused writes outside a scratch folder; the agent refused deletes, processes and network connections."""
    HOOKS = "hooks"
    """The agent alone."""
    NONE = "none"
    """Nothing was started."""


class How(Enum):
    """How a program ended."""

    ENDED = "ended"
    """By itself: `code` or `signal` says how."""
    STOPPED = "stopped"
    """By the caller, who had seen enough."""
    TIMEOUT = "timeout"
    MEMORY = "memory"
    PROCESSES = "processes"
    WRITTEN = "written"
    NOT_STARTED = "not started"


@dataclass(frozen=True, slots=True)
class Written:
    """A file that the program wrote or deleted in its overlay; outside nothing of it happened."""

    path: str
    size: int | None
    """Bytes; None for one that it deleted."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file of the project folder that is not as it was before the run, whoever changed it."""

    path: str
    how: str
    """`added`, `changed` or `removed`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a traceback."""

    path: str
    row: int
    function: str


@dataclass(frozen=True, slots=True)
class Crash:
    """The exception that the program's last words tell of."""

    kind: str
    message: str
    rows: tuple[Row, ...]
    """The innermost last, those of the agent left out."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that is known from outside about a run."""

    how: How
    seconds: float
    code: int | None = None
    """The exit status of a program that ended by itself, `os._exit` included; None where a signal ended it."""
    signal: int | None = None
    containment: Containment = Containment.NONE
    refused: tuple[str, ...] = ()
    """Why the containment is none of the stronger ones."""
    printed: str = ""
    """The end of what it wrote to its standard output and its standard error."""
    written: tuple[Written, ...] = ()
    """At most a thousand files."""
    changes: tuple[Change, ...] = ()
    compared: bool = True
    """Whether the whole project folder was compared, and not its first files alone."""
    others: int = 0
    """Processes that it had left running when it ended; they were ended too."""

    @property
    def legible(self) -> str:
        """What it printed, without what a terminal would obey."""
        return _TERMINAL_CODES.sub("", self.printed)

    @property
    def crash(self) -> Crash | None:
        """The last traceback that was printed, where the program ended with it."""
        if self.how is not How.ENDED or not self.code:
            return None
        return crash_in(self.printed)

    def described(self) -> str:
        """How it ended, in words that complete `the program …`."""
        after = f"after {self.seconds:.1f} s"
        match self.how:
            case How.STOPPED:
                return f"was stopped {after}"
            case How.TIMEOUT:
                return f"was ended {after}: its time was over"
            case How.MEMORY:
                return f"was ended {after}: it held more memory than it may"
            case How.PROCESSES:
                return f"was ended {after}: it had started more processes than it may"
            case How.WRITTEN:
                return f"was ended {after}: it had written more than it may"
            case How.NOT_STARTED:
                return f"could not be started: {self.printed.strip()}"
            case How.ENDED:
                return f"{self._own_end()} {after}"

    def _own_end(self) -> str:
        if self.signal is not None:
            return f"was ended by {_signal_name(self.signal)}"
        crash = self.crash
        if crash is None:
            return f"ended with exit status {self.code}"
        place = f" at {crash.rows[-1].path}:{crash.rows[-1].row}" if crash.rows else ""
        return f"raised {crash.kind}{place}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


_AGENT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "agent", "")
_TERMINAL_CODES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)|[\x00-\x08\x0b-\x1f\x7f]")
_START = "Traceback (most recent call last):\n"
_ROW = re.compile(r'^  File "(?P<path>.+)", line (?P<row>\d+)(?:, in (?P<function>.+))?$', re.MULTILINE)
_LAST = re.compile(r"^(?P<kind>[A-Za-z_][\w.]*)(?:: (?P<message>.*))?$", re.MULTILINE)


def crash_in(text: str) -> Crash | None:
    """The last traceback in a text, None where there is none."""
    before, start, told = text.rpartition(_START)
    if not start:
        told = before or text
        if not re.search(r"^(?:SyntaxError|IndentationError|TabError): ", told, re.MULTILINE):
            return None
    last = _LAST.search(told)
    if last is None:
        return None
    rows = [Row(found["path"], int(found["row"]), found["function"] or "<module>") for found in _ROW.finditer(told[: last.start()])]
    return Crash(last["kind"], last["message"] or "", tuple(row for row in rows if not row.path.startswith(_AGENT)))

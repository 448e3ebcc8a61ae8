"""Runs a command contained, and tells how it ended."""

import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from trainlint.probe.containment.environment import environment_of
from trainlint.probe.containment.fingerprint import compared, fingerprint
from trainlint.probe.containment.order import Limits, Order
from trainlint.probe.containment.outcome import Change, Containment, How, Outcome, Written
from trainlint.probe.containment.scratch import scratch

_SUPERVISOR = """\
import sys
sys.path[:0] = [sys.argv.pop()]
from trainlint.probe.containment.supervisor import main
main()
"""
_GRACE = 6.0
"""Seconds beyond its time after which the supervisor is no longer trusted to end the program."""
_MOST_PRINTED = 64 << 10
_MOST_READS = 64
"""Pieces that are read from one pipe before the others have their turn."""
_PAUSE = 0.05
"""Seconds to wait for something to read."""
_NOT_EXECUTED = 127


def contained(
    command: Sequence[str],
    *,
    cwd: "str | os.PathLike[str]",
    project: "str | os.PathLike[str] | None" = None,
    environment: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    allow_network: bool = False,
    namespaces: bool = True,
    landlock: bool = True,
    on_line: Callable[[str], bool | None] = lambda line: None,  # noqa: ARG005
    on_tick: Callable[[], None] = lambda: None,
) -> Outcome:
    """Runs a command to its end, or to the first limit that it reaches; nothing that it started is left then.

    It inherits the writing end of a pipe, whose number is in TRAINLINT_CHANNEL; `on_line` gets each line that comes through it,
    and ends the command by returning True. `on_tick` is called some ten times a second. `project` is the folder that is compared
    afterwards (by default `cwd`). `namespaces=False` and `landlock=False` do without what the kernel may offer.
    Its environment is the given one without what looks like credentials.

    Raises OSError where no supervisor can be started, and NotImplementedError where Python cannot fork (on Windows).
    """
    if sys.platform == "win32":
        raise NotImplementedError("programs can be contained on Linux and macOS alone; on Windows, use WSL")
    limits, begun = limits or Limits(), time.monotonic()
    whole = Path(project if project is not None else cwd).resolve()
    before = fingerprint(str(whole))
    with ExitStack() as stack:
        folder = stack.enter_context(scratch())
        channel, report = _Pipe(stack), _Pipe(stack)
        order = Order(
            command=[shutil.which(command[0]) or command[0], *command[1:]],
            cwd=str(Path(cwd).resolve()),
            environment={
                **environment_of(os.environ if environment is None else environment, allow_network=allow_network),
                "TRAINLINT_CHANNEL": str(channel.writing),
            },
            scratch=folder,
            project=str(whole),
            limits=replace(limits, seconds=limits.seconds - (time.monotonic() - begun)),
            kept=[channel.writing],
            allow_network=allow_network,
            foreign_groups=before.foreign_groups,
            namespaces=namespaces,
            landlock=landlock,
        )
        supervisor = subprocess.Popen(  # noqa: S603 - to run what was asked for is what this is for
            [sys.executable, "-S", "-E", "-c", _SUPERVISOR, str(report.writing), str(Path(__file__).parents[3])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            pass_fds=(report.writing, channel.writing),
            start_new_session=True,
        )
        channel.close_writing()
        report.close_writing()
        run = _Run(supervisor, order, on_line, on_tick)
        try:
            run.attend(channel.reading, report.reading)
        finally:
            run.end()
        run.written.extend(_left_in(folder))
    after = fingerprint(str(whole))
    return run.outcome(changes=compared(before, after), compared=before.whole and after.whole)


class _Pipe:
    """A pipe whose ends are closed with a stack."""

    def __init__(self, stack: ExitStack) -> None:
        self.reading, self.writing = os.pipe()
        self._open = {self.reading, self.writing}
        stack.callback(self._close)

    def close_writing(self) -> None:
        """Leaves it to those who have inherited it."""
        os.close(self.writing)
        self._open.discard(self.writing)

    def _close(self) -> None:
        for end in self._open:
            os.close(end)


class _Lines:
    """Whole lines out of the pieces that come through a pipe."""

    def __init__(self, on_line: Callable[[str], object]) -> None:
        self._on_line = on_line
        self._pieces: list[bytes] = []

    def take(self, piece: bytes) -> None:
        *whole, rest = piece.split(b"\n")
        for line in whole:
            self._on_line(b"".join([*self._pieces, line]).decode("utf-8", "replace"))
            self._pieces = []
        self._pieces.append(rest)


class _Run:
    """One program, from its start to its end."""

    def __init__(
        self, supervisor: "subprocess.Popen[bytes]", order: Order, on_line: Callable[[str], bool | None], on_tick: Callable[[], None]
    ) -> None:
        self.written: list[Written] = []
        self._supervisor = supervisor
        self._order = order
        self._on_line = on_line
        self._on_tick = on_tick
        self._printed = bytearray()
        self._started: dict[str, Any] = {}
        self._ended: dict[str, Any] = {}
        self._given_up = False

    def attend(self, channel: int, report: int) -> None:
        """Passes on what comes until the supervisor has ended."""
        leash, output = self._supervisor.stdin, self._supervisor.stdout
        assert leash is not None
        assert output is not None
        begun = time.monotonic()
        try:
            leash.write(self._order.encoded())
            leash.flush()
        except BrokenPipeError:
            return  # it could not start, and its output says why
        takers = {
            channel: _Lines(self._take_line).take,
            report: _Lines(self._take_report).take,
            output.fileno(): self._take_output,
        }
        with selectors.DefaultSelector() as selector:
            for descriptor in takers:
                os.set_blocking(descriptor, False)
                selector.register(descriptor, selectors.EVENT_READ)
            while True:
                gone = self._supervisor.poll() is not None  # asked first: what came before its end is read below
                self._read(selector, takers)
                if gone or not selector.get_map():
                    return
                self._on_tick()
                if time.monotonic() - begun > self._order.limits.seconds + _GRACE:
                    return

    def end(self) -> None:
        """Ends the program where it still runs."""
        self._let_go()
        try:
            self._supervisor.wait(_GRACE)
        except subprocess.TimeoutExpired:
            with suppress(OSError):
                os.killpg(self._supervisor.pid, signal.SIGKILL)
            self._supervisor.wait()
        if self._supervisor.stdout is not None:
            self._supervisor.stdout.close()

    def outcome(self, *, changes: tuple[Change, ...], compared: bool) -> Outcome:
        """What is to be told about it."""
        printed = self._printed.decode("utf-8", "replace").replace("\r\n", "\n")
        seconds = float(self._ended.get("seconds", 0.0))
        if not self._started:
            return Outcome(How.NOT_STARTED, seconds, printed=printed, changes=changes, compared=compared)
        how = How(self._ended.get("how", "timeout"))
        code = self._ended.get("code")
        if code == _NOT_EXECUTED and f"trainlint: {self._order.command[0]} cannot be started" in printed:
            how = How.NOT_STARTED
        return Outcome(
            how,
            seconds,
            code=code,
            signal=self._ended.get("signal"),
            containment=Containment(self._started["containment"]),
            refused=tuple(self._started["refused"]),
            printed=printed,
            written=tuple(self.written),
            changes=changes,
            compared=compared,
            others=self._ended.get("others", 0),
        )

    def _read(self, selector: selectors.BaseSelector, takers: "Mapping[int, Callable[[bytes], object]]") -> None:
        """Reads what there is, and waits a little where there is nothing."""
        for key, _ in selector.select(_PAUSE):
            for _ in range(_MOST_READS):
                try:
                    piece = os.read(key.fd, 1 << 16)
                except BlockingIOError:
                    break
                if not piece:
                    selector.unregister(key.fd)
                    break
                takers[key.fd](piece)

    def _take_line(self, line: str) -> None:
        if not self._given_up and self._on_line(line):
            self._given_up = True
            self._let_go()

    def _take_report(self, line: str) -> None:
        row = json.loads(line)
        match row["kind"]:
            case "started":
                self._started = row
            case "ended":
                self._ended = row
            case "wrote":
                self.written.append(Written(row["path"], row["size"]))

    def _take_output(self, piece: bytes) -> None:
        self._printed += piece
        del self._printed[:-_MOST_PRINTED]

    def _let_go(self) -> None:
        """Tells the supervisor that nobody waits any more."""
        leash = self._supervisor.stdin
        if leash is not None and not leash.closed:
            with suppress(BrokenPipeError):
                leash.close()


def _left_in(scratch: str) -> Iterator[Written]:
    """What the agent redirected into the scratch folder."""
    layer = os.path.join(scratch, "files")
    for here, _, files in os.walk(layer):
        for name in files:
            path = os.path.join(here, name)
            with suppress(OSError):
                yield Written("/" + os.path.relpath(path, layer), os.lstat(path).st_size)

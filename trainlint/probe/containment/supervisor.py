"""The process between trainlint and the user's program: encloses it, watches over it, and goes with whichever ends first.

It is started as a program of its own (`main`), so that nothing here happens in a process with threads. It reads one line, an
`Order`, from its standard input, whose end tells it that nobody waits any more, and writes lines of JSON to the descriptor that
is its argument: `{"kind": "started", "containment": …, "refused": [why not a stronger one]}`, `{"kind": "wrote", …}` and
`{"kind": "ended", …}`.
"""

import fcntl
import json
import os
import re
import resource
import shutil
import signal
import socket
import struct
import sys
import time
from contextlib import suppress

from trainlint.probe.containment import landlock, linux
from trainlint.probe.containment.order import Limits, Order, decoded
from trainlint.probe.containment.root import Root
from trainlint.probe.containment.watch import Descendants, Namespace, watch

_LEASH = 0
_MOST_NAMED = 1000
"""How many written files are named."""
_GRACE = 3.0
"""Seconds that an enclosure has beyond its time to end the program by itself."""


def main() -> None:
    """Runs one order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    report = int(sys.argv[1])
    os.set_inheritable(report, False)  # what the program writes anywhere is none of ours
    order = decoded(_line(_LEASH))
    started = time.monotonic()
    parent = os.getppid()
    why_not: str | None = "not asked for"
    if order.namespaces:
        why_not = _in_namespaces(order, report, started) if sys.platform == "linux" else "Linux alone has them"
    if why_not is not None:
        _without_namespaces(order, report, started, [why_not])
    if os.getppid() != parent:
        shutil.rmtree(order.scratch, ignore_errors=True)  # nobody else is left to do it


def _in_namespaces(order: Order, report: int, started: float) -> str | None:
    """Runs the order to its end, or says why the kernel does not let it."""
    reading, writing = os.pipe()
    stage = os.fork()
    if stage == 0:
        try:
            os.close(reading)
            _stage(order, report, writing, started)
        finally:
            os._exit(1)
    os.close(writing)
    try:
        answer = _line(reading).decode("utf-8", "replace").strip()
    finally:
        os.close(reading)
    if answer != "ready":
        os.waitpid(stage, 0)
        return answer or "the enclosure could not be made"
    deadline = started + order.limits.seconds + _GRACE
    while os.waitpid(stage, os.WNOHANG)[0] == 0:
        if time.monotonic() > deadline:
            os.kill(stage, signal.SIGKILL)  # and the kernel ends its namespace
        time.sleep(0.01)
    return None


def _stage(order: Order, report: int, answer: int, started: float) -> None:
    """Enters the namespaces and starts the first process in them."""
    linux.die_with_parent(signal.SIGKILL)
    wanted = linux.CLONE_NEWNS | linux.CLONE_NEWPID | linux.CLONE_NEWIPC | (0 if order.allow_network else linux.CLONE_NEWNET)
    user, group = os.geteuid(), os.getegid()
    try:
        try:
            linux.unshare(wanted)
        except PermissionError:
            if order.foreign_groups:
                raise OSError(0, "the project folder has files of other groups") from None
            linux.unshare(wanted | linux.CLONE_NEWUSER)
            _write("/proc/self/setgroups", "deny")
            _write("/proc/self/uid_map", f"{user} {user} 1")
            _write("/proc/self/gid_map", f"{group} {group} 1")
    except OSError as error:
        os.write(answer, f"{error.strerror}\n".encode())
        return
    first = os.fork()
    if first == 0:
        try:
            _first(order, report, answer, started)
        finally:
            os._exit(1)
    os.close(answer)
    os.waitpid(first, 0)
    os._exit(0)


def _first(order: Order, report: int, answer: int, started: float) -> None:
    """Process 1 of the namespace: when it ends, the kernel ends all others."""
    linux.die_with_parent(signal.SIGKILL)
    root = Root(
        most_bytes=order.limits.written,
        most_shared=order.limits.memory,
        # Root has no other bound, and only from this kernel on the number is the namespace's own.
        most_processes=max(_most_threads(order.limits), 512) if os.geteuid() == 0 and _kernel() >= (6, 14) else None,
        needed=[order.cwd, order.project, order.command[0]],
    )
    try:
        root.enter(order.scratch)
        if not order.allow_network:
            _raise_loopback()
        os.chdir(order.cwd)
    except OSError as error:
        os.write(answer, f"{error.strerror}\n".encode())
        return
    os.write(answer, b"ready\n")
    os.close(answer)
    program = _start(order, "namespaces", restricted=False)
    _say(report, {"kind": "started", "containment": "namespaces", "refused": []})
    ending = watch(program, Namespace(), order, _LEASH, started)
    for path, size in root.written(_MOST_NAMED):
        _say(report, {"kind": "wrote", "path": path, "size": size})
    _say(report, {"kind": "ended", "seconds": time.monotonic() - started, **ending})
    os._exit(0)


def _without_namespaces(order: Order, report: int, started: float, refused: list[str]) -> None:
    restricted = order.landlock and sys.platform == "linux" and landlock.version() > 0
    if not restricted:
        refused = [*refused, "the kernel has no Landlock"]
    containment = "landlock" if restricted else "hooks"
    if sys.platform == "linux":
        linux.adopt_orphans()
    program = _start(order, containment, restricted=restricted)
    _say(report, {"kind": "started", "containment": containment, "refused": refused})
    ending = watch(program, Descendants(program, order.scratch), order, _LEASH, started)
    _say(report, {"kind": "ended", "seconds": time.monotonic() - started, **ending})


def _start(order: Order, containment: str, *, restricted: bool) -> int:
    """The number of the program's process; where it cannot be executed it says why in its output, and ends with 127."""
    program = os.fork()
    if program:
        return program
    try:
        if sys.platform == "linux":
            linux.die_with_parent(signal.SIGKILL)
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.chdir(order.cwd)
        for descriptor in order.kept:
            os.set_inheritable(descriptor, True)
        _limit(order.limits)
        if sys.platform == "linux":
            linux.keep_ordinary_capabilities() if containment == "namespaces" else None
            linux.gain_no_privileges()
        if restricted:
            landlock.write_only_below([order.scratch, "/dev/shm"], ["/dev", "/proc"])  # noqa: S108 - shared memory, not a file of ours
        temporary = {}
        if containment != "namespaces":
            os.mkdir(os.path.join(order.scratch, "temporary"))
            temporary = {"TMPDIR": os.path.join(order.scratch, "temporary")}
        told = {"by": containment, "scratch": order.scratch, "network": order.allow_network}
        environment = {**order.environment, **temporary, "TRAINLINT_CONTAINMENT": json.dumps(told)}
        os.execvpe(order.command[0], order.command, environment)  # noqa: S606 - as is
    except OSError as error:
        os.write(2, f"trainlint: {order.command[0]} cannot be started: {error}\n".encode())
    finally:
        os._exit(127)


def _limit(limits: Limits) -> None:
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NPROC, _most_threads(limits) + _threads_elsewhere())
    if not os.path.exists("/dev/nvidiactl"):  # a driver reserves for itself what it never uses; `watch` sees what is held
        _lower(resource.RLIMIT_DATA, limits.memory)
    _lower(resource.RLIMIT_FSIZE, limits.written)


def _most_threads(limits: Limits) -> int:
    """A bound that stands when processes are made faster than they are counted; some libraries start a thread for each core."""
    return limits.processes * 8 + (os.cpu_count() or 1) * 16 + 256


def _threads_elsewhere() -> int:
    """What the kernel counts for this user beside the program's: nothing in a user namespace, from Linux 5.14."""
    if sys.platform != "linux" or (os.path.exists("/proc/self/uid_map") and _kernel() >= (5, 14) and not _is_outermost()):
        return 0
    with open("/proc/loadavg", encoding="ascii") as file:
        return int(file.read().split()[3].partition("/")[2])


def _kernel() -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", os.uname().release)[:2])


def _is_outermost() -> bool:
    """Whether this is the first user namespace, in which every user has a number."""
    with open("/proc/self/uid_map", encoding="ascii") as file:
        return file.read().split() == ["0", "0", "4294967295"]


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with suppress(OSError, ValueError):
        resource.setrlimit(kind, (lowest, lowest))


def _raise_loopback() -> None:
    """Switches on 127.0.0.1, for programs whose parts speak with each other."""
    get_flags, set_flags, up = 0x8913, 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        request = struct.pack("16sH22x", b"lo", 0)
        flags = struct.unpack("16sH22x", fcntl.ioctl(asked, get_flags, request))[1]
        fcntl.ioctl(asked, set_flags, struct.pack("16sH22x", b"lo", flags | up))


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def _say(report: int, row: dict[str, object]) -> None:
    with suppress(BrokenPipeError):
        os.write(report, json.dumps(row).encode("ascii") + b"\n")


def _line(descriptor: int) -> bytes:
    line = b""
    while not line.endswith(b"\n") and (read := os.read(descriptor, 1 << 16)):
        line += read
    return line


if __name__ == "__main__":
    main()

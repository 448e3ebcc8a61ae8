"""Refuses what would leave a trace, through Python's audit events (PEP 578)."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
import sys
import tempfile
from collections.abc import Callable
from types import FrameType
from typing import Any

from . import commands, incidents

_SAFE_FOLDERS = ("/dev/", "/proc/self/", "/sys/")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_FORKERS = (os.path.join("multiprocessing", "popen_fork.py"), os.path.join("multiprocessing", "popen_forkserver.py"))


def install(*, enclosed: bool, network: bool, scratch: str | None) -> None:
    """Refuses from here on; there is no way back.

    `enclosed`: the kernel throws all writes away and ends all processes, so that they may happen. `scratch`: the only folder
    that may be written to otherwise.
    """
    answers: dict[str, Callable[..., None]] = {}
    if not network:
        answers.update(
            {
                "socket.connect": _connects,
                "socket.sendto": _connects,
                "socket.sendmsg": _connects,
                "socket.getaddrinfo": _resolves,
                "socket.gethostbyname": _resolves,
                "socket.gethostbyaddr": _resolves,
            },
        )
    if not enclosed:
        inside = os.path.realpath(scratch) + os.sep if scratch else ""
        answers.update(_traces(inside))

    def hook(event: str, arguments: Any) -> None:
        answer = answers.get(event)
        if answer is not None:
            answer(*arguments)

    sys.addaudithook(hook)


def refuse(kind: str, what: str, explanation: str) -> PermissionError:
    """The exception to raise, once it is written down."""
    incidents.record(kind, what)
    return PermissionError(errno.EPERM, f"refused by trainlint's probe: {what} ({explanation})")


# Network --------------------------------------------------------------------------------------------------------------------


def _connects(_: Any, address: Any = None, *rest: Any) -> None:
    if address is None:
        return
    if isinstance(address, (str, bytes)):
        path = os.fsdecode(address)
        if path and not path.startswith("\0") and not _is_below(path, os.path.realpath(tempfile.gettempdir()) + os.sep):
            raise refuse("network", f"connection to {path}", "a service of this machine")
        return
    if isinstance(address, tuple) and address and isinstance(address[0], str) and not _is_near(address[0]):
        incidents.record("network", f"connection to {address[0]}:{address[1]}" if len(address) > 1 else f"connection to {address[0]}")
        raise OSError(errno.ENETUNREACH, "there is no network in trainlint's probe; --allow-network lets the program have it")


def _resolves(host: Any, *rest: Any) -> None:
    name = os.fsdecode(host) if isinstance(host, (str, bytes)) else ""
    if name and not _is_near(name) and not _is_number(name):
        incidents.record("network", f"look-up of {name}")
        raise socket.gaierror(socket.EAI_NONAME, "there is no network in trainlint's probe; --allow-network lets the program have it")


def _is_near(host: str) -> bool:
    if host in {"", "localhost", "0.0.0.0", "::", "ip6-localhost"} or host == _own_name():  # noqa: S104 - nothing is bound here
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _own_name() -> str:
    return os.uname().nodename


# Processes and files --------------------------------------------------------------------------------------------------------


def _traces(inside: str) -> dict[str, Callable[..., None]]:
    """What each event may do where nothing but this hook stands between the program and the machine."""

    def process(command: Any) -> None:
        if not commands.only_reads(command):
            raise refuse("process", _shown(command), "a child process could do anything")

    def popen(executable: Any, arguments: Any, *rest: Any) -> None:
        process(arguments or executable)

    def fork(*rest: Any) -> None:
        frame: FrameType | None = sys._getframe(1)
        for _ in range(8):
            if frame is None:
                break
            if frame.f_code.co_filename.endswith(_FORKERS):
                return
            frame = frame.f_back
        raise refuse("process", "fork", "a child process could do anything")

    def kill(pid: int, number: int, *rest: Any) -> None:
        if number and pid not in _own_processes():
            raise refuse("process", f"signal {int(number)} to process {pid}", "it is none of the program's")

    def killpg(group: int, number: int, *rest: Any) -> None:
        if number and group != os.getpgrp():
            raise refuse("process", f"signal {int(number)} to process group {group}", "it is none of the program's")

    def writes(kind: str, verb: str) -> Callable[..., None]:
        def answer(*paths: Any) -> None:
            for path in paths:
                if isinstance(path, int):
                    path = _opened_as(path)  # noqa: PLW2901 - the same file
                if isinstance(path, (str, bytes, os.PathLike)) and not _is_safe(path, inside):
                    raise refuse(kind, f"{verb} {os.fsdecode(path)}", "files outside the probe's scratch folder stay as they are")

        return answer

    def opened(path: Any, mode: Any, flags: Any) -> None:
        if isinstance(path, int) or path is None:
            return
        writing = bool(flags & _WRITING) if isinstance(flags, int) and flags else bool(mode) and not {"w", "a", "x", "+"}.isdisjoint(mode)
        if writing and not _is_safe(path, inside):
            raise refuse("write", f"writing {os.fsdecode(path)}", "files outside the probe's scratch folder stay as they are")

    delete, change = writes("delete", "deleting"), writes("write", "changing")
    for name in ("mkfifo", "mknod"):  # Python tells nobody of these
        if hasattr(os, name):
            setattr(os, name, _asking(getattr(os, name), change))

    def second(check: Callable[..., None]) -> Callable[..., None]:
        return lambda _first, path, *rest: check(path)

    def database(path: Any, *rest: Any) -> None:
        name = os.fsdecode(path) if isinstance(path, (str, bytes, os.PathLike)) else ""
        if name not in {"", ":memory:"} and "mode=ro" not in name:
            change(name[5:].partition("?")[0] if name.startswith("file:") else name)

    def bound(_: Any, address: Any) -> None:
        if isinstance(address, (str, bytes)) and address and os.fsdecode(address)[0] != "\0":
            change(address)

    return {
        "socket.bind": bound,
        "subprocess.Popen": popen,
        "os.system": process,
        "os.exec": lambda path, arguments, *rest: process(arguments or path),
        "os.posix_spawn": lambda path, arguments, *rest: process(arguments or path),
        "os.spawn": lambda mode, path, arguments, *rest: process(arguments or path),
        "os.startfile": process,
        "os.fork": fork,
        "os.forkpty": fork,
        "pty.spawn": process,
        "os.kill": kill,
        "os.killpg": killpg,
        "open": opened,
        "os.remove": lambda path, *rest: delete(path),
        "os.rmdir": lambda path, *rest: delete(path),
        "os.rename": lambda source, target, *rest: delete(source, target),
        "os.truncate": lambda path, *rest: change(path),
        "os.mkdir": lambda path, *rest: change(path),
        "os.chmod": lambda path, *rest: change(path),
        "os.chown": lambda path, *rest: change(path),
        "os.chflags": lambda path, *rest: change(path),
        "os.utime": lambda path, *rest: change(path),
        "os.link": second(change),
        "os.symlink": second(change),
        "os.setxattr": lambda path, *rest: change(path),
        "os.removexattr": lambda path, *rest: change(path),
        "sqlite3.connect": database,
    }


def _asking(original: Callable[..., Any], ask: Callable[..., None]) -> Callable[..., Any]:
    def asking(path: Any, *args: Any, **kwargs: Any) -> Any:
        ask(path)
        return original(path, *args, **kwargs)

    return asking


def _own_processes() -> set[int]:
    own = {os.getpid()}
    multiprocessing = sys.modules.get("multiprocessing.process")
    for child in getattr(multiprocessing, "_children", ()):
        pid = getattr(getattr(child, "_popen", None), "pid", None)
        if pid is not None:
            own.add(pid)
    return own


def _is_safe(path: Any, inside: str) -> bool:
    name = os.fsdecode(path)
    if name.startswith(_SAFE_FOLDERS):  # links in there lead to any file that is open, and to the root
        return os.path.realpath(name).startswith((*_SAFE_FOLDERS, f"/proc/{os.getpid()}/", inside or "\0"))
    return _is_below(name, inside)


def _opened_as(descriptor: int) -> str | None:
    """The file that is open under a number; None for what is none."""
    try:
        path = os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return None
    return path if path.startswith("/") else None


def _is_below(path: str, folder: str) -> bool:
    if not folder:
        return False
    return (os.path.realpath(os.path.dirname(path) or ".") + os.sep).startswith(folder)


def _shown(command: Any) -> str:
    if isinstance(command, (bytes, os.PathLike)):
        command = os.fsdecode(command)
    text = command if isinstance(command, str) else " ".join(os.fsdecode(part) for part in command)
    return text if len(text) <= 80 else text[:79] + "…"

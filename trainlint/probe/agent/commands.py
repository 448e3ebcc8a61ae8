"""Which child processes only read: those a training program may start even where nothing contains them."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from typing import Any

_ALONE = frozenset(
    {"arch", "free", "hostname", "hostnamectl", "lscpu", "lspci", "nproc", "sw_vers", "uname", "uptime", "vm_stat", "whoami"}
)
"""Commands that change nothing with the arguments that they are given here: none, or options."""

_ANY_ARGUMENTS = frozenset({"cat", "df", "dirname", "du", "echo", "false", "head", "id", "ls", "pwd", "tail", "true", "wc", "which"})

_WITH_FIRST = {
    "git": frozenset({"describe", "diff", "log", "ls-files", "rev-list", "rev-parse", "show", "status", "version", "--version"}),
    "ldconfig": frozenset({"-p"}),
    "nvidia-smi": frozenset({"", "-L", "-q", "--list-gpus"}),
    "rocm-smi": frozenset({""}),
    "stty": frozenset({"size", "-a"}),
    "sysctl": frozenset({"-n", "-a"}),
    "tput": frozenset({"cols", "lines", "colors"}),
    "ps": frozenset({"", "aux", "-ef", "-A", "-p", "-o"}),
}
_TRACKER = "from multiprocessing.resource_tracker import main"
_SHELL_SIGNS = frozenset(";&|<>`$(){}*?~\n\\")


def only_reads(command: Any) -> bool:
    """Whether a command is on the short list. A text is one for a shell, a sequence is executed as it is."""
    if isinstance(command, (bytes, os.PathLike)):
        command = os.fsdecode(command)
    if isinstance(command, str):
        if not _SHELL_SIGNS.isdisjoint(command.replace("2>/dev/null", "")):
            return False
        try:
            command = shlex.split(command.replace("2>/dev/null", ""))
        except ValueError:
            return False
    return _is_listed([os.fsdecode(part) for part in command])


def _is_listed(parts: Sequence[str]) -> bool:
    if len(parts) == 3 and os.path.basename(parts[0]) in {"sh", "bash"} and parts[1] == "-c":
        return only_reads(parts[2])
    if any(part.startswith(_TRACKER) for part in parts):
        return True
    if not parts:
        return False
    name, arguments = os.path.basename(parts[0]), _after_folder(parts)
    if name in _ALONE:
        return all(argument.startswith("-") for argument in arguments)
    if name == "git" and any(argument.startswith(("--output", "--ext-diff", "-c")) for argument in arguments):
        return False
    if name in _WITH_FIRST:
        first = arguments[0] if arguments else ""
        return first in _WITH_FIRST[name] or (name == "nvidia-smi" and first.startswith("--query"))
    return name in _ANY_ARGUMENTS


def _after_folder(parts: Sequence[str]) -> list[str]:
    arguments = list(parts[1:])
    if os.path.basename(parts[0]) == "git":
        while len(arguments) >= 2 and arguments[0] == "-C":
            del arguments[:2]
        while arguments and arguments[0] == "--no-pager":
            del arguments[0]
    return arguments

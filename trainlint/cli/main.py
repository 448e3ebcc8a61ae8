"""`trainlint`: finds the command that was asked for, and says in one line what went wrong."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from trainlint import __version__
from trainlint.cli import check, probe, rule, rules, server

USAGE_ERROR = 2
INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, where argparse would print the whole usage before it."""
        self.exit(USAGE_ERROR, f"{self.prog}: {message} (`{self.prog} --help` lists what there is)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and gives its exit status: 0 nothing wrong, 1 something found, 2 the command could not do its work."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a character that the terminal lacks ends no run
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever reads has seen enough; Python would complain at exit
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last stop for everything
        return _failed(error, verbose=getattr(options, "verbose", False))
    return status


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="trainlint", description="Finds the mistakes in deep-learning training code that never crash.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"trainlint {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in (check, probe, rule, rules, server):
        command.add_to(commands)
    return parser


def _failed(error: Exception, *, verbose: bool) -> int:
    from trainlint.engine.usage import UsageError
    from trainlint.settings.problem import SettingsError

    if isinstance(error, UsageError | SettingsError):
        print(f"trainlint: {error}", file=sys.stderr)
        return USAGE_ERROR
    if verbose:
        import traceback

        traceback.print_exception(error)
    hint = "" if verbose else "; `trainlint check --verbose` shows where"
    print(f"trainlint: a mistake in trainlint itself: {type(error).__name__}: {error}{hint}", file=sys.stderr)
    return USAGE_ERROR

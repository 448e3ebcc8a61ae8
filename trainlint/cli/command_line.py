"""The command line: every command, and what is said to someone who mistypes one."""

import argparse
from typing import NoReturn

from trainlint import __version__
from trainlint.cli import check, clean, completion, probe, rule, rules, server

USAGE_ERROR = 2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, where argparse would print the whole usage before it."""
        self.exit(USAGE_ERROR, f"{self.prog}: {message} (`{self.prog} --help` lists what there is)\n")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    whole = _Parser(prog="trainlint", description="Finds the mistakes in deep-learning training code that never crash.", allow_abbrev=False)
    whole.add_argument("--version", action="version", version=f"trainlint {__version__}")
    whole.set_defaults(command_line=whole)
    commands = whole.add_subparsers(metavar="COMMAND", required=True)
    for command in (check, probe, rule, rules, server, clean, completion):
        command.add_to(commands)
    return whole

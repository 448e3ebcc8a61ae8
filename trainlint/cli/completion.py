"""`trainlint generate-shell-completion`: what a shell needs to complete commands and options."""

import argparse
import sys
from typing import Any

SHELLS = ("bash", "zsh", "tcsh")


def add_to(commands: Any) -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser(
        "generate-shell-completion",
        help="print a completion script for a shell",
        description="Prints a script that completes commands and options, for a shell to read.",
        allow_abbrev=False,
    )
    parser.add_argument("shell", choices=SHELLS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Prints the script."""
    from trainlint.engine.usage import UsageError

    try:
        import shtab
    except ImportError:
        raise UsageError("completion scripts need shtab: `pip install 'trainlint[completion]'`") from None
    sys.stdout.write(shtab.complete(options.command_line, options.shell) + "\n")
    return 0

"""`trainlint server`: the language server, for editors that are told to start trainlint."""

import argparse
import importlib
from typing import Any


def add_to(commands: Any) -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser(
        "server", help="start the language server", description="Serves an editor on standard input and output.", allow_abbrev=False
    )
    parser.add_argument("--stdio", action="store_true", help="what it does in any case; some editors say so")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Hands over to the server, which the core knows by name alone: it is an extra."""
    status: int = importlib.import_module("trainlint_server.__main__").main([])
    return status

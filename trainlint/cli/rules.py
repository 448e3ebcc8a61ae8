"""`trainlint rules`: the catalogue."""

import argparse
import sys
from typing import Any


def add_to(commands: Any) -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser("rules", help="list all rules", description="Prints the catalogue of rules.", allow_abbrev=False)
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Prints the table."""
    from trainlint.engine.catalogue import all_rules
    from trainlint.reporting.catalogue import catalogue
    from trainlint.reporting.terminal import Terminal

    for line in catalogue(all_rules(), Terminal.of(sys.stdout)):
        print(line)
    return 0

"""`trainlint rule`: the documentation page of a rule."""

import argparse
import sys
from typing import Any


def add_to(commands: Any) -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser("rule", help="explain a rule", description="Prints the documentation page of a rule.", allow_abbrev=False)
    parser.add_argument("rule", metavar="RULE", help="its code (TL501) or its name (stale-gradients)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Prints the page."""
    from trainlint.engine.catalogue import find
    from trainlint.reporting.page import page
    from trainlint.reporting.terminal import Terminal

    sys.stdout.write(page(find(options.rule), Terminal.of(sys.stdout)))
    return 0

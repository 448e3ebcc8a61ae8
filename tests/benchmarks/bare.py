"""The yardstick of `speed`: has LibCST parse each file that standard input names, drops the tree, and does nothing else."""

import sys
from contextlib import suppress
from pathlib import Path

from libcst import parse_module


def main() -> None:
    """Parses the files; one that does not parse is passed over."""
    for name in sys.stdin.read().split("\0"):
        with suppress(Exception):
            parse_module(Path(name).read_bytes())


if __name__ == "__main__":
    main()

"""`trainlint-server` and `python -m trainlint_server`."""

import sys


def main() -> int:
    """Says that there is nothing to serve yet."""
    print("trainlint-server: the language server is not built yet; `trainlint check` works on the command line", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())

"""`python -m trainlint` is `trainlint`."""

import sys

from trainlint.cli.main import script

if __name__ == "__main__":
    sys.exit(script())

"""Starts the language server with an interpreter in which nothing of a workspace is importable."""

import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [folder for folder in sys.path if os.path.isabs(folder) and os.path.abspath(folder) != here]
try:
    from trainlint_server.__main__ import main
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] not in {"trainlint", "trainlint_server"}:
        raise
    sys.exit("trainlint is not installed here: pip install 'trainlint[server]'")
sys.exit(main())

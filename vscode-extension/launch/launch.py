"""Starts the language server with an interpreter in which nothing of a workspace is importable."""

import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [folder for folder in sys.path if os.path.isabs(folder) and os.path.abspath(folder) != here]
try:
    import pygls  # noqa: F401 - an interpreter is chosen by its version, which trainlint has without its server too

    from trainlint_server.__main__ import main
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] not in {"trainlint", "trainlint_server", "pygls"}:
        raise
    sys.exit("trainlint and its server are not installed here: pip install 'trainlint[server]'")
sys.exit(main())

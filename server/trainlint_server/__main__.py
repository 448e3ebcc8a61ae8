"""`trainlint-server` and `python -m trainlint_server`: the language server, on standard input and output."""

import gc
import os
import sys

TYPE_CHECKING = False
"""As in `typing`, which must not be imported before the path is clean."""
if TYPE_CHECKING:
    from typing import BinaryIO

HELP = """\
usage: trainlint-server [--version] [--help]

The language server of trainlint. It speaks the Language Server Protocol on standard input and output, and is started by an editor.
"""


def main(arguments: list[str] | None = None) -> int:
    """Serves one client until it says goodbye or is gone."""
    options = [option for option in (sys.argv[1:] if arguments is None else arguments) if option != "--stdio"]
    if options == ["--version"]:
        from trainlint import __version__

        print(f"trainlint-server {__version__}")
        return 0
    if options:
        print(HELP, end="", file=sys.stdout if options in (["--help"], ["-h"]) else sys.stderr)
        return 0 if options in (["--help"], ["-h"]) else 2
    leave_the_working_folder()
    protocol_in, protocol_out = claim_the_standard_streams()
    try:
        from trainlint_server.assembly import build
    except ModuleNotFoundError as error:
        print(f"trainlint-server: {error.name} is missing: install it with `pip install 'trainlint[server]'`", file=sys.stderr)
        return 2
    server = build()
    gc.disable()  # the worker collects when nobody waits
    server.start_io(protocol_in, protocol_out)
    sys.stderr.flush()
    os._exit(0 if server.is_shut_down else 1)  # a check that still runs in the worker is of use to nobody


def leave_the_working_folder() -> None:
    """Nothing is imported from the folder in which the server is started: it may be a workspace with a `pygls.py` of its own."""
    if sys.path and sys.path[0] in {"", os.getcwd()}:  # noqa: PTH109 - pathlib is not imported before the path is clean; as it is after `python -m`
        del sys.path[0]
    os.chdir(os.sep)


def claim_the_standard_streams() -> "tuple[BinaryIO, BinaryIO]":
    """The streams of the protocol, for the server alone: whatever else is printed goes to standard error."""
    protocol_in, protocol_out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return protocol_in, protocol_out


if __name__ == "__main__":
    sys.exit(main())

"""`trainlint`: finds the command that was asked for, and says in one line what went wrong."""

import gc
import io
import os
import sys

from trainlint.cli.replay import Listener, can_be_repeated, prepare, remember, replay

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

USAGE_ERROR = 2
INTERRUPTED = 130


def script() -> int:
    """`main` as a process that ends with it, which is quicker where the garbage is left to the operating system."""
    gc.disable()
    try:
        return main()
    finally:
        gc.freeze()


def main(arguments: "Sequence[str] | None" = None) -> int:
    """Runs a command and gives its exit status: 0 nothing wrong, 1 something found, 2 the command could not do its work."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a character that the terminal lacks ends no run
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        status = replay(arguments)
        if status is None:
            status = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever reads has seen enough; Python would complain at exit
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _run(arguments: "Sequence[str]") -> int:
    from trainlint.cli.command_line import parser

    options = parser().parse_args(arguments)
    if not can_be_repeated(arguments):
        return _guarded(options)
    begin = prepare(arguments)
    streams = sys.stdout, sys.stderr
    told, complained = sys.stdout, sys.stderr = Listener(sys.stdout), Listener(sys.stderr)
    try:
        status = _guarded(options)
    finally:
        sys.stdout, sys.stderr = streams
    if status != USAGE_ERROR and (inputs := getattr(options, "inputs", None)) is not None:
        remember(arguments, inputs, ("".join(told.heard), "".join(complained.heard)), status, begin)
    return status


def _guarded(options: "argparse.Namespace") -> int:
    try:
        status: int = options.run(options)
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception as error:  # noqa: BLE001 - the last stop for everything
        return _failed(error, verbose=getattr(options, "verbose", False))
    return status


def _failed(error: Exception, *, verbose: bool) -> int:
    from trainlint.engine.usage import UsageError
    from trainlint.settings.problem import SettingsError

    if isinstance(error, UsageError | SettingsError):
        print(f"trainlint: {error}", file=sys.stderr)
        return USAGE_ERROR
    if verbose:
        import traceback

        traceback.print_exception(error)
    hint = "" if verbose else "; `trainlint check --verbose` shows where"
    print(f"trainlint: a mistake in trainlint itself: {type(error).__name__}: {error}{hint}", file=sys.stderr)
    return USAGE_ERROR

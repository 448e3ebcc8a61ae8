"""Where the texts of a check come from, when it is repeated, and what is said at its end."""

import argparse
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainlint.engine.report import Report
    from trainlint.source.texts import Texts

STDIN = "-"


def add_flow(parser: argparse.ArgumentParser) -> None:
    """How a check runs."""
    group = parser.add_argument_group("flow")
    group.add_argument("--stdin-filename", metavar="FILE", help="the file whose text `-` reads from standard input")
    group.add_argument("-w", "--watch", action="store_true", help="check again whenever a file changes")
    group.add_argument("--statistics", action="store_true", help="count findings by rule instead of showing them")
    group.add_argument("--baseline", metavar="FILE", help="show only findings that are not in this file")
    group.add_argument("--write-baseline", action="store_true", help="write what is found to the file of --baseline")
    group.add_argument("-e", "--exit-zero", action="store_true", help="exit with 0 whatever is found")
    group.add_argument("-n", "--no-cache", action="store_true", help="neither read nor write what earlier checks have kept")
    group.add_argument("--cache-dir", metavar="FOLDER", help="keep results here (.trainlint_cache in the root of the project)")
    group.add_argument("--events", action="store_true", help="print what happens when the program runs, ask no rules; -v adds layers")
    group.add_argument("-q", "--quiet", action="store_true", help="show findings and nothing else")
    group.add_argument("-v", "--verbose", action="store_true", help="say which training loops could not be followed, and why")


def texts_of(options: argparse.Namespace) -> "Texts":
    """The texts to check; with `-` among the paths, that of standard input in the place of the file that it belongs to."""
    from trainlint.engine.usage import UsageError
    from trainlint.source.reading import UnreadableFile, decode
    from trainlint.source.texts import Texts

    if STDIN not in options.paths:
        if options.stdin_filename is not None:
            raise UsageError("--stdin-filename names the file that `-` reads, and there is no `-` among the paths")
        return Texts()
    if len(options.paths) > 1:
        raise UsageError("`-` is checked alone: there are other paths beside it")
    path = Path(options.stdin_filename or "<stdin>").absolute()
    path = path.parent.resolve() / path.name
    options.paths = [path]
    options.stdin = sys.stdin.buffer.read()
    try:
        return Texts({path: decode(options.stdin, path)})
    except UnreadableFile as error:
        raise UsageError(f"standard input {error.reason}") from None


def through_baseline(report: "Report", options: argparse.Namespace) -> "Report":
    """The report without what the baseline knows; with `--write-baseline`, all of it becomes known."""
    from trainlint.engine.baseline import without_known, write_baseline
    from trainlint.engine.usage import UsageError

    if options.baseline is None:
        if options.write_baseline:
            raise UsageError("--write-baseline writes to the file that --baseline names")
        return report
    path = Path(options.baseline)
    if options.write_baseline:
        write_baseline(path, report)
    report, known = without_known(report, path)
    if known and not options.quiet:
        print(f"{known} known by the baseline.", file=sys.stderr)
    return report


def watch(paths: "list[str]", run: "Callable[[], object]") -> int:
    """Runs, and runs again whenever a Python file, a notebook or a configuration below the paths changes, until interrupted."""
    from trainlint.engine.usage import UsageError

    try:
        import watchfiles
    except ImportError:
        raise UsageError("--watch needs watchfiles: `pip install 'trainlint[watch]'`") from None
    gc.enable()  # unlike one check, it may go on for days
    places = [Path(path) for path in paths]
    folders = {place if place.is_dir() else place.absolute().parent for place in places}
    _again(run)
    for _ in watchfiles.watch(*folders, watch_filter=_Watched(), raise_interrupt=False):
        _again(run)
    return 0


class _Watched:
    """What is worth another check."""

    def __call__(self, change: object, path: str) -> bool:
        del change
        return path.endswith((".py", ".ipynb", ".toml")) and not any(part.startswith(".") for part in Path(path).parts[:-1])


def _again(run: "Callable[[], object]") -> None:
    from trainlint.engine.usage import UsageError
    from trainlint.settings.problem import SettingsError

    if sys.stdout.isatty():
        print("\x1b[2J\x1b[H", end="")
    try:
        run()
    except (UsageError, SettingsError) as error:
        print(f"trainlint: {error}", file=sys.stderr)
    print("Watching for changes; Ctrl-C ends.", file=sys.stderr)
    sys.stdout.flush()

"""`trainlint check`: reads training code and says what will go wrong."""

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainlint.cli import fixing
from trainlint.cli.check_options import add_configuration, add_selection, add_suppression, resolution_of
from trainlint.cli.flow import STDIN, add_flow, texts_of, through_baseline, watch
from trainlint.cli.output import FOR_PEOPLE, add_output, put, report_lines, terminal_of
from trainlint.cli.replay import cache_root

if TYPE_CHECKING:
    from trainlint.engine.repair import Repair
    from trainlint.engine.report import Report
    from trainlint.settings.resolution import Resolution
    from trainlint.source.texts import Texts

DESCRIPTION = """\
Reads training code, without running it, and reports what will go wrong.

Exit status: 0 nothing found, or advice alone; 1 findings of severity error or warning;
2 wrong usage or configuration, or a mistake in trainlint itself."""


def add_to(commands: Any) -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser(
        "check",
        help="check files and folders",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        default=["."],
        help="files and folders, `-` for standard input; the current folder where none is named",
    )
    add_selection(parser)
    fixing.add_fixing(parser)
    add_configuration(parser)
    add_suppression(parser)
    add_output(parser)
    add_flow(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Checks, prints, and judges the result."""
    resolution = resolution_of(options)
    if options.show_settings or options.show_files:
        return _show(options, resolution)
    if options.events:
        return _events(options, resolution)
    if options.watch:
        if STDIN in options.paths or options.add_ignore is not None or options.diff:
            from trainlint.engine.usage import UsageError

            raise UsageError("--watch goes with files and folders, and without --diff and --add-ignore")
        return watch(options.paths, lambda: _once(options, resolution_of(options), texts_of(options)))
    status = _once(options, resolution, texts_of(options))
    return 0 if options.exit_zero and status == 1 else status


def _once(options: argparse.Namespace, resolution: "Resolution", texts: "Texts") -> int:
    from trainlint.bindings.importers import ImportIndex
    from trainlint.cli.progress import Progress
    from trainlint.engine.analysis import check
    from trainlint.engine.cache import Inputs

    if fixing.wants_fixes(options):
        return _fix(options, resolution, texts)
    index = ImportIndex(texts) if texts.unsaved else None
    options.inputs = inputs = Inputs()
    with Progress(sys.stderr) as progress:
        report = check(
            options.paths,
            progress=progress,
            resolution=resolution,
            index=index,
            suppress=not options.ignore_suppressions,
            cache_folder=None if options.no_cache else Path(cache_root(options.cache_dir)),
            inputs=inputs,
        )
    report = through_baseline(report, options)
    if options.add_ignore is not None:
        return _add_ignores(report, options, resolution, texts)
    return _report(report, options, resolution)


def _report(report: "Report", options: argparse.Namespace, resolution: "Resolution") -> int:
    """Prints a report, and says what the exit status has to be."""
    from trainlint.reporting.closing import closing

    to_file, for_programs = options.output_file is not None, options.output_format not in FOR_PEOPLE
    if options.statistics:
        from trainlint.reporting.statistics import statistics

        put(statistics(report, as_json=options.output_format == "json"), options.output_file)
    else:
        put(report_lines(report, options.output_format, terminal_of(options)), options.output_file)
    for line in closing(report, verbose=options.verbose) if not options.quiet else ():
        print(line, file=sys.stderr if to_file or for_programs else sys.stdout)
    fail_on = resolution.of_folder(Path.cwd()).fail_on
    return 2 if report.internal_errors else int(any(finding.severity >= fail_on for finding in report.findings))


def _add_ignores(report: "Report", options: argparse.Namespace, resolution: "Resolution", texts: "Texts") -> int:
    """Writes the comments and says how many; 1 where something is left that no comment can suppress."""
    from trainlint.engine.discovery import discover
    from trainlint.engine.ignoring import ignore_all
    from trainlint.engine.usage import UsageError
    from trainlint.reporting.closing import number
    from trainlint.reporting.places import shown_path
    from trainlint.source.saving import UnsavedFile, save

    if texts.unsaved:
        raise UsageError("--add-ignore writes to files, and standard input is none")
    ignored = ignore_all(report.findings, frozenset(discover(options.paths, resolution)), texts, " ".join(options.add_ignore.split()))
    try:
        for path, text in ignored.after.items():
            save(path, ignored.before[path], text)
    except UnsavedFile as error:
        raise UsageError(f"{shown_path(error.path)}: this file {error.reason}") from None
    counts = f"Suppressed {number(ignored.findings, 'finding')} in {number(len(ignored.after), 'file')}"
    print(f"{counts}; {ignored.left} cannot be suppressed by a comment." if ignored.left else f"{counts}.")
    return int(bool(ignored.left))


def _fix(options: argparse.Namespace, resolution: "Resolution", texts: "Texts") -> int:
    """Applies fixes or shows them, then reports what is left."""
    from trainlint.cli.progress import Progress
    from trainlint.reporting.closing import fixed

    with Progress(sys.stderr) as progress:
        repair = fixing.repaired(options, resolution, texts, progress)
    if options.diff:
        fixing.print_diff(repair)
        print(fixed(repair.applied, would=True), file=sys.stderr)
        return 2 if repair.report.internal_errors else int(bool(repair.texts))
    if texts.unsaved:
        return _fixed_stdin(repair, options, resolution, texts)
    complaints = fixing.write(repair)
    for line in complaints:
        print(line, file=sys.stderr)
    status = 0 if options.fix_only else _report(through_baseline(repair.report, options), options, resolution)
    told = sys.stderr if options.output_file is not None or options.output_format not in FOR_PEOPLE else sys.stdout
    for line in (fixed(repair.applied), *(fixing.applied_lines(repair) if options.show_fixes else ())):
        print(line, file=told)
    if complaints or repair.report.internal_errors:
        return 2
    return 1 if options.exit_non_zero_on_fix and repair.texts else status


def _fixed_stdin(repair: "Repair", options: argparse.Namespace, resolution: "Resolution", texts: "Texts") -> int:
    """Prints the text that came from standard input as it is after the fixes; what is left is told elsewhere."""
    from trainlint.source.saving import encoded

    ((path, text),) = texts.unsaved.items()
    sys.stdout.buffer.write(encoded(path, options.stdin, repair.texts.get(path, text)))
    sys.stdout.flush()
    if not options.fix_only:
        with contextlib.redirect_stdout(sys.stderr):
            status = _report(through_baseline(repair.report, options), options, resolution)
        return 1 if options.exit_non_zero_on_fix and repair.texts else status
    return int(options.exit_non_zero_on_fix and bool(repair.texts))


def _show(options: argparse.Namespace, resolution: "Resolution") -> int:
    from trainlint.engine.discovery import discover
    from trainlint.engine.policy import Policy

    files = discover(options.paths, resolution)
    if options.show_files:
        put((str(file) for file in files), options.output_file)
        return 0
    import json

    Policy(resolution, files).validate()
    settings = resolution.of_file(files[0]) if files else resolution.of_folder(Path.cwd())
    put(iter([f"# {settings.source or 'no configuration file'}", json.dumps(settings.shown(), indent=2)]), options.output_file)
    return 0


def _events(options: argparse.Namespace, resolution: "Resolution") -> int:
    from trainlint.cli.progress import Progress
    from trainlint.engine.analysis import abstract_run
    from trainlint.reporting.events import event_lines

    with Progress(sys.stderr) as progress:
        program = abstract_run(options.paths, progress, resolution)
    if program is None:
        return 0
    put(event_lines(program, verbose=options.verbose), options.output_file)
    return 2 if program.failures else 0

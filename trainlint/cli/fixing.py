"""`trainlint check --fix` and `--diff`: applies fixes, or shows what applying them would change."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trainlint.engine.repair import Repair
    from trainlint.engine.report import Progress, Report
    from trainlint.settings.resolution import Resolution
    from trainlint.source.texts import Texts


def add_fixing(parser: argparse.ArgumentParser) -> None:
    """Which fixes are applied, and what is said about it."""
    group = parser.add_argument_group("fixes")
    flags: dict[str, Any] = {"action": "store_true"}
    group.add_argument("--fix", help="apply the safe fixes, then report what is left", **flags)
    group.add_argument("--unsafe-fixes", help="apply those as well after which the training gives another result", **flags)
    group.add_argument("--fix-only", help="apply fixes and report nothing", **flags)
    group.add_argument("--diff", help="print what --fix would change, and write nothing; exit with 1 if there is anything", **flags)
    group.add_argument("--show-fixes", help="list the fixes that were applied", **flags)
    group.add_argument("--exit-non-zero-on-fix", help="exit with 1 if a fix was applied, even if nothing is left", **flags)


def wants_fixes(options: argparse.Namespace) -> bool:
    """Whether fixes are to be applied at all."""
    return bool(options.fix or options.fix_only or options.diff)


def repaired(options: argparse.Namespace, resolution: "Resolution", texts: "Texts", progress: "Progress") -> "Repair":
    """What the files are after all fixes that the options allow; nothing has been written yet."""
    from trainlint.bindings.importers import ImportIndex
    from trainlint.engine.analysis import check
    from trainlint.engine.discovery import discover
    from trainlint.engine.repair import repair
    from trainlint.source.texts import Texts

    index = ImportIndex(Texts())

    def check_with(unsaved: Mapping[Path, str]) -> "Report":
        index.texts.unsaved = {**texts.unsaved, **unsaved}
        return check(options.paths, progress=progress, resolution=resolution, index=index, suppress=not options.ignore_suppressions)

    files = frozenset(discover(options.paths, resolution, texts))
    return repair(check_with, texts.read, files, unsafe=options.unsafe_fixes)


def write(repair: "Repair") -> list[str]:
    """Writes the files that changed; the complaint about each that was left as it is, in a line. What was not written was not applied."""
    complaints = {path: _save(path, repair.before[path], text) for path, text in sorted(repair.texts.items())}
    for path, complaint in complaints.items():
        if complaint is not None:
            repair.forget(path)
    return [complaint for complaint in complaints.values() if complaint is not None]


def _save(path: Path, before: str, after: str) -> str | None:
    from trainlint.reporting.places import shown_path
    from trainlint.source.saving import UnsavedFile, save

    try:
        save(path, before, after)
    except UnsavedFile as error:
        return f"{shown_path(path)}: not fixed: this file {error.reason}"
    return None


def print_diff(repair: "Repair") -> None:
    """Prints what would change, each file in its own encoding, so that `patch` finds the bytes that are there."""
    from trainlint.reporting.diff import unified_diff
    from trainlint.source.reading import SUFFIX, declared_encoding
    from trainlint.source.saving import encoded

    for path, text in sorted(repair.texts.items()):
        before, after, encoding = repair.before[path], text, "utf-8"
        if path.is_file():
            data = path.read_bytes()
            encoding = "utf-8" if path.suffix == SUFFIX else declared_encoding(data).removesuffix("-sig")
            before, after = data.decode(encoding), encoded(path, data, text).decode(encoding)
        sys.stdout.flush()
        sys.stdout.buffer.write(unified_diff(path, before, after).encode(encoding, "backslashreplace"))
    sys.stdout.buffer.flush()


def applied_lines(repair: "Repair") -> list[str]:
    """What was fixed, file by file."""
    from trainlint.reporting.places import shown_path

    by_file: dict[Path, list[str]] = {}
    for finding in repair.applied:
        title = finding.fix.title if finding.fix is not None else ""
        by_file.setdefault(finding.span.path, []).append(f"    {finding.code} {finding.name}: {title}")
    return [line for path, lines in sorted(by_file.items()) for line in (f"  {shown_path(path)}", *lines)]

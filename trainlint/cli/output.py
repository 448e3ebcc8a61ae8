"""How and where a command writes: the formats of a report, a file or standard output, in colour or without."""

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trainlint.engine.report import Report
    from trainlint.reporting.terminal import Terminal

FORMATS = ("full", "concise", "grouped", "json", "json-lines", "junit", "github", "gitlab", "sarif")
FOR_PEOPLE = frozenset({"full", "concise", "grouped"})
"""The formats that a closing line may follow on the same stream."""


def add_output(parser: argparse.ArgumentParser) -> None:
    """What findings look like, and where they go."""
    group = parser.add_argument_group("output")
    default: Any = os.environ.get("TRAINLINT_OUTPUT_FORMAT", "full")
    group.add_argument("--output-format", choices=FORMATS, default=default, help="what findings look like (full)")
    group.add_argument("-o", "--output-file", metavar="FILE", help="write the findings to a file")
    group.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="use colour: on a terminal, or as said")


def terminal_of(options: argparse.Namespace) -> "Terminal":
    """Where the findings are written to."""
    from dataclasses import replace

    from trainlint.reporting.terminal import Terminal

    if options.output_file is not None:
        return Terminal()
    terminal = Terminal.of(sys.stdout)
    return terminal if options.color == "auto" else replace(terminal, colour=options.color == "always")


def report_lines(report: "Report", output_format: str, terminal: "Terminal") -> "Iterator[str]":
    """The lines of a report in a format, which is loaded only now."""
    from importlib import import_module

    if output_format in ("json", "json-lines"):
        from trainlint.reporting.json_rows import json_lines, json_rows

        yield from [json_rows(report)] if output_format == "json" else json_lines(report)
        return
    write = getattr(import_module(f"trainlint.reporting.{output_format}"), output_format)
    yield from write(report, terminal) if output_format in FOR_PEOPLE else write(report)


def put(lines: "Iterable[str]", path: str | None) -> None:
    """Writes lines to a file, or to standard output where none is named."""
    if path is not None:
        _write(path, lines)
        return
    for line in lines:
        print(line)


def _write(path: str, lines: "Iterable[str]") -> None:
    from pathlib import Path

    from trainlint.engine.usage import UsageError

    try:
        Path(path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"the output file `{path}` cannot be written: {error.strerror}") from error

"""The line in which a place of a program stands, with the place marked."""

import re
from collections.abc import Iterator

from trainlint.engine.report import Report
from trainlint.findings import Span
from trainlint.reporting.places import Place
from trainlint.reporting.terminal import Terminal, cells, take

TAB = 4
GUTTER = "  {row:>5} │ "


def excerpt(span: Span, report: Report, terminal: Terminal, *, mark: str, style: str) -> Iterator[str]:
    """The line where a span starts, and under it a line that marks the span with `mark`."""
    text = report.sources.get(span.path)
    rows = re.split("\r\n?|\n", text) if text else []
    if span.start.row > len(rows):
        return
    line = rows[span.start.row - 1]
    start = span.start.column - 1
    end = span.end.column - 1 if span.end.row == span.start.row else len(line.rstrip())
    before, marked, after = _visible(line[:start], 0), line[start:end], line[end:]
    marked = _visible(marked, cells(before))
    after = _visible(after, cells(before + marked)).rstrip()
    gutter = GUTTER.format(row=Place.of(span, report).start.row)
    if terminal.width is not None:
        before, marked, after = _cropped(before, marked, after, terminal.width - cells(gutter))
    yield terminal.paint(gutter, "dim") + before + terminal.paint(marked, style) + after
    yield terminal.paint(GUTTER.format(row=""), "dim") + " " * cells(before) + terminal.paint(mark * max(1, cells(marked)), style)


def _visible(text: str, column: int) -> str:
    """The text with tabs as spaces and nothing in it that a terminal would obey."""
    shown = ""
    for character in text:
        if character == "\t":
            shown += " " * (TAB - (column + cells(shown)) % TAB)
        else:
            shown += character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"
    return shown


def _cropped(before: str, marked: str, after: str, room: int) -> tuple[str, str, str]:
    """As much of the line as fits, around what is marked."""
    if cells(before + marked + after) <= room:
        return before, marked, after
    if cells(before + marked) >= room and before:
        kept = take(before[::-1], max(1, room // 4))[::-1]
        before = "…" + kept if len(kept) < len(before) else before
    marked_room = room - cells(before) - 1
    if cells(marked) > marked_room:
        return before, take(marked, marked_room) + "…", ""
    left = room - cells(before + marked)
    return before, marked, after if cells(after) <= left else take(after, left - 1) + "…"

"""Suppression comments: what they say, which rows they cover, and how one is written.

This module is imported before it is known whether anything will be parsed, so it stays free of LibCST.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from trainlint.findings import Edit, Position, Span
from trainlint.source.logical_lines import LogicalLine, comments_in, logical_lines
from trainlint.source.preparation import Rows, prepare


class Reach(Enum):
    """How far a suppression reaches."""

    LINE = "ignore"
    FILE = "file-ignore"
    BLOCK = "disable"
    END = "enable"
    NOQA = "noqa"


@dataclass(frozen=True, slots=True)
class Suppression:
    """One `# trainlint: …` or `# noqa`, for the findings that start in the rows `first` to `last`.

    Without `words` it is for all rules. Row and columns are those of the directive itself, from its `#` to where it ends,
    columns counted from 0; `is_alone` is whether nothing else stands in its row.
    """

    reach: Reach
    words: tuple[str, ...]
    first: int
    last: int
    row: int
    start: int
    end: int
    is_alone: bool
    reason: str = ""

    def covers(self, row: int) -> bool:
        """Whether it is about findings that start in a row."""
        return self.first <= row <= self.last


_DIRECTIVE = re.compile(
    r"#\s*trainlint\s*:\s*(?P<reach>file-ignore|ignore|disable|enable)(?![\w-])\s*(?:\[(?P<words>[^\]#]*)\])?(?P<reason>[^#]*)"
    r"|#\s*(?P<noqa>(?i:noqa))(?![\w-])(?:\s*:\s*(?P<codes>[A-Za-z]+\d+(?:(?:\s*,\s*|\s+)[A-Za-z]+\d+)*))?"
)
_MARK = re.compile(r"#[^\n]*(?:trainlint\s*:|(?i:noqa))")
_LAST_ROW = 10**9
_NEW_ROW = re.compile("\r\n?|\n")


def suppressions_in(text: str) -> tuple[Suppression, ...]:
    """The suppression comments of a text, in the order of their rows; what only looks like one, in a string, is none."""
    if not _MARK.search(text):
        return ()
    prepared = prepare(text)
    rows = Rows(prepared.text)
    lines = logical_lines(rows)
    found: list[Suppression] = []
    marked = {rows.row_of(match.start()) for match in _MARK.finditer(rows.text)}
    for row in sorted(marked):
        line = _line_at(lines, row)
        dropped = prepared.dropped.get(row, 0)
        for start, comment in comments_in(rows, row, line):
            found.extend(_directives(comment, row, start, dropped, lines, line, is_alone=not rows.line(row)[:start].strip()))
    return _with_blocks(found, lines, rows)


def _directives(
    comment: str, row: int, start: int, dropped: int, lines: list[LogicalLine], line: LogicalLine | None, *, is_alone: bool
) -> Iterator[Suppression]:
    for match in _DIRECTIVE.finditer(comment):
        reach = Reach.NOQA if match["noqa"] else Reach(match["reach"])
        words = tuple(word for word in re.split(r"[\s,]+", match["codes"] or match["words"] or "") if word)
        if match["words"] is not None and not words:
            continue  # empty brackets: nothing is said to be ignored
        if reach is Reach.FILE:
            first, last = 1, _LAST_ROW
        elif line is not None:
            first, last = line.first, line.last
        elif reach is Reach.LINE:
            after = next((each for each in lines if each.first > row), None)
            first, last = (after.first, after.last) if after else (row, row)
        else:
            first = last = row
        at = start + dropped + match.start()
        end = start + dropped + match.start() + len(match[0].rstrip())
        reason = (match["reason"] or "").strip()
        yield Suppression(
            reach, words, first, last, row, at, end, is_alone and match.start() == 0 and not comment[match.end() :].strip(), reason
        )


def _line_at(lines: list[LogicalLine], row: int) -> LogicalLine | None:
    """The logical line that a row belongs to; None for a row with a comment alone."""
    index = bisect_right(lines, row, key=lambda line: line.first) - 1
    return lines[index] if index >= 0 and row <= lines[index].last else None


def _with_blocks(found: list[Suppression], lines: list[LogicalLine], rows: Rows) -> tuple[Suppression, ...]:
    """Each `disable` reaching to the `enable` of its words, or else to the end of the block that it stands in."""
    ends = [each for each in found if each.reach is Reach.END]
    reached: list[Suppression] = []
    for each in found:
        if each.reach is Reach.BLOCK:
            end = next((end.row for end in ends if end.row > each.row and (not end.words or set(each.words) <= set(end.words))), None)
            last = _end_of_block(lines, rows, each.row) if end is None else end
            reached.append(replace(each, first=each.row, last=last))
        elif each.reach is not Reach.END:
            reached.append(each)
    return tuple(reached)


def _end_of_block(lines: list[LogicalLine], rows: Rows, row: int) -> int:
    """The last row of the block that a comment stands in, which its indentation tells."""
    text = rows.line(row)
    width = len(text[: len(text) - len(text.lstrip())].expandtabs(8))
    following = lines[bisect_left(lines, row, key=lambda line: line.first) :]
    return next((line.first - 1 for line in following if line.width < width), _LAST_ROW)


def ignore_edit(path: Path, text: str, row: int, codes: Sequence[str], reason: str = "") -> Edit | None:
    """The edit that suppresses rules for the statement in a row; None where the statement has no end to write at.

    A comment that suppresses something there already is extended.
    """
    prepared = Rows(prepare(text).text)
    line = _line_at(logical_lines(prepared), row)
    if line is None or not line.closed:
        return None
    there = [
        each for each in suppressions_in(text) if each.reach is Reach.LINE and each.words and each.first == line.first and not each.is_alone
    ]
    physical = _NEW_ROW.split(text)
    if there:
        directive = there[0]
        column = physical[directive.row - 1].index("]", directive.start)
        added = "".join(f", {code}" for code in codes if code not in directive.words)
        return Edit(_empty_span(path, directive.row, column), added)
    written = physical[line.last - 1]
    if written.endswith("\\"):
        return None
    comment = f"  # trainlint: ignore[{', '.join(codes)}]{f' {reason}' if reason else ''}"
    width = len(written.rstrip())
    return Edit(Span(path, Position(line.last, width + 1), Position(line.last, len(written) + 1)), comment)


def removal_edit(path: Path, text: str, suppression: Suppression, unused: Sequence[str]) -> Edit:
    """The edit that takes the unused words out of a suppression; all of it where no other word is left."""
    row = _NEW_ROW.split(text)[suppression.row - 1]
    left = [word for word in suppression.words if word not in unused]
    if left:
        directive = row[suppression.start : suppression.end]
        opening = ":" if suppression.reach is Reach.NOQA else "["
        start = suppression.start + directive.index(opening) + 1
        last = directive.rindex(suppression.words[-1]) + len(suppression.words[-1])
        spaced = " " if suppression.reach is Reach.NOQA else ""
        return Edit(_span(path, suppression.row, start, suppression.start + last), spaced + ", ".join(left))
    if suppression.is_alone:
        return Edit(Span(path, Position(suppression.row, 1), Position(suppression.row + 1, 1)), "")
    start = len(row[: suppression.start].rstrip())
    return Edit(_span(path, suppression.row, start, suppression.end), "")


def _span(path: Path, row: int, start: int, end: int) -> Span:
    return Span(path, Position(row, start + 1), Position(row, end + 1))


def _empty_span(path: Path, row: int, column: int) -> Span:
    return _span(path, row, column, column)

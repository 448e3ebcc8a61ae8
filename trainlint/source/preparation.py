"""Gives a text the shape that both `ast` and LibCST read alike, row by row and almost column by column."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate

_UNENCODABLE = re.compile("[\0\ud800-\udfff]")
_FORM_FEED_INDENT = re.compile(r"^[ \t\f]*\f", re.MULTILINE)
_LONE_BACKSLASHES = re.compile(r"(?<!\\\n)^(?:[ \t]*\\\n)+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PreparedText:
    """A text with the same rows as the original: newlines are line feeds, and nothing stands before the indentation.

    `dropped` counts, for the rows where there were any, the characters that stood before it.
    """

    text: str
    dropped: Mapping[int, int] = field(default_factory=dict)


def prepare(text: str) -> PreparedText:
    """Normalizes what the two parsers read differently.

    A byte order mark and an indentation that a form feed cancels are dropped, characters that no encoding has are replaced,
    and a row of a lone backslash becomes blank.
    """
    dropped: dict[int, int] = {}
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii() or "\0" in text:
        text = _UNENCODABLE.sub("\ufffd", text)
        if text.startswith("\ufeff"):
            text = text[1:]
            dropped[1] = 1
    if "\f" in text:
        for indent in _FORM_FEED_INDENT.finditer(text):
            row = text.count("\n", 0, indent.start()) + 1
            dropped[row] = dropped.get(row, 0) + len(indent[0])
        text = _FORM_FEED_INDENT.sub("", text)
    if "\\" in text:
        text = _LONE_BACKSLASHES.sub(lambda rows: "\n" * rows[0].count("\n"), text)
    return PreparedText(text, dropped)


class Rows:
    """A text by its rows, which count from 1."""

    __slots__ = ("_starts", "lines", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self._starts = list(accumulate(map(len, self.lines), lambda offset, length: offset + length + 1, initial=0))

    @property
    def last(self) -> int:
        """The last row that holds anything."""
        return len(self.lines) - (not self.lines[-1])

    def line(self, row: int) -> str:
        """One row, without its newline."""
        return self.lines[row - 1]

    def start(self, row: int) -> int:
        """The offset of a row's first character."""
        return self._starts[row - 1]

    def row_of(self, offset: int) -> int:
        """The row in which a character stands."""
        return bisect_right(self._starts, offset)

    def between(self, first: int, last: int) -> str:
        """The text of the rows `first` to `last`, with their newlines."""
        return self.text[self._starts[first - 1] : self._starts[last]]

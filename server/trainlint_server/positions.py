"""Rows and columns of the protocol, in the units that the client counts in, and offsets in a text."""

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from lsprotocol import types

from trainlint.findings import Position

_ROW = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


class Lines:
    """A text by its lines, as the protocol cuts them: at line feeds and carriage returns alone, as Python does, not at form feeds."""

    def __init__(self, text: str, encoding: "types.PositionEncodingKind | str") -> None:
        self.text = text
        self._width = _WIDTHS.get(types.PositionEncodingKind(encoding), _utf16)

    @cached_property
    def _starts(self) -> list[int]:
        lengths = map(len, self.text.split("\n")) if "\r" not in self.text else None
        if lengths is not None:
            return list(accumulate(lengths, lambda offset, length: offset + length + 1, initial=0))[:-1]
        starts = [0]
        starts.extend(row.end() for row in _ROW.finditer(self.text) if row[0][-1] in "\r\n")
        return starts

    @property
    def count(self) -> int:
        """How many lines there are; a text that ends in a line feed has an empty last one."""
        return len(self._starts)

    def line(self, number: int) -> str:
        """A line without its end, counted from 0; empty beyond the last."""
        if number >= len(self._starts):
            return ""
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self.text)
        return self.text[self._starts[number] : end].rstrip("\r\n")

    def offset(self, place: types.Position) -> int:
        """Where a position of the client stands in the text; one beyond the end of its line is that end."""
        if place.line >= len(self._starts):
            return len(self.text)
        line = self.line(place.line)
        if line.isascii():
            return self._starts[place.line] + min(place.character, len(line))
        width = 0
        for index, character in enumerate(line):
            width += self._width(character)
            if width > place.character:
                return self._starts[place.line] + index
        return self._starts[place.line] + len(line)

    def to_client(self, position: Position) -> types.Position:
        """A row and column counted from 1, in characters, as the client counts; within the text."""
        row = min(position.row, len(self._starts)) - 1
        line = self.line(row)
        column = len(line) if position.row > len(self._starts) else min(position.column - 1, len(line))
        return types.Position(row, self._width(line[:column]))

    def from_client(self, place: types.Position) -> Position:
        """A position of the client as row and column counted from 1, in characters."""
        offset = self.offset(place)
        row = bisect_right(self._starts, offset)
        return Position(row, offset - self._starts[row - 1] + 1)


def _utf8(text: str) -> int:
    return len(text) if text.isascii() else sum(1 + (c > 0x7F) + (c > 0x7FF) + (c > 0xFFFF) for c in map(ord, text))


def _utf16(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(ord(character) > 0xFFFF for character in text)


_WIDTHS = {
    types.PositionEncodingKind.Utf8: _utf8,
    types.PositionEncodingKind.Utf16: _utf16,
    types.PositionEncodingKind.Utf32: len,
}

"""Where text is written: whether it takes colour, and how wide it is."""

import os
import shutil
import unicodedata
from dataclasses import dataclass
from typing import TextIO

_STYLES = {"bold": "1", "dim": "2", "red": "1;31", "yellow": "1;33", "blue": "1;34", "cyan": "36"}


@dataclass(frozen=True, slots=True)
class Terminal:
    """`width` is None where lines may be of any length, as in a file or a pipe."""

    colour: bool = False
    width: int | None = None

    @classmethod
    def of(cls, stream: TextIO) -> "Terminal":
        """What this stream is, as far as the environment does not say otherwise (NO_COLOR, FORCE_COLOR)."""
        interactive = stream.isatty()
        if os.environ.get("NO_COLOR"):
            colour = False
        elif os.environ.get("FORCE_COLOR"):
            colour = True
        else:
            colour = interactive and os.environ.get("TERM") != "dumb"
        return cls(colour, shutil.get_terminal_size().columns if interactive else None)

    def paint(self, text: str, style: str) -> str:
        """The text in a style, where there is colour."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colour and text else text

    def crop(self, text: str, *, indent: int = 0) -> str:
        """The text cut to what is left of a line after `indent`."""
        return text if self.width is None or cells(text) <= self.width - indent else take(text, self.width - indent - 1) + "…"


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(_cells_of(character) for character in text)


def _cells_of(character: str) -> int:
    if character.isascii():
        return 1
    return 0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1


def take(text: str, room: int) -> str:
    """The beginning of a text that fits into this many columns."""
    used = 0
    for index, character in enumerate(text):
        used += _cells_of(character)
        if used > room:
            return text[:index]
    return text

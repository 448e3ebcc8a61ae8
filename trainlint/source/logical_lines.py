"""Cuts a text into logical lines, however broken it is, and nests them by their indentation.

Half of the keystrokes of someone who types leave a text that no parser reads, and its statements must be found all the same. So a
bracket or a triple-quoted string that never closes ends where it would otherwise swallow what plainly is a statement of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from trainlint.source.preparation import Rows

_PLAIN = r"""[^"'#()\[\]{}\\\n?]*"""
_STRING = r"""\"\"\"[^"\\\n]*\"\"\"|"(?!"")[^"\\\n]*(?:\\.[^"\\\n]*)*"|'(?!'')[^'\\\n]*(?:\\.[^'\\\n]*)*'"""
_BALANCED = _PLAIN
for _ in range(4):
    _BALANCED = rf"{_PLAIN}(?:(?:{_STRING}|[(\[{{]{_BALANCED}[)\]}}]){_PLAIN})*"
_ORDINARY_ROW = re.compile(
    rf"(?P<indent>[ \t]*)(?![ \t])(?=(?:async[ \t]+(?=(?:def|for|with)\b))?(?:(?P<word>\w+|@)|(?P<empty>#|\n|\Z)|))"
    rf"{_BALANCED}(?:#[^\n]*)?(?:\n|\Z)"
)
"""A row that leaves no bracket, string or continuation open; most rows do not."""

_TOKEN = re.compile(
    r"""
      (?P<comment> \#[^\n]* )
    | (?P<triple> \"\"\"[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:\"\"\")? | '''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:''')? )
    | (?P<string> "(?:[^"\\\n]|\\.)*"? | '(?:[^'\\\n]|\\.)*'? )
    | (?P<opening> [(\[{] )
    | (?P<closing> [)\]}] )
    | (?P<joint> \\\n )
    | (?P<newline> \n )
    | (?P<code> [^\s"'\#()\[\]{}\\]+ | \\ )
    """,
    re.VERBOSE | re.DOTALL,
)
_CLOSED_STRING = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""", re.DOTALL)
_PARTNER = {")": "(", "]": "[", "}": "{"}
_DEEPEST = 200
"""Brackets that may stand inside each other; CPython reads no more either."""

_FIRST_WORD = re.compile(r"[ \t]*(?:async[ \t]+(?=(?:def|for|with)\b))?(\w+|@|)")
_INDENT = re.compile(r"[ \t]*")
SHELL = re.compile(r"[ \t]*(?:[%!?]|[\w.,\[\] \t]+=[ \t]*[%!]\w)")
"""How a row begins that IPython, not Python, understands."""

_NEVER_CONTINUES = frozenset(
    "assert break class continue def del except finally global import nonlocal pass raise return try while with elif".split()
)
"""Words that cannot begin a row inside brackets."""

_OPENS_BLOCK = frozenset("case class def elif else except finally for if match try while with".split())
_CODE_ROW = re.compile(
    r"(?:async[ \t]+)?(?:def[ \t]+\w+[ \t]*\(|class[ \t]+\w+[ \t]*[(:]|@\w[\w.]*(?:\(.*)?$|import[ \t]+\w[\w.]*(?:$|,|[ \t]+as\b)|"
    r"from[ \t]+[\w.]+[ \t]+import\b|(?:if|for|while|with|elif)\b.*:[ \t]*$|(?:try|else|finally):|return\b.*[()\[\].])"
)


@dataclass(slots=True)
class LogicalLine:
    """A statement or the header of one: rows `first` to `last`.

    `width` is how far it is indented as Python counts it, `word` its first word ("@" for a decorator, "def" for `async def`);
    `closed` is whether every bracket and string in it ends.
    """

    first: int
    last: int
    indent: str
    width: int
    word: str
    closed: bool = True


@dataclass(slots=True)
class Branch:
    """A logical line and the more deeply indented ones below it."""

    line: LogicalLine
    children: "list[Branch]" = field(default_factory=list)

    @property
    def last(self) -> int:
        """The last row of all of it."""
        branch = self
        while branch.children:
            branch = branch.children[-1]
        return branch.line.last


def nested(lines: list[LogicalLine]) -> list[Branch]:
    """Logical lines, each under the nearest line above it that is less indented."""
    roots: list[Branch] = []
    levels: list[tuple[int, list[Branch]]] = [(-1, roots)]
    for line in lines:
        width = line.width
        while levels[-1][0] >= width:
            levels.pop()
        branch = Branch(line)
        levels[-1][1].append(branch)
        levels.append((width, branch.children))
    return roots


def logical_lines(rows: Rows) -> list[LogicalLine]:
    """The logical lines of a text, in order; rows that are blank or hold a comment alone belong to none."""
    try:
        return list(_logical_lines(rows, None))
    except _StrayQuotes:
        return list(_logical_lines(rows, _stray_quotes(rows) or 0))


class _StrayQuotes(Exception):
    """Triple quotes that never close."""


def _logical_lines(rows: Rows, stray_quotes: int | None) -> Iterator[LogicalLine]:
    """The logical lines of a text in which the triple quotes of one row are not meant to close; of none, at first."""
    text, last = rows.text, rows.last
    ordinary = _ORDINARY_ROW.match
    row = 1
    while row <= last:
        match = ordinary(text, rows.start(row))
        if match is None or text.startswith(("%", "!"), match.end("indent")):
            line = _logical_line(rows, row, stray_quotes)
            yield line
            row = line.last + 1
            continue
        indent, word, empty = match.groups()
        if empty is None:
            yield LogicalLine(row, row, indent, len(indent.expandtabs(8)) if "\t" in indent else len(indent), word or "")
        row += 1


def comments_in(rows: Rows, row: int, line: LogicalLine | None) -> Iterator[tuple[int, str]]:
    """The comment of a row, if it has one, with its column from 0; `line` is the logical line that the row belongs to."""
    position = rows.start(row if line is None else line.first)
    end = rows.start(row) + len(rows.line(row))
    while (token := _TOKEN.search(rows.text, position)) and token.start() < end:
        if token.lastgroup == "comment" and token.start() >= rows.start(row):
            yield token.start() - rows.start(row), token[0]
        position = token.end()


def trailing_colon(rows: Rows, line: LogicalLine) -> int | None:
    """The column of the colon that ends a header, in its last row; None for a line that is no header."""
    end = _end_of_line(rows, line.first, None) if line.closed else None
    return None if end is None else end[1]


def _logical_line(rows: Rows, row: int, stray_quotes: int | None) -> LogicalLine:
    """The logical line that starts in a row."""
    text = rows.line(row)
    indent = _INDENT.match(text)[0]  # type: ignore[index]
    line = LogicalLine(row, row, indent, _width(text), _first_word(text))
    if SHELL.match(text):
        while rows.line(line.last).endswith("\\") and line.last < rows.last:
            line.last += 1
    elif (end := _end_of_line(rows, row, stray_quotes)) is not None:
        line.last = end[0]
    else:
        line.closed = False
        line.last = _plausible_end(rows, line)
    return line


def _end_of_line(rows: Rows, row: int, stray_quotes: int | None) -> tuple[int, int | None] | None:
    """The last row of the logical line and the column of the colon that ends it; None if a bracket of it is never closed."""
    brackets: list[str] = []
    colon: int | None = None
    start = position = rows.start(row)
    while token := _TOKEN.search(rows.text, position):
        kind = token.lastgroup
        position = token.end()
        if kind == "newline":
            if not brackets:
                return row, colon
            row += 1
            start = position
            if row <= rows.last and _first_word(rows.line(row)) in _NEVER_CONTINUES:
                return None
        elif kind == "joint":
            row += 1
            start = position
        elif kind == "code":
            colon = token.end() - 1 - start if not brackets and token[0].endswith(":") else None
        elif kind != "comment":
            colon = None
            if kind == "opening":
                brackets.append(token[0])
                if len(brackets) > _DEEPEST:
                    return None
            elif kind == "closing":
                if brackets and brackets.pop() != _PARTNER[token[0]]:
                    return None
            elif "\n" in token[0]:
                if kind == "string" and not _CLOSED_STRING.fullmatch(token[0]):
                    return None
                if kind == "triple" and row == stray_quotes:
                    return None
                if kind == "triple" and position == len(rows.text) and not _is_closed(token[0]):
                    if stray_quotes is None:
                        raise _StrayQuotes
                    return None
                row += token[0].count("\n")
                start = rows.start(row)
    return None if brackets else (min(row, rows.last), colon)


def _plausible_end(rows: Rows, line: LogicalLine) -> int:
    """Where a line that is not closed ends: before the first row that is no deeper than it and closes nothing."""
    if line.word in _OPENS_BLOCK:
        return line.first
    for row in range(line.first + 1, rows.last + 1):
        text = rows.line(row)
        stripped = text.lstrip()
        if not stripped or stripped[0] == "#":
            continue
        if (_width(text) <= line.width and stripped[0] not in ")]}") or _first_word(text) in _NEVER_CONTINUES:
            return row - 1
    return rows.last


def _first_word(text: str) -> str:
    return _FIRST_WORD.match(text)[1]  # type: ignore[index]


def _width(text: str) -> int:
    return len(_INDENT.match(text)[0].expandtabs(8))  # type: ignore[index]


def _stray_quotes(rows: Rows) -> int | None:
    """The row whose triple quotes are never meant to close, if the triple quotes of a text do not pair up.

    From that row on, inside and outside of strings are swapped: of all rows it is the one with the most strings free of code
    before it and the most strings that swallow code from it on.
    """
    strings = [token for token in _TOKEN.finditer(rows.text) if token["triple"]]
    if not strings or _is_closed(strings[-1][0]):
        return None
    swallows = [_swallows_code(rows, token) for token in strings]
    culprit, gain, best = 0, 0, 0
    for index, swallows_code in enumerate(swallows[:-1], 1):
        gain += -1 if swallows_code else 1
        if gain > best:
            culprit, best = index, gain
    return rows.row_of(strings[culprit].start())


def _is_closed(string: str) -> bool:
    return len(string) >= 6 and string.endswith(string[:3])


def _swallows_code(rows: Rows, string: re.Match[str]) -> bool:
    """Whether a row inside a string, no deeper than the row where it starts, plainly is code."""
    width = _width(rows.line(rows.row_of(string.start())))
    return any(_width(row) <= width and _CODE_ROW.match(row.lstrip()) for row in string[0].split("\n")[1:])

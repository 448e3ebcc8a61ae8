"""Cuts a text into logical lines, however broken it is, and nests them by their indentation.

`ast` tells where statements stand while a file parses; this is for when it does not, as after half of the keystrokes of someone who types.
On valid code both agree. On broken code a bracket or a triple-quoted string that never closes ends where it would otherwise swallow
what plainly is a statement of its own.
"""

import re
from dataclasses import dataclass, field

from trainlint.source.preparation import Rows

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
_PARTNER = {")": "(", "]": "[", "}": "{"}
_DEEPEST = 200
"""Brackets that may stand inside each other; CPython reads no more either, and LibCST would exhaust its stack."""

_FIRST_WORD = re.compile(r"[ \t]*(?:async[ \t]+(?=def\b|for\b|with\b))?(@|\w+|.?)")
_INDENT = re.compile(r"[ \t]*")
_NEVER_CONTINUES = frozenset(
    "assert break class continue def del except finally global import nonlocal pass raise return try while with elif".split()
)
"""Words that cannot begin a row inside brackets."""
_OPENS_BLOCK = frozenset("class def elif else except finally for if try while with".split())
_CODE_ROW = re.compile(
    r"(?:async[ \t]+)?(?:def[ \t]+\w+[ \t]*\(|class[ \t]+\w+[ \t]*[(:]|@\w[\w.]*(?:\(.*)?$|import[ \t]+\w[\w.]*(?:$|,|[ \t]+as\b)|"
    r"from[ \t]+[\w.]+[ \t]+import\b|(?:if|for|while|with|elif)\b.*:[ \t]*$|(?:try|else|finally):|return\b.*[()\[\].])"
)
_SHELL = re.compile(r"[ \t]*(?:[%!?]|[\w.,\[\] \t]+=[ \t]*[%!]\w)")


@dataclass(slots=True)
class LogicalLine:
    """A statement or the header of one: rows `first` to `last`.

    `word` is the first word ("@" for a decorator, "def" for `async def`); `colon` the column of the colon, in the row `last`, that ends a header.
    """

    first: int
    last: int
    indent: str
    word: str
    colon: int | None = None
    closed: bool = True
    shell: bool = False

    @property
    def width(self) -> int:
        """How far the line is indented, as Python counts it."""
        return len(self.indent.expandtabs(8))


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


def nested_lines(rows: Rows) -> list[Branch]:
    """The logical lines of a text, each under the nearest line above it that is less indented."""
    roots: list[Branch] = []
    open_branches: list[Branch] = []
    for line in logical_lines(rows):
        while open_branches and open_branches[-1].line.width >= line.width:
            open_branches.pop()
        siblings = open_branches[-1].children if open_branches else roots
        siblings.append(Branch(line))
        open_branches.append(siblings[-1])
    return roots


def logical_lines(rows: Rows) -> list[LogicalLine]:
    """The logical lines of a text, in order; rows that are blank or hold a comment alone belong to none."""
    stray_quotes = _stray_quotes(rows)
    lines: list[LogicalLine] = []
    row = 1
    while row <= rows.last:
        text = rows.line(row)
        stripped = text.lstrip()
        if not stripped or stripped[0] == "#":
            row += 1
            continue
        line = _logical_line(rows, row, stray_quotes)
        lines.append(line)
        row = line.last + 1
    return lines


def _logical_line(rows: Rows, row: int, stray_quotes: int | None) -> LogicalLine:
    """The logical line that starts in a row."""
    text = rows.line(row)
    indent = _INDENT.match(text)[0]  # type: ignore[index]
    word = _FIRST_WORD.match(text)[1]  # type: ignore[index]
    line = LogicalLine(row, row, indent, word)
    if _SHELL.match(text):
        line.shell = True
        while rows.line(line.last).endswith("\\") and line.last < rows.last:
            line.last += 1
        return line
    end = _end_of_line(rows, row, stray_quotes)
    if end is None:
        line.closed = False
        line.last = _plausible_end(rows, line)
    else:
        line.last, line.colon = end
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
            if _first_word(rows, row) in _NEVER_CONTINUES:
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
            elif kind == "triple":
                if row == stray_quotes:
                    position = rows.start(row) + len(rows.line(row))
                    if brackets:
                        return None
                else:
                    row += token[0].count("\n")
                    start = rows.start(row)
    return None if brackets else (min(row, rows.last), colon)


def _first_word(rows: Rows, row: int) -> str:
    return _FIRST_WORD.match(rows.line(row))[1] if row <= rows.last else ""  # type: ignore[index]


def _plausible_end(rows: Rows, line: LogicalLine) -> int:
    """Where a line with an unclosed bracket ends: before the first row that is no deeper than it and closes nothing."""
    if line.word in _OPENS_BLOCK:
        return line.first
    for row in range(line.first + 1, rows.last + 1):
        text = rows.line(row)
        stripped = text.lstrip()
        if not stripped or stripped[0] == "#":
            continue
        if (_width(text) <= line.width and stripped[0] not in ")]}") or _first_word(rows, row) in _NEVER_CONTINUES:
            return row - 1
    return rows.last


def _stray_quotes(rows: Rows) -> int | None:
    """The row whose triple quotes are never meant to close, if the triple quotes of a text do not pair up.

    From that row on, inside and outside of strings are swapped: of all rows it is the one with the most strings free of code
    before it and the most strings that swallow code from it on.
    """
    if '"""' not in rows.text and "'''" not in rows.text:
        return None
    strings = [token for token in _TOKEN.finditer(rows.text) if token["triple"]]
    if not strings or len(strings[-1][0]) >= 6 and strings[-1][0].endswith(strings[-1][0][:3]):
        return None
    swallows = [_swallows_code(rows, token) for token in strings]
    culprit, gain, best = 0, 0, 0
    for index, swallows_code in enumerate(swallows[:-1], 1):
        gain += -1 if swallows_code else 1
        if gain > best:
            culprit, best = index, gain
    return rows.row_of(strings[culprit].start())


def _swallows_code(rows: Rows, string: re.Match[str]) -> bool:
    """Whether a row inside a string, no deeper than the row where it starts, plainly is code."""
    width = _width(rows.line(rows.row_of(string.start())))
    return any(_width(row) <= width and _CODE_ROW.match(row.lstrip()) for row in string[0].split("\n")[1:])


def _width(text: str) -> int:
    return len(_INDENT.match(text)[0].expandtabs(8))  # type: ignore[index]

"""Blanks what IPython understands and Python does not, so that the rest of a cell can be read."""

import ast
import re
from collections.abc import Callable, Iterator

from trainlint.source.logical_lines import SHELL, LogicalLine, logical_lines
from trainlint.source.preparation import Rows

_CANDIDATES = (re.compile(r"\n[ \t]*[%!?]"), re.compile(r"=[ \t]*[%!]\w"), re.compile(r"\?[ \t]*(?:\n|\Z)"))
_HELP = re.compile(r"[ \t]*[%\w.*\[\]]+\?{1,2}[ \t]*$")
_ASSIGNMENT = re.compile(r"[ \t]*[\w.,\[\] \t]+=[ \t]*(?=[%!]\w)")
_CELL_MAGIC = re.compile(r"[ \t]*%%(\w+)")
_PYTHON_CELL_MAGICS = frozenset("capture prun time timeit".split())
_TIMED = re.compile(r"(?P<indent>[ \t]*)(?P<magic>%(?:time|timeit|prun|memit)(?:[ \t]+-\w+(?:[ \t]*\d+)?)*)(?=[ \t]+\S)")
"""Magics that run the statement after them, with options."""
_NEXT_CELL = re.compile(r"# ?%%|# In ?\[")
_NOTEBOOK = re.compile(r"# %%\[cell \d+\]")
_BARE = re.compile(
    r"[ \t]*(?:bookmark|cat|cd|conda|cp|env|history|ldir|less|ll|load_ext|ls|man|mamba|matplotlib|micromamba|mkdir|more|mv|pip|popd|prun"
    r"|pushd|pylab|reload_ext|rm|rmdir|run|set_env|time|timeit|uv|who|whos)[ \t]+[^ \t=]"
)
"""Magics that IPython takes without their `%`, its `automagic`, followed by what they are told."""
_BARE_ROW = re.compile(rf"^{_BARE.pattern}", re.MULTILINE)


def blank_magics(rows: Rows, said: "Callable[[str], str] | None" = None) -> Rows:
    """A cell or script with its magics, shell commands and help requests replaced by `pass`, every row in its place.

    What a magic assigns is left unknown, and a cell in another language (`%%bash`) is blank altogether; a statement that a magic
    measures stays, in its columns. Given what a magic says, `said` is the expression that stands there in the place of `pass`;
    what is assigned begins with `!!` where it is a shell command.
    """
    in_notebook = _NOTEBOOK.match(rows.text) is not None
    if not any(SHELL.match(row) or _HELP.match(row) for row in _candidates(rows)) and not (in_notebook and _BARE_ROW.search(rows.text)):
        return rows
    lines = list(rows.lines)
    foreign_until = 0
    for line in logical_lines(rows):
        first = rows.line(line.first)
        if line.first <= foreign_until:
            continue
        found = _replacement(line, first, in_notebook=in_notebook)
        if found is None:
            continue
        before, instead = found
        last = line.last
        cell_magic = _CELL_MAGIC.match(first)
        if cell_magic and cell_magic[1] not in _PYTHON_CELL_MAGICS:
            last = foreign_until = _end_of_cell(rows, line.first)
        if said is not None and instead:
            told = rows.between(line.first, last)[len(before) :]
            instead = said(f"!{told}" if told.startswith("!") and before.strip() else told)
        lines[line.first - 1 : last] = [before + instead] + [""] * (last - line.first)
    return Rows("\n".join(lines))


def _candidates(rows: Rows) -> Iterator[str]:
    """Rows in which a magic may begin: the first one, and those that hold what every magic has."""
    yield rows.line(1)
    for pattern in _CANDIDATES:
        for candidate in pattern.finditer(rows.text):
            yield rows.line(rows.row_of(candidate.end() - 1))


def _replacement(line: LogicalLine, first: str, *, in_notebook: bool) -> tuple[str, str] | None:
    """What Python reads: what stays before a magic, and what stands in its place. None for a line without one.

    In a notebook a magic may lack its `%`.
    """
    timed = _TIMED.match(first)
    if timed and line.first == line.last:
        row = "None" + " " * (len(timed["magic"]) - 5) + ";" + first[timed.end() :]
        if _is_python(row):
            return timed["indent"] + row, ""
    if SHELL.match(first):
        assigned = _ASSIGNMENT.match(first)
        return (assigned[0], "get_ipython()") if assigned else (line.indent, "pass")
    if line.first == line.last and _HELP.match(first):
        return f"{line.indent}pass", ""
    if line.first == line.last and in_notebook and _BARE.match(first) and not _is_python(first):
        return line.indent, "pass"
    return None


def _is_python(row: str) -> bool:
    try:
        ast.parse(row.strip())
    except SyntaxError:
        return False
    return True


def _end_of_cell(rows: Rows, first: int) -> int:
    """The last row of the cell that starts in a row."""
    for row in range(first + 1, rows.last + 1):
        if _NEXT_CELL.match(rows.line(row)):
            return row - 1
    return rows.last

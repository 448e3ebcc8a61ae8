"""Makes a text that does not parse parse, by replacing no more than what is broken.

Every logical line is tried alone, in a frame that makes a program of it. A line that cannot be read becomes a placeholder, which
lowers to the unknown statement; the header of a block keeps its block. What is wrong between the lines (a header without a body, an
`else` of nothing, an indentation that fits nowhere) is put right by indentation alone. Rows and columns of all else stay.
"""

from dataclasses import dataclass, field

from trainlint.source.chunks import WRAPPER, SyntaxProblem
from trainlint.source.logical_lines import Branch, LogicalLine, logical_lines, nested, trailing_colon
from trainlint.source.lowering import PLACEHOLDER
from trainlint.source.outline import Outline, outline
from trainlint.source.parsers import TooDeep, fault_of, is_concrete, message_of
from trainlint.source.preparation import Rows

_FOLLOWS = {
    "elif": frozenset({"if", "elif"}),
    "else": frozenset({"if", "elif", "for", "while", "except"}),
    "except": frozenset({"try", "except"}),
    "finally": frozenset({"try", "except", "else of try"}),
}
"""What a clause may come after."""

_DEFINITIONS = frozenset({"def", "class"})
_HEADERS = frozenset("class def elif else except finally for if try while with".split())


@dataclass(frozen=True, slots=True)
class MendedText:
    """A text in which the rows of `mended` were replaced, and the first thing that was wrong with it."""

    text: str
    mended: tuple[range, ...] = ()
    problem: SyntaxProblem | None = None


def mend(text: str, indent: str, *, ask_libcst: bool = False) -> MendedText:
    """The text of a chunk whose statements are indented by `indent`, made readable.

    `ask_libcst` is for a text that Python accepts and LibCST does not: its lines are judged by LibCST alone.
    """
    rows = Rows(text)
    mending = _Mending(rows, ask_libcst=ask_libcst)
    mending.block(nested(logical_lines(rows)), indent)
    return mending.result()


def give_up(mended: MendedText, indent: str) -> MendedText:
    """A text that mending did not make readable, without the statements that are to blame."""
    rows = Rows(mended.text)
    mending = _Mending(rows, problem=mended.problem, mended=list(mended.mended))
    mending.drop(outline(rows, large=0), indent)
    return mending.result()


def all_unknown(mended: MendedText, indent: str) -> MendedText:
    """A text of which nothing can be read."""
    mending = _Mending(Rows(mended.text), problem=mended.problem)
    mending.replace(1, mending.rows.last, indent + PLACEHOLDER)
    return mending.result()


@dataclass
class _Mending:
    """A text while it is mended."""

    rows: Rows
    ask_libcst: bool = False
    problem: SyntaxProblem | None = None
    lines: list[str] = field(init=False)
    mended: list[range] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = list(self.rows.lines)

    def result(self) -> MendedText:
        return MendedText("\n".join(self.lines), tuple(self.mended), self.problem)

    # What can be done to the rows

    def replace(self, first: int, last: int, text: str) -> None:
        """Puts one row of text in place of some rows, the rest of which become blank."""
        self.lines[first - 1 : last] = [text] + [""] * (last - first)
        self.mended.append(range(first, last + 1))

    def add_body(self, line: LogicalLine, colon: int) -> None:
        """Gives a header that ends in a colon the unknown as its body."""
        self.replace(line.last, line.last, f"{self.rows.line(line.last)[: colon + 1]} {PLACEHOLDER}")

    def drop(self, statements: tuple[Outline, ...], indent: str) -> None:
        """Makes unknown what LibCST does not read, rather a statement inside than the one around it."""
        for statement in statements:
            if self._is_concrete(statement, indent):
                continue
            if statement.body:
                first = self.rows.line(statement.body[0].first)
                self.drop(statement.body, first[: len(first) - len(first.lstrip())])
            if not self._is_concrete(statement, indent):
                self.replace(statement.first, statement.last, indent + PLACEHOLDER)

    def _is_concrete(self, statement: Outline, indent: str) -> bool:
        """Whether LibCST reads a statement as it is by now."""
        text = "\n".join(self.lines[statement.first - 1 : statement.last])
        return is_concrete(WRAPPER + text if indent else text)

    def complain(self, row: int, column: int, message: str) -> None:
        """Notes a problem; the first one of the text is kept."""
        if self.problem is None or (row, column) < (self.problem.row, self.problem.column):
            self.problem = SyntaxProblem(row, column, message)

    # What is looked for

    def block(self, branches: list[Branch], indent: str, *, in_match: bool = False) -> None:
        """Mends lines that ought to be the statements of one block."""
        width = len(indent.expandtabs(8))
        previous = ""
        decorators: list[LogicalLine] = []
        for index, branch in enumerate(branches):
            line = branch.line
            if line.width != width:
                self.complain(line.first, len(line.indent) + 1, "unexpected indentation")
                self._unknown(branch, indent)
                previous = ""
                continue
            following = next((b.line.word for b in branches[index + 1 :] if b.line.width == width), "")
            previous = self._case(branch) if in_match else self._statement(branch, previous, following)
            if previous == "@":
                decorators.append(line)
                continue
            if previous not in _DEFINITIONS:
                self._orphan(decorators, is_fault=line.word not in _DEFINITIONS)
            decorators = []
        self._orphan(decorators)

    def _orphan(self, decorators: list[LogicalLine], *, is_fault: bool = True) -> None:
        """Replaces decorators that no readable definition follows; their fault it is where none follows at all."""
        for line in decorators:
            if is_fault:
                self.complain(line.first, len(line.indent) + 1, "decorator without a function or class")
            self.replace(line.first, line.last, line.indent + PLACEHOLDER)

    def _statement(self, branch: Branch, previous: str, following: str) -> str:
        """Mends one statement or clause; gives the word it now stands for, "" for a simple statement."""
        line, word = branch.line, branch.line.word
        readable = self._is_readable(line)
        if word in _FOLLOWS and previous not in _FOLLOWS[word]:
            if readable:
                self.complain(line.first, len(line.indent) + 1, f"`{word}` belongs to nothing")
            return self._replace_header(branch, "if")
        if word == "try" and following not in ("except", "finally"):
            self.complain(line.first, len(line.indent) + 1, "`try` without `except` or `finally`")
            return self._replace_header(branch, "if")
        if word == "@":
            if not readable:
                self.replace(line.first, line.last, f"{line.indent}@{PLACEHOLDER}")
            if branch.children:
                self._unknown(branch, line.indent)
                return ""
            return "@"
        if not readable:
            return self._replace_header(branch, word)
        stands_for = "else of try" if word == "else" and previous == "except" else word if word in _HEADERS else ""
        colon = trailing_colon(self.rows, line)
        if colon is None:
            if branch.children:
                child = branch.children[0].line
                self.complain(child.first, len(child.indent) + 1, "unexpected indentation")
                return self._replace_header(branch, "if")
            return stands_for
        if not branch.children:
            self.complain(line.last, colon + 1, f"expected an indented block after `{word}`")
            if word == "match":
                self.replace(line.first, line.last, line.indent + PLACEHOLDER)
            else:
                self.add_body(line, colon)
            return stands_for
        self._block_of(branch, in_match=word == "match")
        return stands_for

    def _case(self, branch: Branch) -> str:
        """Mends one case of a `match`."""
        line = branch.line
        if self._is_readable(line, in_match=True):
            if branch.children or trailing_colon(self.rows, line) is None:
                self._block_of(branch)
                return ""
            self.complain(line.last, len(self.rows.line(line.last).rstrip()), "expected an indented block after `case`")
        body = "" if branch.children else f" {PLACEHOLDER}"
        self.replace(line.first, line.last, f"{line.indent}case {PLACEHOLDER}:{body}")
        self._block_of(branch)
        return ""

    def _replace_header(self, branch: Branch, word: str) -> str:
        """Replaces a line that cannot be read or stay; its block is kept, unless it was that of a definition."""
        line = branch.line
        if word in ("def", "class", "match") or not (branch.children or word in _FOLLOWS):
            self._unknown(branch, line.indent)
            return ""
        if word in ("else", "finally", "try"):
            header = f"{word}:"
        elif word in ("elif", "except"):
            header = f"{word} {PLACEHOLDER}:"
        else:
            word, header = "if", f"if {PLACEHOLDER}:"
        self.replace(line.first, line.last, f"{line.indent}{header}" if branch.children else f"{line.indent}{header} {PLACEHOLDER}")
        self._block_of(branch)
        return word

    def _block_of(self, branch: Branch, *, in_match: bool = False) -> None:
        if branch.children:
            self.block(branch.children, branch.children[0].line.indent, in_match=in_match)

    def _unknown(self, branch: Branch, indent: str) -> None:
        """Replaces a line and all that is nested below it."""
        self.replace(branch.line.first, branch.last, indent + PLACEHOLDER)

    # What can be read

    def _is_readable(self, line: LogicalLine, *, in_match: bool = False) -> bool:
        """Whether a line is part of some program; if not, says why."""
        before, after = _frame(line, is_header=trailing_colon(self.rows, line) is not None, in_match=in_match)
        text = f"{before}{self.rows.between(line.first, line.last).rstrip(chr(10))}\n{after}"
        if self.ask_libcst:
            return is_concrete(text)
        fault = fault_of(text)
        if fault is None or (isinstance(fault, SyntaxError) and line.closed and is_concrete(text)):
            return True
        if isinstance(fault, TooDeep):
            self.complain(line.first, len(line.indent) + 1, "too deeply nested")
            return False
        row = line.first + (fault.lineno or 1) - 1 - before.count("\n")
        if line.first <= row <= line.last:
            self.complain(row, fault.offset or 1, message_of(fault))
        else:
            self.complain(line.last, len(self.rows.line(line.last).rstrip()) + 1, message_of(fault))
        return False


def _frame(line: LogicalLine, *, is_header: bool, in_match: bool) -> tuple[str, str]:
    """The rows that make a program of a line when they stand before and after it."""
    indent, word = line.indent, line.word
    wrapper = WRAPPER if indent else ""
    body = f"{indent} pass\n" if is_header else ""
    if in_match:
        return "match 1:\n", body
    match word:
        case "elif" | "else":
            return f"{wrapper}{indent}if 1:\n{indent} pass\n", body
        case "except" | "finally":
            return f"{wrapper}{indent}try:\n{indent} pass\n", body
        case "try":
            return wrapper, f"{body}{indent}finally:\n{indent} pass\n"
        case "match" if body:
            return wrapper, f"{indent} case _:\n{indent}  pass\n"
        case "@":
            return wrapper, f"{indent}def f(): pass\n"
        case _:
            return wrapper, body

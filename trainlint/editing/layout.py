"""How the statements of a file are laid out: blocks, rows, one-line suites, and what stands around a node."""

import re
from collections.abc import Iterator
from functools import cached_property

import libcst as cst

from trainlint.bindings.scopes import Bindings, Scope, bindings_of
from trainlint.source import ir
from trainlint.source.source_file import SourceFile
from trainlint.source.walk import children

_INDENT = re.compile(r"[ \t\f]*")
_GOES_ON = re.compile(r"\"\"\"|'''|\\\n")
"""What a string needs to go on in the next row."""
_REST_OF_ROW = re.compile(r"[ \t\f]*(?:#[^\n]*)?(?=\n|\Z)")


class Unsure(Exception):
    """A change that cannot be made without doubt, and why."""


class Layout:
    """One file with what an edit has to know about it; offsets count in its normalized text."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.text = file.normalized
        self._parents: dict[ir.Node, ir.Node] = {}
        self._blocks: dict[ir.Stmt, ir.Block] = {}
        self._bindings: dict[Scope, Bindings] = {}
        self._enter_block(file.body)
        stack: list[ir.Node] = list(file.body)
        while stack:
            node = stack.pop()
            if not isinstance(node, ir.Expr):
                for block in _blocks(node):
                    self._enter_block(block)
            for child in children(node):
                self._parents[child] = node
                stack.append(child)

    def _enter_block(self, block: ir.Block) -> None:
        for statement in block:
            self._blocks[statement] = block

    # Around a node

    def parent(self, node: ir.Node) -> ir.Node | None:
        """The node directly around another one; None at the top level."""
        if node not in self._parents and node not in self._blocks:
            raise Unsure("the place is not in the text")
        return self._parents.get(node)

    def statement(self, node: ir.Node) -> ir.Stmt:
        """The statement in which a node stands, where both are run together."""
        current: ir.Node | None = node
        while current is not None and not isinstance(current, ir.Stmt):
            if isinstance(current, ir.Lambda | ir.Comprehension | ir.Parameter):
                raise Unsure("it stands inside of an expression that is run apart")
            current = self.parent(current)
        if current is None:
            raise Unsure("the place is not in the text")
        return current

    def block(self, statement: ir.Stmt) -> ir.Block:
        """The statements among which one stands, itself included."""
        block = self._blocks.get(statement)
        if block is None:
            raise Unsure("the place is not in the text")
        return block

    def scopes(self, node: ir.Node) -> Iterator[Scope]:
        """What binds names around a node, innermost first, the module last; classes around functions are no such thing."""
        inside_function = False
        below: ir.Node = node
        current = self.parent(node)
        while current is not None:
            runs_inside = not isinstance(current, ir.FunctionDef | ir.ClassDef | ir.Lambda) or below in getattr(current, "body", ())
            if isinstance(current, ir.Lambda):
                runs_inside = below is current.body
            if isinstance(current, ir.FunctionDef | ir.Lambda | ir.Comprehension) and runs_inside:
                inside_function = inside_function or not isinstance(current, ir.Comprehension)
                yield current
            elif isinstance(current, ir.ClassDef) and runs_inside and not inside_function:
                yield current
            below, current = current, self._parents.get(current)
        yield None

    def bindings(self, scope: Scope) -> Bindings:
        """The names that a scope binds."""
        if scope not in self._bindings:
            self._bindings[scope] = bindings_of(scope, self.file.body)
        return self._bindings[scope]

    # Text

    def offsets(self, node: ir.Node) -> tuple[int, int]:
        """Where a node starts and ends; a definition starts with its decorators."""
        start, end = self.file.offsets(node)
        if isinstance(node, ir.FunctionDef | ir.ClassDef) and node.decorators:
            start = self.text.rindex("@", 0, self.file.offsets(node.decorators[0])[0])
        return start, end

    def source(self, node: ir.Node) -> str:
        """A node as it is written."""
        start, end = self.offsets(node)
        return self.text[start:end]

    def row_start(self, offset: int) -> int:
        """Where the row of an offset starts."""
        return self.text.rfind("\n", 0, offset) + 1

    def starts_row(self, offset: int) -> bool:
        """Whether nothing but indentation stands before an offset, in a row that goes on from no other."""
        start = self.row_start(offset)
        return not self.text[start:offset].strip() and not self.text.endswith("\\\n", 0, start)

    def rest_of_row(self, offset: int) -> int | None:
        """Where a row ends in which nothing but a comment follows an offset; None where code follows."""
        match = _REST_OF_ROW.match(self.text, offset)
        return match.end() if match else None

    def indentation(self, statement: ir.Stmt) -> str:
        """What stands before the statements of a block that start a row."""
        for sibling in self.block(statement):
            start = self.offsets(sibling)[0]
            if self.starts_row(start) and not self.is_elif(sibling):
                return self.text[self.row_start(start) : start]
        raise Unsure("no statement of the block starts a row")

    def is_elif(self, statement: ir.Stmt) -> bool:
        """Whether it is written as part of the `if` before it."""
        return isinstance(statement, ir.If) and self.text.startswith("elif", self.offsets(statement)[0])

    def in_one_line_suite(self, statement: ir.Stmt) -> bool:
        """Whether it stands in the row of the header above it: `if last: optimizer.step()`."""
        parent = self._parents.get(statement)
        return parent is not None and any(
            isinstance(suite, cst.SimpleStatementSuite) and any(small is statement.cst for small in suite.body)
            for suite in _suites(parent.cst)
        )

    @cached_property
    def string_rows(self) -> frozenset[int]:
        """The offsets of rows that begin inside of a string, and must stay as they are."""
        found: set[int] = set()
        for start, end in self._strings():
            row = self.text.find("\n", start, end) + 1
            while row:
                found.add(row)
                row = self.text.find("\n", row, end) + 1
        return frozenset(found)

    def _strings(self) -> Iterator[tuple[int, int]]:
        stack: list[ir.Node] = list(self.file.body)
        while stack:
            node = stack.pop()
            if isinstance(node, ir.Constant | ir.FormattedString | ir.Unknown) and _GOES_ON.search(node.chunk.text):
                yield self.file.offsets(node)
            stack.extend(children(node))


def _blocks(node: ir.Node) -> Iterator[ir.Block]:
    """The blocks directly inside of a statement."""
    if isinstance(node, ir.Match):
        yield from (body for _, body in node.cases)
        return
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, tuple):
            yield block


def _suites(node: cst.CSTNode) -> Iterator[object]:
    """The suites directly inside of a statement, an `elif` chain's last `else` included."""
    yield getattr(node, "body", None)
    for name in ("orelse", "finalbody"):
        clause = getattr(node, name, None)
        if clause is not None:
            yield getattr(clause, "body", None)
    if isinstance(node, cst.Match):
        yield from (case.body for case in node.cases)


__all__ = ["Layout", "Unsure"]

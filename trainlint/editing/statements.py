"""Changes of whole statements as edits of the text."""

import re

from trainlint.cures.changes import Decorate, Delete, InsertAfter, InsertAtTop, InsertBefore, MoveAfter, MoveBefore, Wrap
from trainlint.editing.layout import Layout, Unsure
from trainlint.editing.names import check_still_bound
from trainlint.editing.text import TextEdit
from trainlint.editing.writing import Writer
from trainlint.source import ir

_COMPOUND = ir.If | ir.For | ir.While | ir.With | ir.Try | ir.Match | ir.FunctionDef | ir.ClassDef
_INDENT_UNIT = "    "


def insert_before(layout: Layout, change: InsertBefore, imports: list[str]) -> list[TextEdit]:
    """A statement before another one."""
    statement = _beside(layout, change.node, change.beside)
    code = Writer(layout, statement, imports).write(change.code)
    return [before(layout, statement, code)]


def insert_after(layout: Layout, change: InsertAfter, imports: list[str]) -> list[TextEdit]:
    """A statement after another one."""
    statement = _beside(layout, change.node, change.beside)
    code = Writer(layout, statement, imports, after=True).write(change.code)
    return [after(layout, statement, code)]


def _beside(layout: Layout, node: ir.Node, neighbour: ir.Node | None) -> ir.Stmt:
    statement = layout.statement(node)
    if neighbour is not None and layout.block(layout.statement(neighbour)) is not layout.block(statement):
        raise Unsure("the two places are not in the same block")
    return statement


def insert_at_top(layout: Layout, change: InsertAtTop, imports: list[str]) -> list[TextEdit]:
    """A statement at the top of a body."""
    body = getattr(change.node, "body", ())
    if not isinstance(body, tuple) or not body:
        raise Unsure("there is no body")
    if isinstance(change.node, ir.FunctionDef | ir.ClassDef) and change.node.docstring is not None:
        return [after(layout, body[0], Writer(layout, body[0], imports, after=True).write(change.code))]
    return [before(layout, body[0], Writer(layout, body[0], imports).write(change.code))]


def before(layout: Layout, statement: ir.Stmt, code: str) -> TextEdit:
    """A simple statement put before another one."""
    start = layout.offsets(statement)[0]
    if layout.is_elif(statement):
        raise Unsure("nothing can stand before an `elif`")
    if layout.starts_row(start):
        row = layout.row_start(start)
        return TextEdit(row, row, f"{layout.text[row:start]}{code}\n")
    if isinstance(statement, _COMPOUND):
        raise Unsure("the statement starts in the middle of a row")
    return TextEdit(start, start, f"{code}; ")


def after(layout: Layout, statement: ir.Stmt, code: str) -> TextEdit:
    """A simple statement put after another one."""
    end = layout.offsets(statement)[1]
    rest = layout.rest_of_row(end)
    if layout.in_one_line_suite(statement) or rest is None:
        if isinstance(statement, _COMPOUND):
            raise Unsure("the statement ends in the middle of a row")
        return TextEdit(end, end, f"; {code}")
    indent = layout.indentation(statement)
    if rest == len(layout.text):
        return TextEdit(rest, rest, f"\n{indent}{code}")
    return TextEdit(rest + 1, rest + 1, f"{indent}{code}\n")


def delete(layout: Layout, change: Delete, imports: list[str]) -> list[TextEdit]:
    """A statement taken out."""
    return [_deleted(layout, whole(layout, change.node))]


def whole(layout: Layout, node: ir.Node) -> ir.Stmt:
    """The statement that a node is, or that a call makes on its own."""
    statement = layout.statement(node)
    if node is not statement and not (isinstance(statement, ir.Expression) and statement.value is node):
        raise Unsure("it is a part of a statement that does something else as well")
    return statement


def _deleted(layout: Layout, statement: ir.Stmt) -> TextEdit:
    start, end = layout.offsets(statement)
    block = layout.block(statement)
    if layout.is_elif(statement):
        raise Unsure("an `elif` cannot be taken out")
    if len(block) == 1:
        return TextEdit(start, end, "pass")
    position = block.index(statement)
    rest = layout.rest_of_row(end)
    if layout.starts_row(start) and rest is not None:
        row = layout.row_start(start)
        return TextEdit(row, rest + 1, "") if rest < len(layout.text) else TextEdit(max(row - 1, 0), rest, "")
    if position + 1 < len(block) and rest is None:
        return TextEdit(start, layout.offsets(block[position + 1])[0], "")
    if position:
        return TextEdit(layout.offsets(block[position - 1])[1], end, "")
    raise Unsure("the statement shares its row with another one")


def move_before(layout: Layout, change: MoveBefore, imports: list[str]) -> list[TextEdit]:
    """A statement taken from its place and put before another one."""
    target = layout.statement(change.before)
    statement = _lifted(layout, whole(layout, change.node), target)
    source = _movable(layout, statement, target, layout.offsets(target)[0])
    if isinstance(statement, _COMPOUND):
        row = layout.row_start(layout.offsets(target)[0])
        return [TextEdit(row, row, source), _deleted(layout, statement)]
    return [before(layout, target, source), _deleted(layout, statement)]


def move_after(layout: Layout, change: MoveAfter, imports: list[str]) -> list[TextEdit]:
    """A statement taken from its place and put after another one."""
    target = layout.statement(change.after)
    statement = _lifted(layout, whole(layout, change.node), target)
    source = _movable(layout, statement, target, layout.offsets(target)[1])
    if isinstance(statement, _COMPOUND):
        rest = layout.rest_of_row(layout.offsets(target)[1])
        if rest is None or rest == len(layout.text):
            raise Unsure("the other statement ends the file, or shares its row")
        return [_deleted(layout, statement), TextEdit(rest + 1, rest + 1, source)]
    return [_deleted(layout, statement), after(layout, target, source)]


def _lifted(layout: Layout, statement: ir.Stmt, target: ir.Stmt) -> ir.Stmt:
    """The statement, or the condition that it alone depends on, where that stands in the block of the target or around it."""
    while not _is_around(layout, statement, target):
        outer = layout.parent(statement)
        if not isinstance(outer, ir.If | ir.With) or layout.block(statement) is not outer.body or len(outer.body) > 1:
            raise Unsure("it is done under a condition, and something else with it")
        if isinstance(outer, ir.If) and (outer.orelse or layout.is_elif(outer)):
            raise Unsure("it is done under a condition that decides other things as well")
        statement = outer
    return statement


def _is_around(layout: Layout, statement: ir.Stmt, target: ir.Stmt) -> bool:
    """Whether the block of a statement holds the target, itself or inside of one of its statements."""
    block, current = layout.block(statement), target
    while layout.block(current) is not block:
        outer = layout.parent(current)
        if outer is None:
            return False
        current = layout.statement(outer) if not isinstance(outer, ir.Stmt) else outer
    return True


def _movable(layout: Layout, statement: ir.Stmt, target: ir.Stmt, destination: int) -> str:
    """The text of a statement, if it does the same elsewhere; that of a compound one with its whole rows."""
    if isinstance(statement, ir.Unknown):
        raise Unsure("nobody knows what the statement does")
    if list(layout.scopes(statement)) != list(layout.scopes(target)):
        raise Unsure("the two places are not in the same function")
    if statement is target:
        raise Unsure("it is there already")
    start, end = layout.offsets(statement)
    check_still_bound(layout, statement, min(start, destination), max(start, destination))
    if isinstance(statement, _COMPOUND):
        rest = layout.rest_of_row(end)
        if not layout.starts_row(start) or not layout.starts_row(layout.offsets(target)[0]) or rest is None or rest == len(layout.text):
            raise Unsure("the statement shares a row with others, or ends the file")
        if layout.block(statement) is not layout.block(target):
            raise Unsure("a statement of several rows is moved within its block only")
        return layout.text[layout.row_start(start) : rest + 1]
    source = layout.source(statement)
    if "\n" in source and layout.block(statement) is not layout.block(target):
        raise Unsure("a statement of several rows is moved within its block only")
    return source


def swap(layout: Layout, one: ir.Stmt, other: ir.Stmt) -> list[TextEdit]:
    """Two simple statements of one block exchanged."""
    if layout.block(one) is not layout.block(other) or isinstance(one, _COMPOUND) or isinstance(other, _COMPOUND):
        raise Unsure("the statements are not two simple ones of the same block")
    first, second = sorted((one, other), key=lambda each: layout.offsets(each)[0])
    span = layout.offsets(first)[0], layout.offsets(second)[1]
    check_still_bound(layout, first, *span)
    check_still_bound(layout, second, *span)
    return [TextEdit(*layout.offsets(first), layout.source(second)), TextEdit(*layout.offsets(second), layout.source(first))]


def wrap(layout: Layout, change: Wrap, imports: list[str]) -> list[TextEdit]:
    """Statements of a block put under a `with`."""
    first = layout.statement(change.first)
    last = layout.statement(change.last) if change.last is not None else first
    if layout.block(first) is not layout.block(last) or layout.is_elif(first):
        raise Unsure("the statements are not of the same block")
    start, end = layout.offsets(first)[0], layout.offsets(last)[1]
    rest = layout.rest_of_row(end)
    if not layout.starts_row(start) or rest is None or start > end:
        raise Unsure("the statements share a row with others")
    row = layout.row_start(start)
    indent = layout.text[row:start]
    header = f"{indent}with {Writer(layout, first, imports).write(change.code)}:\n"
    unit = _unit(layout, indent)
    edits = [TextEdit(row, row, header + unit)]
    while row := layout.text.find("\n", row, rest) + 1:
        if row not in layout.string_rows and layout.text[row : row + 1] != "\n":
            edits.append(TextEdit(row, row, unit))
    return edits


def _unit(layout: Layout, indent: str) -> str:
    """What the file indents by, as the first indented row shows it."""
    first = re.search(r"^([ \t]+)\S", layout.text, re.MULTILINE)
    if indent.strip(" ") and not indent.strip("\t"):
        return "\t"
    if first and first[1].strip("\t") == "" and not indent:
        return "\t"
    return first[1] if first and first[1] in {"  ", "   "} else _INDENT_UNIT


def decorate(layout: Layout, change: Decorate, imports: list[str]) -> list[TextEdit]:
    """A decorator nearest to a function."""
    if not isinstance(change.node, ir.FunctionDef):
        raise Unsure("only a function is decorated")
    start = layout.file.offsets(change.node)[0]
    layout.block(change.node)
    if not layout.starts_row(start):
        raise Unsure("the function starts in the middle of a row")
    row = layout.row_start(start)
    code = Writer(layout, change.node, imports).write(change.code)
    return [TextEdit(row, row, f"{layout.text[row:start]}@{code}\n")]


def import_package(layout: Layout, package: str, place: ir.Node) -> TextEdit:
    """`import package` below the imports that the file starts with."""
    body = layout.file.body
    at = layout.offsets(place)[0]
    last: ir.Stmt | None = None
    for statement in body:
        if layout.offsets(statement)[1] > at or isinstance(statement, ir.FunctionDef | ir.ClassDef):
            break
        if isinstance(statement, ir.Import | ir.ImportFrom):
            last = statement
    if last is not None:
        return after(layout, last, f"import {package}")
    first = body[0]
    if isinstance(first, ir.Expression) and isinstance(first.value, ir.Constant) and isinstance(first.value.value, str):
        return after(layout, first, f"import {package}")
    return before(layout, first, f"import {package}")

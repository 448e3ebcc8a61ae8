"""Changes of expressions, arguments and items as edits of the text."""

import re

from trainlint.cures.changes import InsertItem, RemoveItem, Replace, SetArgument, Swap, SwapItems
from trainlint.editing import statements
from trainlint.editing.layout import Layout, Unsure
from trainlint.editing.text import TextEdit
from trainlint.editing.writing import Writer, replaced
from trainlint.source import ir

_FILLING = re.compile(r"(?:\s|\\\n|#[^\n]*(?=\n|\Z))*")
"""Space and comments between two items."""


def replace(layout: Layout, change: Replace, imports: list[str]) -> list[TextEdit]:
    """Code in the place of an expression or a statement."""
    layout.parent(change.node)
    code = Writer(layout, change.node, imports, kept=change.node).write(change.code)
    text = code if isinstance(change.node, ir.Stmt) else replaced(layout, change.node, code)
    return [TextEdit(*layout.offsets(change.node), text)]


def swap(layout: Layout, change: Swap, imports: list[str]) -> list[TextEdit]:
    """Two expressions of a statement, or two statements of a block, exchanged."""
    one, other = change.one, change.other
    if isinstance(one, ir.Stmt) or isinstance(other, ir.Stmt):
        return statements.swap(layout, layout.statement(one), layout.statement(other))
    if layout.statement(one) is not layout.statement(other):
        whole = (statements.whole(layout, one), statements.whole(layout, other))
        return statements.swap(layout, *whole)
    if not isinstance(one, ir.Expr) or not isinstance(other, ir.Expr):
        raise Unsure("these are no expressions")
    return [
        TextEdit(*layout.offsets(one), replaced(layout, one, layout.source(other))),
        TextEdit(*layout.offsets(other), replaced(layout, other, layout.source(one))),
    ]


def remove_item(layout: Layout, change: RemoveItem, imports: list[str]) -> list[TextEdit]:
    """An argument or item taken out with its comma, and with its row where it stands alone in it."""
    node, siblings = _among(layout, change.node)
    start, end = _extent(layout, node)
    position = siblings.index(node)
    parent = layout.parent(node)
    if isinstance(parent, ir.Sequence) and (parent.kind == "set" or (parent.kind == "tuple" and len(siblings) <= 2)) and len(siblings) < 3:
        raise Unsure("what is left would be another kind of display")
    comma = _comma(layout, end)
    if comma is None:
        if not position:
            return [TextEdit(start, end, "")]
        previous = _extent(layout, siblings[position - 1])[1]
        alone = layout.starts_row(start) and layout.rest_of_row(end) is not None
        if alone:  # the item before keeps its comma and its comment
            rest = layout.rest_of_row(end)
            assert rest is not None
            return [TextEdit(layout.row_start(start), rest + 1, "")]
        return [TextEdit(previous, end, "")]
    rest = layout.rest_of_row(comma)
    if layout.starts_row(start) and rest is not None:
        return [TextEdit(layout.row_start(start), rest + 1, "")]
    if position + 1 < len(siblings):
        return [TextEdit(start, _extent(layout, siblings[position + 1])[0], "")]
    if position:
        return [TextEdit(_extent(layout, siblings[position - 1])[1], end, "")]
    return [TextEdit(start, comma, "")]


def swap_items(layout: Layout, change: SwapItems, imports: list[str]) -> list[TextEdit]:
    """Two items exchanged; each in a row of its own takes its comment along."""
    (one, siblings), (other, _) = _among(layout, change.one), _among(layout, change.other)
    if other not in siblings:
        raise Unsure("the two are not items of the same list")
    extents = [_extent(layout, one), _extent(layout, other)]
    edits = [
        TextEdit(*extents[0], layout.text[slice(*extents[1])]),
        TextEdit(*extents[1], layout.text[slice(*extents[0])]),
    ]
    comments = [_comment(layout, extent) for extent in extents]
    if any(comments) and all(comment is not None for comment in comments):
        (first, second) = comments
        assert first is not None
        assert second is not None
        edits += [TextEdit(*first, layout.text[slice(*second)]), TextEdit(*second, layout.text[slice(*first)])]
    return edits


def _comment(layout: Layout, extent: tuple[int, int]) -> tuple[int, int] | None:
    """What follows an item and its comma in its row, if both have a row of their own."""
    comma = _comma(layout, extent[1])
    if comma is None or not layout.starts_row(extent[0]):
        return None
    rest = layout.rest_of_row(comma)
    return None if rest is None else (comma, rest)


def insert_item(layout: Layout, change: InsertItem, imports: list[str]) -> list[TextEdit]:
    """An item put before or after another one, in a row of its own where that one has one."""
    node, siblings = _among(layout, change.node)
    start, end = _extent(layout, node)
    code = Writer(layout, node, imports, after=change.after).write(change.code)
    parent = layout.parent(node)
    if isinstance(parent, ir.Sequence) and parent.kind == "tuple" and len(siblings) == 1:
        raise Unsure("a tuple of one item is left alone")
    own_row = layout.starts_row(start)
    indent = layout.text[layout.row_start(start) : start]
    if not change.after:
        return [TextEdit(start, start, f"{code},\n{indent}" if own_row else f"{code}, ")]
    comma = _comma(layout, end)
    if comma is None:
        return [TextEdit(end, end, f",\n{indent}{code}" if own_row else f", {code}")]
    rest = layout.rest_of_row(comma)
    if own_row and rest is not None:
        return [TextEdit(rest, rest, f"\n{indent}{code},")]
    return [TextEdit(comma, comma, f" {code},")]


def set_argument(layout: Layout, change: SetArgument, imports: list[str]) -> list[TextEdit]:
    """A keyword argument of a call, replaced or added."""
    call = change.call
    if not isinstance(call, ir.Call):
        raise Unsure("this is no call")
    layout.parent(call)
    if any(argument.star for argument in call.arguments):
        raise Unsure("arguments are given with `*`, so that it may be among them")
    positional = [argument for argument in call.arguments if argument.keyword is None]
    given = next((argument for argument in call.arguments if argument.keyword == change.keyword), None)
    if given is None and change.position is not None and change.position < len(positional):
        given = positional[change.position]
    writer = Writer(layout, call, imports, kept=call)
    code = writer.write(change.code)
    if given is not None:
        return [TextEdit(*layout.offsets(given.value), code)]
    text = f"{change.keyword}={code}"
    end = layout.offsets(call)[1]
    if not call.arguments:
        return [TextEdit(end - 1, end - 1, text)]
    last = call.arguments[-1]
    if isinstance(last.value, ir.Comprehension) and last.value.kind == "generator" and len(call.arguments) == 1:
        raise Unsure("the call has a generator for its only argument")
    start, stop = _extent(layout, last)
    comma = _comma(layout, stop)
    indent = layout.text[layout.row_start(start) : start]
    if layout.starts_row(start) and len(call.arguments) > 1:
        if comma is None:
            return [TextEdit(stop, stop, f",\n{indent}{text}")]
        rest = layout.rest_of_row(comma)
        return [TextEdit(comma, comma, f" {text},")] if rest is None else [TextEdit(rest, rest, f"\n{indent}{text},")]
    return [TextEdit(stop, stop, f", {text}")]


def _among(layout: Layout, node: ir.Argument | ir.Expr) -> tuple[ir.Node, tuple[ir.Node, ...]]:
    """The argument or item, and those that it stands among."""
    parent = layout.parent(node)
    if isinstance(parent, ir.Argument):
        node, parent = parent, layout.parent(parent)
    siblings: tuple[ir.Node, ...] = ()
    if isinstance(parent, ir.Call):
        siblings = parent.arguments
    elif isinstance(parent, ir.Sequence):
        siblings = parent.items
    if node not in siblings:
        raise Unsure("it is neither an argument nor an item")
    return node, siblings


def _extent(layout: Layout, node: ir.Node) -> tuple[int, int]:
    """Where an item starts and ends, the parentheses around it included."""
    start, end = layout.offsets(node)
    parent = layout.parent(node)
    assert parent is not None
    outer_start, outer_end = layout.offsets(parent)
    if isinstance(node, ir.Argument):
        return start, end
    while True:
        left, right = layout.text[outer_start:start].rstrip(), _FILLING.match(layout.text, end)
        assert right is not None
        opening, closing = outer_start + len(left) - 1, right.end()
        if not left.endswith("(") or layout.text[closing : closing + 1] != ")" or opening <= outer_start or closing + 1 >= outer_end:
            return start, end
        start, end = opening, closing + 1


def _comma(layout: Layout, end: int) -> int | None:
    """The offset after the comma that follows an item."""
    filling = _FILLING.match(layout.text, end)
    assert filling is not None
    return filling.end() + 1 if layout.text[filling.end() : filling.end() + 1] == "," else None

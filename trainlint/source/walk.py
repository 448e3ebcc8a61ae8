"""Walking the typed form without knowing its node classes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import Field, fields
from functools import wraps
from typing import Literal, TypeVar, get_origin

from trainlint.source import ir

N = TypeVar("N", bound=ir.Node)
R = TypeVar("R")

_PLAIN = (str, str | None, int, bool, object)
"""The types of the fields that never hold a node; `object` is that of a literal."""


class _Fields(dict[type, tuple[str, ...]]):
    """By class, the fields that may hold nodes."""

    def __missing__(self, cls: type) -> tuple[str, ...]:
        self[cls] = tuple(field.name for field in fields(cls) if _may_hold_nodes(field))
        return self[cls]


_FIELDS = _Fields()


def _may_hold_nodes(field: "Field[object]") -> bool:
    is_text = field.type in _PLAIN or get_origin(field.type) is Literal
    return not is_text and field.name not in {"chunk", "cst", "name_node"} and not field.name.startswith("_")


def children(node: object) -> list[ir.Node]:
    """The nodes directly inside a node, in order of the text."""
    found: list[ir.Node] = []
    _add_children(node, found)
    return found


def _add_children(node: object, found: list[ir.Node]) -> None:
    for name in _FIELDS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, ir.Node):
            found.append(value)
        elif value:
            _gather(value, found)


def _gather(value: object, found: list[ir.Node]) -> None:
    if isinstance(value, ir.Node):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            _gather(item, found)
    elif isinstance(value, ir.Parameters):
        found.extend(value)


def descendants(nodes: tuple[ir.Node, ...]) -> Iterator[ir.Node]:
    """All nodes inside the given ones, and these themselves: each before what is in it, and the text from its end on.

    Those of a statement are listed once, and kept with its chunk: the same functions are looked through for many reasons, and after
    every keystroke.
    """
    for node in reversed(nodes):
        yield from _listed(node)


def contains(node: ir.Node, place: ir.Node) -> bool:
    """Whether a place is in a node, or is that node."""
    if isinstance(node, ir.Stmt) and node.chunk.is_header:
        return node is place or any(contains(child, place) for child in children(node))
    return node.chunk is place.chunk and place in _listed(node)


def _listed(node: ir.Node) -> Iterable[ir.Node]:
    if not isinstance(node, ir.Stmt):
        return _below(node)
    if node.chunk.is_header:
        return _of_parts(node)
    return _all_below(node)


def _of_parts(node: ir.Node) -> Iterator[ir.Node]:
    """Those of a statement that stands in several chunks: it is another one after each edit, its parts are not."""
    yield node
    for child in reversed(children(node)):
        yield from _listed(child)


def kept(function: Callable[[N], R]) -> Callable[[N], R]:
    """Remembers what a function finds in a node and what is inside of it, for as long as none of that is edited."""

    @wraps(function)
    def recalled(node: N) -> R:
        known, question = node.chunk.known, (function, node)
        if question not in known:
            known[question] = function(node)
        answer: R = known[question]
        return answer

    return recalled


@kept
def _all_below(node: ir.Node) -> tuple[ir.Node, ...]:
    return tuple(_below(node))


def _below(node: ir.Node) -> Iterator[ir.Node]:
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        if _FIELDS[type(node)]:
            _add_children(node, stack)

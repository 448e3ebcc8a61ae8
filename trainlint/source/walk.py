"""Walking the typed form without knowing its node classes."""

from collections.abc import Iterable, Iterator
from dataclasses import fields

from trainlint.source import ir

_FIELDS: dict[type, tuple[str, ...]] = {}


def children(node: object) -> Iterator[ir.Node]:
    """The nodes directly inside a node, in order of the text."""
    cls = type(node)
    names = _FIELDS.get(cls)
    if names is None:
        names = tuple(f.name for f in fields(node) if f.name not in {"chunk", "cst", "name_node"} and not f.name.startswith("_"))  # type: ignore[arg-type]
        _FIELDS[cls] = names
    for name in names:
        yield from _nodes(getattr(node, name))


def _nodes(value: object) -> Iterator[ir.Node]:
    if isinstance(value, ir.Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)
    elif isinstance(value, ir.Parameters):
        yield from value


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
    known = node.chunk.listed.get(node)
    if known is None:
        known = node.chunk.listed[node] = tuple(_below(node))
    return known


def _of_parts(node: ir.Node) -> Iterator[ir.Node]:
    """Those of a statement that stands in several chunks: it is another one after each edit, its parts are not."""
    yield node
    for child in reversed(list(children(node))):
        yield from _listed(child)


def _below(node: ir.Node) -> Iterator[ir.Node]:
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(children(node))

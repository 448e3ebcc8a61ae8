"""Walking the typed form without knowing its node classes."""

from collections.abc import Iterator
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
    """All nodes inside the given ones, and these themselves, in no particular order."""
    stack: list[ir.Node] = list(nodes)
    while stack:
        node = stack.pop()
        yield node
        stack.extend(children(node))

"""How a file names something: the libraries that it imports, and whether an expression means the same in another place."""

from trainlint.bindings.scopes import Binding
from trainlint.bindings.usage import path_of
from trainlint.editing.layout import Layout, Unsure
from trainlint.source import ir
from trainlint.source.walk import descendants


def name_at_hand(layout: Layout, name: str, place: ir.Node) -> str | None:
    """How the code at a place writes something of a library, by what is imported there; the shortest way, None where there is none."""
    shadowed: set[str] = set()
    at = layout.offsets(place)[0]
    found: list[str] = []
    for depth, scope in enumerate(layout.scopes(place)):
        for bound, bindings in layout.bindings(scope).items():
            if bound in shadowed or "." in bound:
                continue
            full = _meaning(bindings)
            ready = depth > 0 or any(layout.offsets(binding.node)[0] < at for binding in bindings)
            if full is not None and ready and (name == full or name.startswith(full + ".")):
                found.append(bound + name[len(full) :])
        shadowed.update(layout.bindings(scope))
    return min(found, key=len, default=None)


def _meaning(bindings: tuple[Binding, ...]) -> str | None:
    """What a name is an import of, whichever of its bindings holds."""
    meanings = {binding.imported for binding in bindings}
    certain = any(binding.certain for binding in bindings)
    return meanings.pop() if len(meanings) == 1 and certain else None


def is_free(layout: Layout, name: str, place: ir.Node) -> bool:
    """Whether nothing around a place, nor the module, binds a name."""
    return all(name not in layout.bindings(scope) for scope in layout.scopes(place))


def check_same_meaning(layout: Layout, expression: ir.Expr, place: ir.Node, *, after: bool = False) -> None:
    """Raises `Unsure` unless a variable, or an attribute of one, is the same thing at another place (or right after it)."""
    path = path_of(expression)
    if path is None or "[]" in path:
        raise Unsure(f"`{layout.source(expression)}` is no variable, so that it may be another thing elsewhere")
    here, there = list(layout.scopes(expression)), list(layout.scopes(place))
    own = next((scope for scope in here if _root(path) in layout.bindings(scope)), None)
    if here != there and (own not in there or any(_root(path) in layout.bindings(scope) for scope in there[: there.index(own)])):
        raise Unsure(f"`{path}` is not known at the other place")
    used, put = layout.offsets(expression)[0], layout.offsets(place)[1 if after else 0]
    first, last = min(used, put), max(used, put)
    for scope in dict.fromkeys((*here, *there)):
        for bound, bindings in layout.bindings(scope).items():
            if path == bound or path.startswith(bound + "."):
                for binding in bindings:
                    start, _ = layout.offsets(binding.node)
                    if first <= start < last or (binding.node is place and not after):
                        raise Unsure(f"`{path}` is bound in between")


def check_still_bound(layout: Layout, statement: ir.Stmt, first: int, last: int) -> None:
    """Raises `Unsure` if something that a statement reads is bound between two offsets."""
    own = layout.offsets(statement)
    read = {path for node in descendants((statement,)) if isinstance(node, ir.Name | ir.Attribute) and (path := path_of(node)) is not None}
    for scope in layout.scopes(statement):
        for bound, bindings in layout.bindings(scope).items():
            if bound in read:
                for binding in bindings:
                    start = layout.offsets(binding.node)[0]
                    if first <= start < last and not own[0] <= start < own[1]:
                        raise Unsure(f"`{bound}` is bound in between")


def _root(path: str) -> str:
    return path.partition(".")[0]

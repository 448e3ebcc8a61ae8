"""How code uses what it was given: the role of a parameter or attribute that nothing in sight constructs.

A function that no one calls still tells what its parameters are: what is stepped and cleared is an optimizer, what is switched
to evaluation is a network. Names play no part.
"""

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum

from trainlint.source import ir
from trainlint.source.walk import descendants, kept

Table = dict[str, set[str]]
"""Path of a value, such as `self.optimizer`, to what is done with it: attributes read, "()" for a call, "[]" for an index."""


class UsedAs(Enum):
    """What the use of a value shows it to be."""

    NETWORK = "network"
    OPTIMIZER = "optimizer"
    SCHEDULER = "scheduler"
    SCALER = "scaler"


@dataclass(frozen=True, slots=True)
class Uses:
    """The uses of the value at `path`, within the code that `table` was read from."""

    table: Table
    path: str

    @property
    def attributes(self) -> set[str]:
        """What is done with the value."""
        return self.table.get(self.path, _NO_USES)

    def member(self, name: str) -> "Uses":
        """The uses of an attribute of the value, or of an item of it for "[]"."""
        return Uses(self.table, f"{self.path}.{name}")

    @property
    def role(self) -> UsedAs | None:
        """What the value is, if its uses show it."""
        uses = self.attributes
        if not uses:
            return None
        if uses & {"unscale_"} or ("scale" in uses and uses & {"update", "step"}):
            return UsedAs.SCALER
        if "step" in uses and uses & {"zero_grad", "param_groups"}:
            return UsedAs.OPTIMIZER
        if "step" in uses and uses & {"get_last_lr", "get_lr"}:
            return UsedAs.SCHEDULER
        if uses & _ONLY_NETWORKS or ("()" in uses and uses & {"train", "zero_grad"}):
            return UsedAs.NETWORK
        return None


_NO_USES: set[str] = set()
_ONLY_NETWORKS = {"eval", "parameters", "named_parameters", "named_modules", "forward", "requires_grad_", "children", "modules"}
NO_USES = Uses({}, "")


def read_uses(body: ir.Block, root: str | None = None, rename: str = "self") -> Table:
    """The uses of every path in the code; the name `root` (a method's first parameter) is written as `rename`."""
    table: defaultdict[str, set[str]] = defaultdict(set)
    aliases: dict[str, str] = {}
    for node in descendants(body):
        if isinstance(node, ir.Attribute):
            if (path := _use_of(node.value)) is not None:
                table[path].add(node.attr)
        elif isinstance(node, ir.Call):
            if (path := _use_of(node.function)) is not None:
                table[path].add("()")
        elif isinstance(node, ir.Subscript):
            if (path := _use_of(node.value)) is not None:
                table[path].add("[]")
        elif isinstance(node, ir.Assign):
            for target in node.targets:
                if isinstance(target, ir.Name) and (path := _use_of(node.value)) is not None:
                    aliases[target.id] = path
        elif isinstance(node, ir.For) and isinstance(node.target, ir.Name) and (path := _use_of(node.iterable)) is not None:
            aliases[node.target.id] = f"{path}.[]"
    return _resolve(table, aliases, root, rename)


@kept
def uses_in(definition: ir.FunctionDef) -> Table:
    """How a function uses its parameters and variables."""
    return read_uses(definition.body)


@kept
def uses_in_method(definition: ir.FunctionDef) -> Table:
    """The same, where the first parameter is written as `self`."""
    return read_uses(definition.body, definition.parameters.positional[0].name)


def _resolve(table: Table, aliases: dict[str, str], root: str | None, rename: str) -> Table:
    resolved: Table = defaultdict(set)
    for path, uses in table.items():
        name, dot, rest = path.partition(".")
        resolved[(rename if name == root else name) + dot + rest] |= uses
        for _ in range(4):
            if name not in aliases:
                break
            name, dot, rest = (aliases[name] + dot + rest).partition(".")
            resolved[(rename if name == root else name) + dot + rest] |= uses
    return dict(resolved)


@kept
def stored_parameters(definition: ir.FunctionDef) -> dict[str, str]:
    """Parameters that a method keeps as attributes, as in `self.model = model.to(device)`, with the attribute's path."""
    names = {parameter.name for parameter in definition.parameters}
    receiver = definition.parameters.positional[0].name if definition.parameters.positional else None
    stored: dict[str, str] = {}
    for node in descendants(definition.body):
        if isinstance(node, ir.Assign):
            value: ir.Expr = node.value
            while isinstance(value, ir.Call) and isinstance(value.function, ir.Attribute):
                value = value.function.value
            if isinstance(value, ir.Name) and value.id in names:
                for target in node.targets:
                    if isinstance(target, ir.Attribute) and isinstance(target.value, ir.Name) and target.value.id == receiver:
                        stored[value.id] = f"self.{target.attr}"
    return stored


def with_uses_as(table: Table, name: str, other: Table, path: str) -> Table:
    """The uses of `name`, together with those that the value has under `path` in other code."""
    merged = dict(table)
    for used, uses in other.items():
        if used == path or used.startswith(path + "."):
            renamed = name + used[len(path) :]
            merged[renamed] = merged.get(renamed, set()) | uses
    return merged


def path_of(node: ir.Expr) -> str | None:
    """`a.b[i].c` as "a.b.[].c"; None where it does not start at a name, or calls something."""
    path = _use_of(node)
    return None if path is None or "()" in path else path


def _use_of(node: ir.Expr) -> str | None:
    """As `path_of`, with what calls give: `a.b(i).c` is "a.b.().c"."""
    if isinstance(node, ir.Name):
        return node.id
    if isinstance(node, ir.Attribute):
        inner, step = node.value, node.attr
    elif isinstance(node, ir.Subscript):
        inner, step = node.value, "[]"
    elif isinstance(node, ir.Call):
        inner, step = node.function, "()"
    else:
        return None
    path = _use_of(inner)
    return None if path is None else f"{path}.{step}"

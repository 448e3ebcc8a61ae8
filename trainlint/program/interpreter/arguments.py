"""The arguments of one call."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from trainlint.program.values import NONE, Deps, Value
from trainlint.source import ir


@dataclass(slots=True, eq=False)
class Arguments:
    """Evaluated arguments and their places; `open` where `*` or `**` may have added others that are not known."""

    positional: tuple[Value, ...] = ()
    keywords: dict[str, Value] = field(default_factory=dict)
    nodes: tuple[ir.Expr, ...] = ()
    keyword_nodes: dict[str, ir.Expr] = field(default_factory=dict)
    open: bool = False

    def get(self, name: str, parameters: tuple[str, ...]) -> Value | None:
        """The argument for a parameter of a library callable, if it is given."""
        if name in self.keywords:
            return self.keywords[name]
        index = _index(name, parameters)
        return self.positional[index] if index is not None and index < len(self.positional) else None

    def place(self, name: str, parameters: tuple[str, ...]) -> ir.Expr | None:
        """Where that argument stands."""
        if name in self.keyword_nodes:
            return self.keyword_nodes[name]
        index = _index(name, parameters)
        return self.nodes[index] if index is not None and index < len(self.nodes) else None

    def bind(self, parameters: tuple[str, ...]) -> dict[str, Value]:
        """Every given argument by its parameter's name."""
        names = [name.lstrip("*") for name in parameters]
        return {**dict(zip(names, self.positional, strict=False)), **self.keywords}

    def values(self) -> Iterator[Value]:
        """All arguments."""
        yield from self.positional
        yield from self.keywords.values()

    @property
    def deps(self) -> Deps:
        """What any argument was computed from."""
        deps = NONE
        for value in self.positional:
            if more := value.deps:
                deps = deps | more if deps else more
        for value in self.keywords.values():
            if more := value.deps:
                deps = deps | more if deps else more
        return deps

    def prepend(self, value: Value, node: ir.Expr) -> "Arguments":
        """The same arguments after one more."""
        return Arguments((value, *self.positional), self.keywords, (node, *self.nodes), self.keyword_nodes, self.open)


def _index(name: str, parameters: tuple[str, ...]) -> int | None:
    for index, parameter in enumerate(parameters):
        if parameter.lstrip("*") == name:
            return index
    return None

"""Which names a file binds, scope by scope, as Python would see it without running anything."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from trainlint.bindings.usage import path_of
from trainlint.source import ir
from trainlint.source.walk import children

Scope: TypeAlias = ir.FunctionDef | ir.Lambda | ir.ClassDef | ir.Comprehension | None
"""What binds names of its own; None is the module."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A place that gives a name, or an attribute path such as `self.model`, a meaning."""

    node: ir.Node
    imported: str | None = None
    """For an import, the full name of what is imported."""
    certain: bool = True
    """Whether it happens whenever its scope runs up to there: it stands in no branch."""


Bindings: TypeAlias = Mapping[str, tuple[Binding, ...]]


def bindings_of(scope: Scope, module: ir.Block) -> Bindings:
    """The names and attribute paths that the code of one scope binds, those of the scopes inside it left out."""
    found: defaultdict[str, list[Binding]] = defaultdict(list)
    if isinstance(scope, ir.Comprehension):
        for generator in scope.generators:
            _bind(found, generator.target, generator)
    elif isinstance(scope, ir.FunctionDef | ir.Lambda):
        for parameter in scope.parameters:
            found[parameter.name].append(Binding(parameter))
        for star in (scope.parameters.star, scope.parameters.double_star):
            if star is not None:
                found[star].append(Binding(scope))
    body = module if scope is None else scope.body if isinstance(scope, ir.FunctionDef | ir.ClassDef) else ()
    for node, certain in _own_nodes(body, certain=True):
        _collect(found, node, certain=certain)
    return {name: tuple(bindings) for name, bindings in found.items()}


def _own_nodes(nodes: tuple[ir.Node, ...], *, certain: bool) -> Iterator[tuple[ir.Node, bool]]:
    """What a scope executes itself, and whether it certainly does."""
    for node in nodes:
        yield node, certain
        if isinstance(node, ir.FunctionDef):
            inner: tuple[ir.Node, ...] = (*node.decorators, *(each.default for each in node.parameters if each.default is not None))
        elif isinstance(node, ir.ClassDef):
            inner = (*node.decorators, *node.bases)
        elif isinstance(node, ir.Lambda | ir.Comprehension):
            inner = ()
        else:
            inner = tuple(children(node))
        branching = isinstance(node, ir.If | ir.For | ir.While | ir.Try | ir.Match)
        yield from _own_nodes(inner, certain=certain and not branching)


def _collect(found: "defaultdict[str, list[Binding]]", node: ir.Node, *, certain: bool) -> None:
    if isinstance(node, ir.Assign):
        for target in node.targets:
            _bind(found, target, node)
    elif isinstance(node, ir.AnnotatedName | ir.AugmentedAssign | ir.For | ir.NamedExpression):
        _bind(found, node.target, node)
    elif isinstance(node, ir.Delete):
        for target in node.targets:
            _bind(found, target, node)
    elif isinstance(node, ir.With):
        for _, optional in node.items:
            if optional is not None:
                _bind(found, optional, node)
    elif isinstance(node, ir.Import):
        for name, alias in node.names:
            bound = alias or name.partition(".")[0]
            found[bound].append(Binding(node, name if alias else bound, certain))
    elif isinstance(node, ir.ImportFrom):
        prefix = "." * node.level + node.module
        for name, alias in node.names or ():
            found[alias or name].append(Binding(node, f"{prefix}.{name}", certain))
    elif isinstance(node, ir.FunctionDef | ir.ClassDef):
        found[node.name].append(Binding(node))
    elif isinstance(node, ir.Handler):
        if node.name is not None:
            found[node.name].append(Binding(node))
    elif isinstance(node, ir.Match):
        for names, _ in node.cases:
            for name in names:
                found[name].append(Binding(node))
    elif isinstance(node, ir.Scoped):
        for name in node.names:
            found[name].append(Binding(node))


def _bind(found: "defaultdict[str, list[Binding]]", target: ir.Expr, node: ir.Node) -> None:
    if isinstance(target, ir.Sequence):
        for item in target.items:
            _bind(found, item, node)
    elif isinstance(target, ir.Starred):
        _bind(found, target.value, node)
    elif (path := path_of(target)) is not None:
        found[path].append(Binding(node))

"""Which names a function binds itself, as Python's compiler would decide it."""

from collections.abc import Iterator

from trainlint.source import ir


def local_names(function: ir.FunctionDef | ir.Lambda) -> frozenset[str]:
    """The names that are local to a function: its parameters and whatever its body assigns, imports, defines or deletes.

    Names declared `global` or `nonlocal` are not, nor is anything bound in a function, class or comprehension inside.
    """
    if isinstance(function, ir.Lambda):
        return frozenset(_parameter_names(function.parameters)) | frozenset(_walrus_names(function.body))
    if function._local_names is None:  # noqa: SLF001 - the place kept for them
        names = set(_parameter_names(function.parameters))
        foreign: set[str] = set()
        _collect(function.body, names, foreign)
        function._local_names = frozenset(names - foreign)  # noqa: SLF001
    return function._local_names  # noqa: SLF001


def _parameter_names(parameters: ir.Parameters) -> Iterator[str]:
    for parameter in (*parameters.positional, *parameters.keyword_only):
        yield parameter.name
    if parameters.star is not None:
        yield parameters.star
    if parameters.double_star is not None:
        yield parameters.double_star


def _collect(block: ir.Block, names: set[str], foreign: set[str]) -> None:
    """Adds the names that a block binds to `names`, and those that it declares to be another scope's to `foreign`."""
    for statement in block:
        if ":=" in statement.chunk.text:
            names.update(_walrus_names(statement))
        match statement:
            case ir.Assign(targets=targets) | ir.Delete(targets=targets):
                for target in targets:
                    names.update(_target_names(target))
            case ir.AnnotatedName(target=target) | ir.AugmentedAssign(target=target):
                names.update(_target_names(target))
            case ir.For(target=target, body=body, orelse=orelse):
                names.update(_target_names(target))
                _collect(body, names, foreign)
                _collect(orelse, names, foreign)
            case ir.If(body=body, orelse=orelse) | ir.While(body=body, orelse=orelse):
                _collect(body, names, foreign)
                _collect(orelse, names, foreign)
            case ir.With(items=items, body=body):
                for _, bound in items:
                    if bound is not None:
                        names.update(_target_names(bound))
                _collect(body, names, foreign)
            case ir.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
                names.update(handler.name for handler in handlers if handler.name is not None)
                for part in (body, *(handler.body for handler in handlers), orelse, finalbody):
                    _collect(part, names, foreign)
            case ir.Match(cases=cases):
                for bound_names, body in cases:
                    names.update(bound_names)
                    _collect(body, names, foreign)
            case ir.FunctionDef(name=name) | ir.ClassDef(name=name):
                names.add(name)
            case ir.Import(names=imported):
                names.update(alias or dotted.partition(".")[0] for dotted, alias in imported)
            case ir.ImportFrom(names=imported_names):
                names.update(alias or name for name, alias in imported_names or ())
            case ir.Scoped(names=declared):
                foreign.update(declared)


def _target_names(target: ir.Expr) -> Iterator[str]:
    """The names that assigning to a target binds; attributes and items bind none."""
    if isinstance(target, ir.Name):
        yield target.id
    elif isinstance(target, ir.Starred):
        yield from _target_names(target.value)
    elif isinstance(target, ir.Sequence):
        for item in target.items:
            yield from _target_names(item)


def _walrus_names(node: object) -> Iterator[str]:
    """The names that `:=` binds in the scope of a node: comprehensions share it, functions, classes and statements inside do not count."""
    match node:
        case ir.NamedExpression():
            yield node.target.id
            yield from _walrus_names(node.value)
        case ir.Lambda(parameters=parameters):
            yield from _walrus_names((parameters.positional, parameters.keyword_only))
        case ir.FunctionDef():
            yield from _walrus_names((node.decorators, node.parameters.positional, node.parameters.keyword_only))
        case ir.ClassDef():
            yield from _walrus_names((node.decorators, node.bases, node.keywords))
        case ir.Node():
            for kind in type(node).__mro__:
                for field in getattr(kind, "__slots__", ()):
                    if field not in ("chunk", "cst"):
                        yield from _walrus_names(getattr(node, field))
        case tuple():
            for item in node:
                if not isinstance(item, ir.Stmt | ir.Handler):
                    yield from _walrus_names(item)

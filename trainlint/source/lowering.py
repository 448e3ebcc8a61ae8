"""Lowers LibCST statements to those of `ir`, by the class of the node and over its semantic fields alone."""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import libcst as cst

from trainlint.source import ir
from trainlint.source.chunks import Chunk
from trainlint.source.expressions import Unmodelled, lower_arguments, lower_expression, lower_parameters

PLACEHOLDER = "_unreadable_"
"""The name that stands in a mended text for what could not be read: as a statement, a test, a pattern or a decorator."""

_Lowering: TypeAlias = Callable[[Any, Chunk], ir.Stmt | None]


def lower(statements: Iterable[cst.CSTNode], chunk: Chunk) -> ir.Block:
    """The statements of a chunk; what `ir` does not model is `ir.Unknown`, and `pass` is nothing at all."""
    block: list[ir.Stmt] = []
    for statement in statements:
        if type(statement) is cst.SimpleStatementLine:
            for small in statement.body:
                _lower_into(block, small, chunk)
        else:
            _lower_into(block, statement, chunk)
    return tuple(block)


def _lower_into(block: list[ir.Stmt], node: cst.CSTNode, chunk: Chunk) -> None:
    lowering = _LOWERINGS.get(type(node))
    try:
        lowered = lowering(node, chunk) if lowering else ir.Unknown(chunk, node)
    except (Unmodelled, RecursionError):
        lowered = ir.Unknown(chunk, node)
    if lowered is not None:
        block.append(lowered)


def _suite(node: cst.BaseSuite, chunk: Chunk) -> ir.Block:
    return lower(node.body, chunk)


def _suite_after(header: cst.CSTNode | None, node: cst.BaseSuite, chunk: Chunk) -> ir.Block:
    """A suite; it starts with the unknown where its header could not be read."""
    body = lower(node.body, chunk)
    return (ir.Unknown(chunk, header), *body) if header is not None and _is_placeholder(header) else body


def _is_placeholder(node: cst.CSTNode) -> bool:
    return type(node) is cst.Name and node.value == PLACEHOLDER


def _expression(node: cst.Expr, chunk: Chunk) -> ir.Stmt:
    if _is_placeholder(node.value):
        return ir.Unknown(chunk, node)
    return ir.Expression(chunk, node, lower_expression(node.value, chunk))


def _assign(node: cst.Assign, chunk: Chunk) -> ir.Stmt:
    targets = tuple([lower_expression(target.target, chunk) for target in node.targets])
    return ir.Assign(chunk, node, targets, lower_expression(node.value, chunk))


def _annotated_name(node: cst.AnnAssign, chunk: Chunk) -> ir.Stmt:
    target, annotation = lower_expression(node.target, chunk), lower_expression(node.annotation.annotation, chunk)
    return ir.AnnotatedName(chunk, node, target, annotation, _optional(node.value, chunk))


def _augmented_assign(node: cst.AugAssign, chunk: Chunk) -> ir.Stmt:
    target, value = lower_expression(node.target, chunk), lower_expression(node.value, chunk)
    return ir.AugmentedAssign(chunk, node, target, _AUGMENTED_OPERATORS[type(node.operator)], value)


_AUGMENTED_OPERATORS: dict[type, str] = {
    cst.AddAssign: "+",
    cst.SubtractAssign: "-",
    cst.MultiplyAssign: "*",
    cst.MatrixMultiplyAssign: "@",
    cst.DivideAssign: "/",
    cst.FloorDivideAssign: "//",
    cst.ModuloAssign: "%",
    cst.PowerAssign: "**",
    cst.LeftShiftAssign: "<<",
    cst.RightShiftAssign: ">>",
    cst.BitAndAssign: "&",
    cst.BitOrAssign: "|",
    cst.BitXorAssign: "^",
}


def _type_alias(node: cst.TypeAlias, chunk: Chunk) -> ir.Stmt:
    return ir.Assign(chunk, node, (lower_expression(node.name, chunk),), lower_expression(node.value, chunk))


def _optional(node: cst.BaseExpression | None, chunk: Chunk) -> ir.Expr | None:
    return None if node is None else lower_expression(node, chunk)


def _delete(node: cst.Del, chunk: Chunk) -> ir.Stmt:
    target = lower_expression(node.target, chunk)
    return ir.Delete(chunk, node, target.items if isinstance(target, ir.Sequence) else (target,))


def _return(node: cst.Return, chunk: Chunk) -> ir.Stmt:
    return ir.Return(chunk, node, _optional(node.value, chunk))


def _raise(node: cst.Raise, chunk: Chunk) -> ir.Stmt:
    return ir.Raise(chunk, node, _optional(node.exc, chunk))


def _assert(node: cst.Assert, chunk: Chunk) -> ir.Stmt:
    return ir.Assert(chunk, node, lower_expression(node.test, chunk))


def _break(node: cst.Break, chunk: Chunk) -> ir.Stmt:
    return ir.Break(chunk, node)


def _continue(node: cst.Continue, chunk: Chunk) -> ir.Stmt:
    return ir.Continue(chunk, node)


def _pass(node: cst.Pass, chunk: Chunk) -> None:
    return None


def _global(node: cst.Global, chunk: Chunk) -> ir.Stmt:
    return ir.Scoped(chunk, node, "global", tuple([item.name.value for item in node.names]))


def _nonlocal(node: cst.Nonlocal, chunk: Chunk) -> ir.Stmt:
    return ir.Scoped(chunk, node, "nonlocal", tuple([item.name.value for item in node.names]))


def _import(node: cst.Import, chunk: Chunk) -> ir.Stmt:
    return ir.Import(chunk, node, _aliases(node.names))


def _import_from(node: cst.ImportFrom, chunk: Chunk) -> ir.Stmt:
    module = "" if node.module is None else _dotted(node.module)
    names = None if isinstance(node.names, cst.ImportStar) else _aliases(node.names)
    return ir.ImportFrom(chunk, node, module, len(node.relative), names)


def _aliases(nodes: Iterable[cst.ImportAlias]) -> tuple[tuple[str, str | None], ...]:
    return tuple([(_dotted(node.name), _bound_name(node.asname)) for node in nodes])


def _dotted(node: cst.BaseExpression) -> str:
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    assert isinstance(node, cst.Name)
    return ".".join([node.value, *reversed(parts)])


def _bound_name(node: cst.AsName | None) -> str | None:
    return node.name.value if node is not None and isinstance(node.name, cst.Name) else None


def _if(node: cst.If, chunk: Chunk) -> ir.Stmt:
    test, body = lower_expression(node.test, chunk), _suite_after(node.test, node.body, chunk)
    orelse: ir.Block = ()
    if node.orelse is not None:
        orelse = (_if(node.orelse, chunk),) if type(node.orelse) is cst.If else _suite(node.orelse.body, chunk)
    return ir.If(chunk, node, test, body, orelse)


def _for(node: cst.For, chunk: Chunk) -> ir.Stmt:
    target, iterable = lower_expression(node.target, chunk), lower_expression(node.iter, chunk)
    return ir.For(chunk, node, target, iterable, _suite(node.body, chunk), _orelse(node.orelse, chunk))


def _while(node: cst.While, chunk: Chunk) -> ir.Stmt:
    test = lower_expression(node.test, chunk)
    return ir.While(chunk, node, test, _suite(node.body, chunk), _orelse(node.orelse, chunk))


def _orelse(node: cst.Else | None, chunk: Chunk) -> ir.Block:
    return () if node is None else _suite(node.body, chunk)


def _with(node: cst.With, chunk: Chunk) -> ir.Stmt:
    items = tuple(
        [
            (lower_expression(item.item, chunk), None if item.asname is None else lower_expression(item.asname.name, chunk))
            for item in node.items
        ]
    )
    return ir.With(chunk, node, items, _suite(node.body, chunk))


def _try(node: cst.Try | cst.TryStar, chunk: Chunk) -> ir.Stmt:
    body = _suite(node.body, chunk)
    handlers = tuple([_handler(handler, chunk) for handler in node.handlers])
    final = () if node.finalbody is None else _suite(node.finalbody.body, chunk)
    return ir.Try(chunk, node, body, handlers, _orelse(node.orelse, chunk), final)


def _handler(node: cst.ExceptHandler | cst.ExceptStarHandler, chunk: Chunk) -> ir.Handler:
    caught, body = _optional(node.type, chunk), _suite_after(node.type, node.body, chunk)
    return ir.Handler(chunk, node, caught, _bound_name(node.name), body)


def _match(node: cst.Match, chunk: Chunk) -> ir.Stmt:
    return ir.Match(chunk, node, lower_expression(node.subject, chunk), tuple([_case(case, chunk) for case in node.cases]))


def _case(node: cst.MatchCase, chunk: Chunk) -> tuple[tuple[str, ...], ir.Block]:
    """The names that a case binds and its body; a guard becomes an `if` around the body."""
    names = tuple(_captured_names(node.pattern))
    if names == (PLACEHOLDER,):
        return (), (ir.Unknown(chunk, node.pattern), *_suite(node.body, chunk))
    body = _suite(node.body, chunk)
    if node.guard is not None:
        body = (ir.If(chunk, node, lower_expression(node.guard, chunk), body, ()),)
    return names, body


def _captured_names(pattern: cst.CSTNode) -> Iterable[str]:
    if isinstance(pattern, cst.MatchAs | cst.MatchStar) and pattern.name is not None:
        yield pattern.name.value
    elif isinstance(pattern, cst.MatchMapping) and pattern.rest is not None:
        yield pattern.rest.value
    for child in pattern.children:
        yield from _captured_names(child)


def _function(node: cst.FunctionDef, chunk: Chunk) -> ir.Stmt:
    decorators = _decorators(node.decorators, chunk)
    parameters = lower_parameters(node.params, chunk)
    name = node.name
    outer, chunk.yields = chunk.yields, False
    body = _suite(node.body, chunk)
    is_generator, chunk.yields = chunk.yields, outer
    return ir.FunctionDef(
        chunk,
        node,
        name.value,
        ir.Name(chunk, name, name.value),
        parameters,
        body,
        decorators,
        node.asynchronous is not None,
        is_generator,
        docstring_of(body),
    )


def _class(node: cst.ClassDef, chunk: Chunk) -> ir.Stmt:
    decorators = _decorators(node.decorators, chunk)
    bases = tuple(
        [
            ir.Starred(chunk, base, lower_expression(base.value, chunk)) if base.star else lower_expression(base.value, chunk)
            for base in node.bases
        ]
    )
    keywords = lower_arguments(node.keywords, chunk)
    body, name = _suite(node.body, chunk), node.name
    name_node = ir.Name(chunk, name, name.value)
    return ir.ClassDef(chunk, node, name.value, name_node, bases, keywords, body, decorators, docstring_of(body))


def _decorators(nodes: Iterable[cst.Decorator], chunk: Chunk) -> tuple[ir.Expr, ...]:
    return tuple([lower_expression(node.decorator, chunk) for node in nodes])


def docstring_of(body: ir.Block) -> str | None:
    """The docstring that a body starts with, as it is written."""
    first = body[0] if body else None
    if isinstance(first, ir.Expression) and isinstance(first.value, ir.Constant) and isinstance(first.value.value, str):
        return first.value.value
    return None


_LOWERINGS: dict[type, _Lowering] = {
    cst.AnnAssign: _annotated_name,
    cst.Assert: _assert,
    cst.Assign: _assign,
    cst.AugAssign: _augmented_assign,
    cst.Break: _break,
    cst.ClassDef: _class,
    cst.Continue: _continue,
    cst.Del: _delete,
    cst.Expr: _expression,
    cst.For: _for,
    cst.FunctionDef: _function,
    cst.Global: _global,
    cst.If: _if,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
    cst.Match: _match,
    cst.Nonlocal: _nonlocal,
    cst.Pass: _pass,
    cst.Raise: _raise,
    cst.Return: _return,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.TypeAlias: _type_alias,
    cst.While: _while,
    cst.With: _with,
}

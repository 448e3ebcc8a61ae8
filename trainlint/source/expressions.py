"""Lowers LibCST expressions to those of `ir`, by the class of the node and over its semantic fields alone."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, TypeAlias

import libcst as cst

from trainlint.source import ir
from trainlint.source.chunks import Chunk
from trainlint.source.literals import float_value, imaginary_value, integer_value, string_value

# LibCST's nodes are told apart by class before they arrive here, so the functions below take the class that they are entered under.
_Lowering: TypeAlias = Callable[[Any, Chunk], ir.Expr]


class Unmodelled(Exception):
    """An expression of a kind that `ir` does not know; its whole statement becomes unknown."""


class _Lowerings(dict[type, _Lowering]):
    def __missing__(self, kind: type) -> _Lowering:
        raise Unmodelled(kind.__name__)


def lower_expression(node: cst.CSTNode, chunk: Chunk) -> ir.Expr:
    """An expression."""
    return _LOWERINGS[type(node)](node, chunk)


_NAMED_CONSTANTS = {"True": True, "False": False, "None": None}


def _name(node: cst.Name, chunk: Chunk) -> ir.Expr:
    identifier = node.value
    if identifier in _NAMED_CONSTANTS:
        return ir.Constant(chunk, node, _NAMED_CONSTANTS[identifier])
    return ir.Name(chunk, node, identifier)


def _attribute(node: cst.Attribute, chunk: Chunk) -> ir.Expr:
    value = node.value
    return ir.Attribute(chunk, node, _LOWERINGS[type(value)](value, chunk), node.attr.value)


def _call(node: cst.Call, chunk: Chunk) -> ir.Expr:
    function = node.func
    return ir.Call(chunk, node, _LOWERINGS[type(function)](function, chunk), lower_arguments(node.args, chunk))


def lower_arguments(nodes: Iterable[cst.Arg], chunk: Chunk) -> tuple[ir.Argument, ...]:
    """The arguments of a call or of a class."""
    arguments = []
    for node in nodes:
        value, keyword = node.value, node.keyword
        arguments.append(
            ir.Argument(chunk, node, _LOWERINGS[type(value)](value, chunk), None if keyword is None else keyword.value, node.star)
        )
    return tuple(arguments)


def _integer(node: cst.Integer, chunk: Chunk) -> ir.Expr:
    value = integer_value(node.value)
    if value is None:
        raise Unmodelled("integer of too many digits")
    return ir.Constant(chunk, node, value)


def _float(node: cst.Float, chunk: Chunk) -> ir.Expr:
    return ir.Constant(chunk, node, float_value(node.value))


def _imaginary(node: cst.Imaginary, chunk: Chunk) -> ir.Expr:
    return ir.Constant(chunk, node, imaginary_value(node.value))


def _ellipsis(node: cst.Ellipsis, chunk: Chunk) -> ir.Expr:
    return ir.Constant(chunk, node, ...)


def _string(node: cst.SimpleString, chunk: Chunk) -> ir.Expr:
    return ir.Constant(chunk, node, string_value(node.value))


def _formatted_string(node: cst.FormattedString, chunk: Chunk) -> ir.Expr:
    return ir.FormattedString(chunk, node, tuple(_interpolated(node.parts, chunk)))


def _interpolated(parts: Iterable[Any], chunk: Chunk) -> Iterator[ir.Expr]:
    """The expressions between the braces of an f-string, those in format specifications included."""
    for part in parts:
        if type(part) is cst.FormattedStringExpression:
            yield lower_expression(part.expression, chunk)
            yield from _interpolated(part.format_spec or (), chunk)


def _concatenated_string(node: cst.ConcatenatedString, chunk: Chunk) -> ir.Expr:
    strings: list[Any] = []
    rest: Any = node
    while type(rest) is cst.ConcatenatedString:
        strings.append(rest.left)
        rest = rest.right
    strings.append(rest)
    if all(type(string) is cst.SimpleString for string in strings):
        values = [string_value(string.value) for string in strings]
        try:
            return ir.Constant(chunk, node, type(values[0])().join(values))  # type: ignore[arg-type]
        except TypeError:
            raise Unmodelled("bytes beside str") from None
    interpolated = [value for string in strings if type(string) is not cst.SimpleString for value in _interpolated(string.parts, chunk)]
    return ir.FormattedString(chunk, node, tuple(interpolated))


def _subscript(node: cst.Subscript, chunk: Chunk) -> ir.Expr:
    value, elements = node.value, node.slice
    index: ir.Expr
    only = elements[0]
    if len(elements) == 1 and type(only.comma) is not cst.Comma and not getattr(only.slice, "star", ""):
        index = _index(only.slice, chunk)
    else:
        index = ir.Sequence(chunk, node, "tuple", tuple([_index(element.slice, chunk) for element in elements]))
    return ir.Subscript(chunk, node, _LOWERINGS[type(value)](value, chunk), index)


def _index(node: cst.BaseSlice, chunk: Chunk) -> ir.Expr:
    if type(node) is cst.Index:
        value = lower_expression(node.value, chunk)
        return ir.Starred(chunk, node, value) if node.star else value
    assert isinstance(node, cst.Slice)
    return ir.Slice(chunk, node, _optional(node.lower, chunk), _optional(node.upper, chunk), _optional(node.step, chunk))


def _optional(node: cst.BaseExpression | None, chunk: Chunk) -> ir.Expr | None:
    return None if node is None else _LOWERINGS[type(node)](node, chunk)


def _items(nodes: Iterable[cst.BaseElement], chunk: Chunk) -> tuple[ir.Expr, ...]:
    return tuple(
        [_starred(node, chunk) if type(node) is cst.StarredElement else _LOWERINGS[type(node.value)](node.value, chunk) for node in nodes]
    )


def _starred(node: cst.StarredElement, chunk: Chunk) -> ir.Expr:
    return ir.Starred(chunk, node, lower_expression(node.value, chunk))


def _list(node: cst.List, chunk: Chunk) -> ir.Expr:
    return ir.Sequence(chunk, node, "list", _items(node.elements, chunk))


def _tuple(node: cst.Tuple, chunk: Chunk) -> ir.Expr:
    return ir.Sequence(chunk, node, "tuple", _items(node.elements, chunk))


def _set(node: cst.Set, chunk: Chunk) -> ir.Expr:
    return ir.Sequence(chunk, node, "set", _items(node.elements, chunk))


def _dict(node: cst.Dict, chunk: Chunk) -> ir.Expr:
    items = []
    for element in node.elements:
        key = lower_expression(element.key, chunk) if type(element) is cst.DictElement else None
        items.append((key, lower_expression(element.value, chunk)))
    return ir.Dict(chunk, node, tuple(items))


_BINARY_OPERATORS: dict[type, str] = {
    cst.Add: "+",
    cst.Subtract: "-",
    cst.Multiply: "*",
    cst.MatrixMultiply: "@",
    cst.Divide: "/",
    cst.FloorDivide: "//",
    cst.Modulo: "%",
    cst.Power: "**",
    cst.LeftShift: "<<",
    cst.RightShift: ">>",
    cst.BitAnd: "&",
    cst.BitOr: "|",
    cst.BitXor: "^",
}
_UNARY_OPERATORS: dict[type, str] = {cst.Minus: "-", cst.Plus: "+", cst.BitInvert: "~", cst.Not: "not"}
_COMPARISON_OPERATORS: dict[type, str] = {
    cst.LessThan: "<",
    cst.LessThanEqual: "<=",
    cst.GreaterThan: ">",
    cst.GreaterThanEqual: ">=",
    cst.Equal: "==",
    cst.NotEqual: "!=",
    cst.In: "in",
    cst.NotIn: "not in",
    cst.Is: "is",
    cst.IsNot: "is not",
}


def _binary_operation(node: cst.BinaryOperation, chunk: Chunk) -> ir.Expr:
    left, right = node.left, node.right
    return ir.BinaryOperation(
        chunk, node, _LOWERINGS[type(left)](left, chunk), _BINARY_OPERATORS[type(node.operator)], _LOWERINGS[type(right)](right, chunk)
    )


def _unary_operation(node: cst.UnaryOperation, chunk: Chunk) -> ir.Expr:
    return ir.UnaryOperation(chunk, node, _UNARY_OPERATORS[type(node.operator)], lower_expression(node.expression, chunk))


def _boolean_operation(node: cst.BooleanOperation, chunk: Chunk) -> ir.Expr:
    operator: Literal["and", "or"] = "and" if type(node.operator) is cst.And else "or"
    return ir.BooleanOperation(chunk, node, lower_expression(node.left, chunk), operator, lower_expression(node.right, chunk))


def _comparison(node: cst.Comparison, chunk: Chunk) -> ir.Expr:
    targets = node.comparisons
    return ir.Comparison(
        chunk,
        node,
        lower_expression(node.left, chunk),
        tuple([_COMPARISON_OPERATORS[type(target.operator)] for target in targets]),
        tuple([lower_expression(target.comparator, chunk) for target in targets]),
    )


def _if_expression(node: cst.IfExp, chunk: Chunk) -> ir.Expr:
    return ir.IfExpression(
        chunk, node, lower_expression(node.test, chunk), lower_expression(node.body, chunk), lower_expression(node.orelse, chunk)
    )


def _generators(node: cst.CompFor, chunk: Chunk) -> tuple[ir.Generator, ...]:
    generators = []
    inner: cst.CompFor | None = node
    while inner is not None:
        conditions = tuple([lower_expression(condition.test, chunk) for condition in inner.ifs])
        target, iterable = lower_expression(inner.target, chunk), lower_expression(inner.iter, chunk)
        generators.append(ir.Generator(chunk, inner, target, iterable, conditions))
        inner = inner.inner_for_in
    return tuple(generators)


_COMPREHENSIONS: dict[type, Literal["list", "set", "generator"]] = {
    cst.ListComp: "list",
    cst.SetComp: "set",
    cst.GeneratorExp: "generator",
}


def _comprehension(node: cst.BaseSimpleComp, chunk: Chunk) -> ir.Expr:
    element = lower_expression(node.elt, chunk)
    return ir.Comprehension(chunk, node, _COMPREHENSIONS[type(node)], element, None, _generators(node.for_in, chunk))


def _dict_comprehension(node: cst.DictComp, chunk: Chunk) -> ir.Expr:
    key, value = lower_expression(node.key, chunk), lower_expression(node.value, chunk)
    return ir.Comprehension(chunk, node, "dict", key, value, _generators(node.for_in, chunk))


def _named_expression(node: cst.NamedExpr, chunk: Chunk) -> ir.Expr:
    target = _name(node.target, chunk) if type(node.target) is cst.Name else None
    if not isinstance(target, ir.Name):
        raise Unmodelled("walrus without a name")
    return ir.NamedExpression(chunk, node, target, lower_expression(node.value, chunk))


def _await(node: cst.Await, chunk: Chunk) -> ir.Expr:
    return ir.Await(chunk, node, lower_expression(node.expression, chunk))


def _yield(node: cst.Yield, chunk: Chunk) -> ir.Expr:
    chunk.yields = True
    value = node.value
    if isinstance(value, cst.From):
        return ir.Yield(chunk, node, lower_expression(value.item, chunk), True)
    return ir.Yield(chunk, node, _optional(value, chunk), False)


def _lambda(node: cst.Lambda, chunk: Chunk) -> ir.Expr:
    parameters = lower_parameters(node.params, chunk)
    outer, chunk.yields = chunk.yields, False
    body = lower_expression(node.body, chunk)
    chunk.yields = outer
    return ir.Lambda(chunk, node, parameters, body)


def lower_parameters(node: cst.Parameters, chunk: Chunk) -> ir.Parameters:
    """The parameters of a function."""
    positional, keyword_only = node.params, node.kwonly_params
    if node.posonly_params:
        positional = (*node.posonly_params, *positional)
    star, double_star = node.star_arg, node.star_kwarg
    return ir.Parameters(
        tuple([_parameter(parameter, chunk) for parameter in positional]),
        tuple([_parameter(parameter, chunk) for parameter in keyword_only]) if keyword_only else (),
        star.name.value if isinstance(star, cst.Param) else None,
        None if double_star is None else double_star.name.value,
    )


def _parameter(node: cst.Param, chunk: Chunk) -> ir.Parameter:
    annotation = node.annotation
    return ir.Parameter(
        chunk,
        node,
        node.name.value,
        _optional(node.default, chunk),
        None if annotation is None else lower_expression(annotation.annotation, chunk),
    )


_LOWERINGS = _Lowerings(
    {
        cst.Attribute: _attribute,
        cst.Await: _await,
        cst.BinaryOperation: _binary_operation,
        cst.BooleanOperation: _boolean_operation,
        cst.Call: _call,
        cst.Comparison: _comparison,
        cst.ConcatenatedString: _concatenated_string,
        cst.Dict: _dict,
        cst.DictComp: _dict_comprehension,
        cst.Ellipsis: _ellipsis,
        cst.Float: _float,
        cst.FormattedString: _formatted_string,
        cst.GeneratorExp: _comprehension,
        cst.IfExp: _if_expression,
        cst.Imaginary: _imaginary,
        cst.Integer: _integer,
        cst.Lambda: _lambda,
        cst.List: _list,
        cst.ListComp: _comprehension,
        cst.Name: _name,
        cst.NamedExpr: _named_expression,
        cst.Set: _set,
        cst.SetComp: _comprehension,
        cst.SimpleString: _string,
        cst.StarredElement: _starred,
        cst.Subscript: _subscript,
        cst.Tuple: _tuple,
        cst.UnaryOperation: _unary_operation,
        cst.Yield: _yield,
    }
)

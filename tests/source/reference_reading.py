"""What `ast` makes of a text, in the shape that the typed form is described in, so that the two readings can be compared."""

import ast
import itertools
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import libcst as cst

from trainlint.source import ir
from trainlint.source.source_file import SourceFile

Described: TypeAlias = tuple[Any, ...]
Place: TypeAlias = tuple[int, int, int, int] | None

_OPERATORS = {
    "Add": "+", "Sub": "-", "Mult": "*", "MatMult": "@", "Div": "/", "FloorDiv": "//", "Mod": "%", "Pow": "**", "LShift": "<<",
    "RShift": ">>", "BitAnd": "&", "BitOr": "|", "BitXor": "^", "USub": "-", "UAdd": "+", "Invert": "~", "Not": "not", "Lt": "<",
    "LtE": "<=", "Gt": ">", "GtE": ">=", "Eq": "==", "NotEq": "!=", "In": "in", "NotIn": "not in", "Is": "is", "IsNot": "is not",
    "And": "and", "Or": "or",
}  # fmt: skip


def described(source: SourceFile, *, with_places: bool = True) -> Described:
    """The statements of a file as nested tuples: class, place, fields."""
    described: Described = _described(source.body, source, with_places=with_places)
    return described


def _described(value: Any, source: SourceFile, *, with_places: bool) -> Any:
    if isinstance(value, tuple):
        return tuple(_described(item, source, with_places=with_places) for item in value)
    if isinstance(value, ir.Parameters):
        return tuple(
            _described(getattr(value, name), source, with_places=with_places)
            for name in ("positional", "keyword_only", "star", "double_star")
        )
    if not isinstance(value, ir.Node):
        return repr(value)
    names = [name for kind in reversed(type(value).__mro__) for name in getattr(kind, "__slots__", ())]
    fields = [getattr(value, name) for name in names if name not in {"chunk", "cst", "_local_names"}]
    inside_string = isinstance(value, ir.FormattedString)
    place = place_of(source, value) if with_places and _has_certain_place(value) else None
    return (type(value).__name__, place, *(_described(field, source, with_places=with_places and not inside_string) for field in fields))


def place_of(source: SourceFile, node: ir.Node) -> Place:
    """A node's span as four numbers."""
    span = source.span(node)
    return span.start.row, span.start.column, span.end.row, span.end.column


def _has_certain_place(node: ir.Node) -> bool:
    """Whether `ast` shows where a node of the kind stands.

    It does not show the part `a and b` of `a and b and c`, counts the comma of `x[1,]`, gives a generator that is the only argument
    the parentheses of its call, and has no place for a case.
    """
    match node:
        case ir.If(cst=cst.MatchCase()):
            return False
        case ir.Sequence(cst=cst.Subscript()):
            return len(node.items) > 1
        case ir.Comprehension(kind="generator") | ir.Starred() | ir.Argument() | ir.Parameter() | ir.Generator() | ir.BooleanOperation():
            return False
        case _:
            return isinstance(node, ir.Expr | ir.Stmt)


class Reference:
    """The reading of a text by `ast`."""

    def __init__(self, text: str, *, with_places: bool = True) -> None:
        self.lines = [line.encode() for line in re.split(r"\r\n|\r|\n", text)]
        self.with_places = with_places
        self.body = self.block(ast.parse(text).body)

    def node(self, kind: str, node: Any, *fields: Any) -> Described:
        """A node with its place."""
        return (kind, self.place(node, node), *fields)

    def place(self, first: Any, last: Any) -> Place:
        """Where something stands that starts with one node and ends with another."""
        if not self.with_places:
            return None
        start = len(self.lines[first.lineno - 1][: first.col_offset].decode()) + 1
        end = len(self.lines[last.end_lineno - 1][: last.end_col_offset].decode()) + 1
        return first.lineno, start, last.end_lineno, end

    def block(self, statements: Iterable[ast.stmt]) -> Described:
        """The statements of a block; `pass` is nothing at all."""
        return tuple(self.statement(statement) for statement in statements if not isinstance(statement, ast.Pass))

    def all(self, nodes: Iterable[Any]) -> Described:
        """Several expressions."""
        return tuple(self.expression(node) for node in nodes)

    def expression(self, node: Any) -> Any:
        """An expression or a statement, by its class."""
        if node is None:
            return repr(None)
        reading: Callable[[Any], Any] | None = getattr(self, f"_{type(node).__name__.lower()}", None)
        assert reading is not None, type(node)
        return reading(node)

    statement = expression

    def _constant(self, node: ast.Constant) -> Described:
        return self.node("Constant", node, repr(node.value))

    def _name(self, node: ast.Name) -> Described:
        return self.node("Name", node, repr(node.id))

    def _attribute(self, node: ast.Attribute) -> Described:
        return self.node("Attribute", node, self.expression(node.value), repr(node.attr))

    def _subscript(self, node: ast.Subscript) -> Described:
        index = self.expression(node.slice)
        if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 1:
            index = (index[0], None, *index[2:])
        return self.node("Subscript", node, self.expression(node.value), index)

    def _slice(self, node: ast.Slice) -> Described:
        return self.node("Slice", node, *self.all((node.lower, node.upper, node.step)))

    def _call(self, node: ast.Call) -> Described:
        return self.node("Call", node, self.expression(node.func), self.arguments([*node.args, *node.keywords]))

    def arguments(self, nodes: list[ast.expr | ast.keyword]) -> Described:
        """The arguments of a call, in order of the text."""

        def described(node: ast.expr | ast.keyword) -> Described:
            if isinstance(node, ast.keyword):
                return ("Argument", None, self.expression(node.value), repr(node.arg), repr("" if node.arg else "**"))
            if isinstance(node, ast.Starred):
                return ("Argument", None, self.expression(node.value), repr(None), repr("*"))
            return ("Argument", None, self.expression(node), repr(None), repr(""))

        places = {id(node): (getattr(node, "lineno", 0), getattr(node, "col_offset", 0)) for node in nodes}
        return tuple(described(node) for node in sorted(nodes, key=lambda node: places[id(node)]))

    def _list(self, node: ast.List) -> Described:
        return self.node("Sequence", node, repr("list"), self.all(node.elts))

    def _set(self, node: ast.Set) -> Described:
        return self.node("Sequence", node, repr("set"), self.all(node.elts))

    def _tuple(self, node: ast.Tuple) -> Described:
        return self.node("Sequence", node, repr("tuple"), self.all(node.elts))

    def _starred(self, node: ast.Starred) -> Described:
        return ("Starred", None, self.expression(node.value))

    def _dict(self, node: ast.Dict) -> Described:
        items = tuple((self.expression(key), self.expression(value)) for key, value in zip(node.keys, node.values, strict=True))
        return self.node("Dict", node, items)

    def _binop(self, node: ast.BinOp) -> Described:
        operator_ = _OPERATORS[type(node.op).__name__]
        return self.node("BinaryOperation", node, self.expression(node.left), repr(operator_), self.expression(node.right))

    def _unaryop(self, node: ast.UnaryOp) -> Described:
        return self.node("UnaryOperation", node, repr(_OPERATORS[type(node.op).__name__]), self.expression(node.operand))

    def _boolop(self, node: ast.BoolOp) -> Described:
        operator_ = repr(_OPERATORS[type(node.op).__name__])
        folded, *rest = self.all(node.values)
        for value in rest:
            folded = ("BooleanOperation", None, folded, operator_, value)
        return folded  # type: ignore[no-any-return]

    def _compare(self, node: ast.Compare) -> Described:
        operators = tuple(repr(_OPERATORS[type(op).__name__]) for op in node.ops)
        return self.node("Comparison", node, self.expression(node.left), operators, self.all(node.comparators))

    def _ifexp(self, node: ast.IfExp) -> Described:
        return self.node("IfExpression", node, *self.all((node.test, node.body, node.orelse)))

    def comprehension(self, node: Any, kind: str, element: ast.expr, value: ast.expr | None = None) -> Described:
        """A comprehension of any kind."""
        generators = tuple(
            ("Generator", None, self.expression(part.target), self.expression(part.iter), self.all(part.ifs)) for part in node.generators
        )
        place = None if kind == "generator" else self.place(node, node)
        return ("Comprehension", place, repr(kind), self.expression(element), self.expression(value), generators)

    def _listcomp(self, node: ast.ListComp) -> Described:
        return self.comprehension(node, "list", node.elt)

    def _setcomp(self, node: ast.SetComp) -> Described:
        return self.comprehension(node, "set", node.elt)

    def _generatorexp(self, node: ast.GeneratorExp) -> Described:
        return self.comprehension(node, "generator", node.elt)

    def _dictcomp(self, node: ast.DictComp) -> Described:
        return self.comprehension(node, "dict", node.key, node.value)

    def _joinedstr(self, node: ast.JoinedStr) -> Described:
        place, before = self.place(node, node), self.with_places
        self.with_places = False
        values = tuple(itertools.chain.from_iterable(map(self.interpolated, node.values)))
        self.with_places = before
        return ("FormattedString", place, values)

    def interpolated(self, node: ast.expr) -> Iterable[Any]:
        """The expressions between the braces of an f-string."""
        match node:
            case ast.FormattedValue(value=value, format_spec=specification):
                yield self.expression(value)
                if specification is not None:
                    yield from self.interpolated(specification)
            case ast.JoinedStr(values=values):
                for value in values:
                    yield from self.interpolated(value)

    def _namedexpr(self, node: ast.NamedExpr) -> Described:
        return self.node("NamedExpression", node, self.expression(node.target), self.expression(node.value))

    def _await(self, node: ast.Await) -> Described:
        return self.node("Await", node, self.expression(node.value))

    def _yield(self, node: ast.Yield) -> Described:
        return self.node("Yield", node, self.expression(node.value), repr(False))

    def _yieldfrom(self, node: ast.YieldFrom) -> Described:
        return self.node("Yield", node, self.expression(node.value), repr(True))

    def _lambda(self, node: ast.Lambda) -> Described:
        return self.node("Lambda", node, self.parameters(node.args), self.expression(node.body))

    def parameters(self, node: ast.arguments) -> Described:
        """The parameters of a function."""
        positional = [*node.posonlyargs, *node.args]
        defaults = [None] * (len(positional) - len(node.defaults)) + list(node.defaults)
        return (
            tuple(map(self.parameter, positional, defaults)),
            tuple(map(self.parameter, node.kwonlyargs, node.kw_defaults)),
            repr(node.vararg and node.vararg.arg),
            repr(node.kwarg and node.kwarg.arg),
        )

    def parameter(self, node: ast.arg, default: ast.expr | None) -> Described:
        """One parameter of a function."""
        return ("Parameter", None, repr(node.arg), self.expression(default), self.expression(node.annotation))

    def _expr(self, node: ast.Expr) -> Described:
        return self.node("Expression", node, self.expression(node.value))

    def _assign(self, node: ast.Assign) -> Described:
        return self.node("Assign", node, self.all(node.targets), self.expression(node.value))

    def _typealias(self, node: Any) -> Described:
        return self.node("Assign", node, (self.expression(node.name),), self.expression(node.value))

    def _annassign(self, node: ast.AnnAssign) -> Described:
        return self.node("AnnotatedName", node, *self.all((node.target, node.annotation, node.value)))

    def _augassign(self, node: ast.AugAssign) -> Described:
        operator_ = repr(_OPERATORS[type(node.op).__name__])
        return self.node("AugmentedAssign", node, self.expression(node.target), operator_, self.expression(node.value))

    def _delete(self, node: ast.Delete) -> Described:
        flat = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple | ast.List) and len(node.targets) == 1 else node.targets
        return self.node("Delete", node, self.all(flat))

    def _return(self, node: ast.Return) -> Described:
        return self.node("Return", node, self.expression(node.value))

    def _raise(self, node: ast.Raise) -> Described:
        return self.node("Raise", node, self.expression(node.exc))

    def _assert(self, node: ast.Assert) -> Described:
        return self.node("Assert", node, self.expression(node.test))

    def _break(self, node: ast.Break) -> Described:
        return self.node("Break", node)

    def _continue(self, node: ast.Continue) -> Described:
        return self.node("Continue", node)

    def _global(self, node: ast.Global) -> Described:
        return self.node("Scoped", node, repr("global"), tuple(map(repr, node.names)))

    def _nonlocal(self, node: ast.Nonlocal) -> Described:
        return self.node("Scoped", node, repr("nonlocal"), tuple(map(repr, node.names)))

    def aliases(self, nodes: list[ast.alias]) -> Described:
        """The names of an import."""
        return tuple((repr(node.name), repr(node.asname)) for node in nodes)

    def _import(self, node: ast.Import) -> Described:
        return self.node("Import", node, self.aliases(node.names))

    def _importfrom(self, node: ast.ImportFrom) -> Described:
        names = repr(None) if node.names[0].name == "*" else self.aliases(node.names)
        return self.node("ImportFrom", node, repr(node.module or ""), repr(node.level), names)

    def _if(self, node: ast.If) -> Described:
        return self.node("If", node, self.expression(node.test), self.block(node.body), self.block(node.orelse))

    def _for(self, node: ast.For | ast.AsyncFor) -> Described:
        iterable = self.expression(node.iter)
        return self.node("For", node, self.expression(node.target), iterable, self.block(node.body), self.block(node.orelse))

    _asyncfor = _for

    def _while(self, node: ast.While) -> Described:
        return self.node("While", node, self.expression(node.test), self.block(node.body), self.block(node.orelse))

    def _with(self, node: ast.With | ast.AsyncWith) -> Described:
        items = tuple((self.expression(item.context_expr), self.expression(item.optional_vars)) for item in node.items)
        return self.node("With", node, items, self.block(node.body))

    _asyncwith = _with

    def _try(self, node: Any) -> Described:
        handlers = tuple(
            ("Handler", None, self.expression(handler.type), repr(handler.name), self.block(handler.body)) for handler in node.handlers
        )
        return self.node("Try", node, self.block(node.body), handlers, self.block(node.orelse), self.block(node.finalbody))

    _trystar = _try

    def _match(self, node: ast.Match) -> Described:
        return self.node("Match", node, self.expression(node.subject), tuple(map(self.case, node.cases)))

    def case(self, node: ast.match_case) -> Described:
        """The names that a case binds, and its block."""
        names = []
        for pattern in _in_order(node.pattern):
            name = getattr(pattern, "rest", None) or getattr(pattern, "name", None)
            names += [repr(name)] if name else []
        body = self.block(node.body)
        if node.guard is not None:
            body = (("If", None, self.expression(node.guard), body, ()),)
        return tuple(names), body

    def _functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Described:
        yields = any(isinstance(inside, ast.Yield | ast.YieldFrom) for inside in _in_scope(node.body))
        parts = (self.all(node.decorator_list), repr(isinstance(node, ast.AsyncFunctionDef)), repr(yields), repr(_docstring(node)))
        return self.node("FunctionDef", node, repr(node.name), self.name(node), self.parameters(node.args), self.block(node.body), *parts)

    _asyncfunctiondef = _functiondef

    def _classdef(self, node: ast.ClassDef) -> Described:
        decorators, docstring = self.all(node.decorator_list), repr(_docstring(node))
        parts = (self.all(node.bases), self.arguments(list(node.keywords)), self.block(node.body), decorators, docstring)
        return self.node("ClassDef", node, repr(node.name), self.name(node), *parts)

    def name(self, node: Any) -> Described:
        """The name of a definition, which `ast` gives no place."""
        line = self.lines[node.lineno - 1].decode()
        start = re.compile(r"(?:async\s+)?(?:def|class)\s+").match(line, len(line) - len(line.lstrip()))
        if start is None:
            raise Unmatched
        if not self.with_places:
            return ("Name", None, repr(node.name))
        return ("Name", (node.lineno, start.end() + 1, node.lineno, start.end() + 1 + len(node.name)), repr(node.name))


class Unmatched(Exception):
    """The two forms differ by design in what a text uses."""


def _docstring(node: Any) -> str | None:
    return ast.get_docstring(node, clean=False)


def _in_order(node: ast.AST) -> Iterable[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _in_order(child)


def _in_scope(nodes: Iterable[ast.AST]) -> Iterable[ast.AST]:
    for node in nodes:
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield from _in_scope(getattr(node, "decorator_list", []))
        else:
            yield from _in_scope(ast.iter_child_nodes(node))


__all__ = ["Reference", "Unmatched", "described", "place_of"]

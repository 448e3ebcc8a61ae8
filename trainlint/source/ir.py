"""The small typed form of a program that the interpreter runs.

LibCST nodes are rich in whitespace and slow to walk; this form keeps what a program *means* and, in `cst` and `chunk`,
the way back to where it stands. Nodes are compared by identity: one node is one place in one text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import libcst as cst

    from trainlint.source.chunks import Chunk


@dataclass(slots=True, eq=False)
class Node:
    """One place in a program: a LibCST node inside a parsed chunk of a file."""

    chunk: "Chunk"
    cst: "cst.CSTNode"


# Expressions ---------------------------------------------------------------------------------------------------------


class Expr(Node):
    """An expression."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Constant(Expr):
    """A literal: int, float, complex, str (also concatenated), bytes, bool, None or Ellipsis."""

    value: object


@dataclass(slots=True, eq=False)
class Name(Expr):
    """A name that is read (or, in an assignment target, written)."""

    id: str


@dataclass(slots=True, eq=False)
class Attribute(Expr):
    """`value.attr`."""

    value: Expr
    attr: str


@dataclass(slots=True, eq=False)
class Subscript(Expr):
    """`value[index]`; several indices form one `Sequence` of kind "tuple"."""

    value: Expr
    index: Expr


@dataclass(slots=True, eq=False)
class Slice(Expr):
    """`lower:upper:step` inside a subscript."""

    lower: Expr | None
    upper: Expr | None
    step: Expr | None


@dataclass(slots=True, eq=False)
class Argument(Node):
    """One argument of a call; `star` is "", "*" or "**"."""

    value: Expr
    keyword: str | None
    star: Literal["", "*", "**"]


@dataclass(slots=True, eq=False)
class Call(Expr):
    """`function(arguments)`."""

    function: Expr
    arguments: tuple[Argument, ...]


@dataclass(slots=True, eq=False)
class Sequence(Expr):
    """A list, tuple or set display; items may be `Starred`."""

    kind: Literal["list", "tuple", "set"]
    items: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class Starred(Expr):
    """`*value` in a display or an assignment target."""

    value: Expr


@dataclass(slots=True, eq=False)
class Dict(Expr):
    """A dict display; a key of None stands for `**value`."""

    items: tuple[tuple[Expr | None, Expr], ...]


@dataclass(slots=True, eq=False)
class BinaryOperation(Expr):
    """`left operator right`, operator as written ("+", "@", "**", "//" …)."""

    left: Expr
    operator: str
    right: Expr


@dataclass(slots=True, eq=False)
class UnaryOperation(Expr):
    """`-x`, `+x`, `~x` or `not x`."""

    operator: str
    operand: Expr


@dataclass(slots=True, eq=False)
class Comparison(Expr):
    """`left op right op right …`; operators as written ("<", "==", "in", "not in", "is", "is not" …)."""

    left: Expr
    operators: tuple[str, ...]
    rights: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class BooleanOperation(Expr):
    """`left and right`, `left or right`."""

    left: Expr
    operator: Literal["and", "or"]
    right: Expr


@dataclass(slots=True, eq=False)
class IfExpression(Expr):
    """`body if test else orelse`."""

    test: Expr
    body: Expr
    orelse: Expr


@dataclass(slots=True, eq=False)
class Comprehension(Expr):
    """A comprehension; `value` is set for kind "dict" alone, where `element` is the key."""

    kind: Literal["list", "set", "dict", "generator"]
    element: Expr
    value: Expr | None
    generators: "tuple[Generator, ...]"


@dataclass(slots=True, eq=False)
class Generator(Node):
    """`for target in iterable if conditions`."""

    target: Expr
    iterable: Expr
    conditions: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class FormattedString(Expr):
    """An f-string; `values` are its interpolated expressions."""

    values: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class NamedExpression(Expr):
    """`target := value`."""

    target: Name
    value: Expr


@dataclass(slots=True, eq=False)
class Await(Expr):
    """`await value`."""

    value: Expr


@dataclass(slots=True, eq=False)
class Yield(Expr):
    """`yield value` or, with `is_from`, `yield from value`."""

    value: Expr | None
    is_from: bool


@dataclass(slots=True, eq=False)
class Lambda(Expr):
    """`lambda parameters: body`."""

    parameters: "Parameters"
    body: Expr


# Statements ----------------------------------------------------------------------------------------------------------


class Stmt(Node):
    """A statement."""

    __slots__ = ()


Block = tuple[Stmt, ...]


@dataclass(slots=True, eq=False)
class Unknown(Stmt):
    """A statement that could not be parsed or is not modelled: it may have done anything."""


@dataclass(slots=True, eq=False)
class Expression(Stmt):
    """An expression used as a statement."""

    value: Expr


@dataclass(slots=True, eq=False)
class Assign(Stmt):
    """`target = target = value`; an annotated assignment without a value is no statement of this kind."""

    targets: tuple[Expr, ...]
    value: Expr


@dataclass(slots=True, eq=False)
class AnnotatedName(Stmt):
    """`target: annotation [= value]`, at any level (dataclass fields need the annotation-only form)."""

    target: Expr
    annotation: Expr
    value: Expr | None


@dataclass(slots=True, eq=False)
class AugmentedAssign(Stmt):
    """`target operator= value`, operator without the equals sign."""

    target: Expr
    operator: str
    value: Expr


@dataclass(slots=True, eq=False)
class Delete(Stmt):
    """`del targets`."""

    targets: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class Return(Stmt):
    """`return value`."""

    value: Expr | None


@dataclass(slots=True, eq=False)
class Raise(Stmt):
    """`raise …`."""

    value: Expr | None


@dataclass(slots=True, eq=False)
class Assert(Stmt):
    """`assert test`."""

    test: Expr


@dataclass(slots=True, eq=False)
class Break(Stmt):
    """`break`."""


@dataclass(slots=True, eq=False)
class Continue(Stmt):
    """`continue`."""


@dataclass(slots=True, eq=False)
class Scoped(Stmt):
    """`global names` or `nonlocal names`."""

    kind: Literal["global", "nonlocal"]
    names: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Import(Stmt):
    """`import a.b as c, …`: pairs of dotted name and alias."""

    names: tuple[tuple[str, str | None], ...]


@dataclass(slots=True, eq=False)
class ImportFrom(Stmt):
    """`from ..module import name as alias`; `names` is None for a star import, `level` counts the dots."""

    module: str
    level: int
    names: tuple[tuple[str, str | None], ...] | None


@dataclass(slots=True, eq=False)
class If(Stmt):
    """`if test: body else: orelse`; an elif is an `If` alone in `orelse`."""

    test: Expr
    body: Block
    orelse: Block


@dataclass(slots=True, eq=False)
class For(Stmt):
    """`for target in iterable: body else: orelse`."""

    target: Expr
    iterable: Expr
    body: Block
    orelse: Block


@dataclass(slots=True, eq=False)
class While(Stmt):
    """`while test: body else: orelse`."""

    test: Expr
    body: Block
    orelse: Block


@dataclass(slots=True, eq=False)
class With(Stmt):
    """`with item as target, …: body`."""

    items: tuple[tuple[Expr, Expr | None], ...]
    body: Block


@dataclass(slots=True, eq=False)
class Try(Stmt):
    """`try: body except …: handlers else: orelse finally: finalbody`."""

    body: Block
    handlers: "tuple[Handler, ...]"
    orelse: Block
    finalbody: Block


@dataclass(slots=True, eq=False)
class Handler(Node):
    """`except type as name: body`."""

    type: Expr | None
    name: str | None
    body: Block


@dataclass(slots=True, eq=False)
class Match(Stmt):
    """`match subject: case …`; patterns are not modelled beyond the names they bind."""

    subject: Expr
    cases: tuple[tuple[tuple[str, ...], Block], ...]


@dataclass(slots=True, eq=False)
class Parameter(Node):
    """One parameter of a function."""

    name: str
    default: Expr | None
    annotation: Expr | None


@dataclass(slots=True, eq=False)
class Parameters:
    """The parameters of a function, by kind; positional-only ones come first in `positional`."""

    positional: tuple[Parameter, ...] = ()
    keyword_only: tuple[Parameter, ...] = ()
    star: str | None = None
    double_star: str | None = None

    def __iter__(self) -> Iterator[Parameter]:
        yield from self.positional
        yield from self.keyword_only


@dataclass(slots=True, eq=False)
class FunctionDef(Stmt):
    """A function or method. `node.cst` is the whole definition, `name_node` its name for short spans."""

    name: str
    name_node: Name
    parameters: Parameters
    body: Block
    decorators: tuple[Expr, ...]
    is_async: bool
    is_generator: bool
    docstring: str | None


@dataclass(slots=True, eq=False)
class ClassDef(Stmt):
    """A class; `keywords` are the keyword arguments of its header (metaclass=…)."""

    name: str
    name_node: Name
    bases: tuple[Expr, ...]
    keywords: tuple[Argument, ...]
    body: Block
    decorators: tuple[Expr, ...]
    docstring: str | None

"""How a rule states the cure of what it sees: plain descriptions of changes, before anyone has asked for rows and columns.

A rule composes them from the nodes that its sighting rests on. Layout (indentation, one-line suites, comments, trailing commas),
names and the question whether a change can be made surely are the business of `editing`, which turns a cure into a fix or into
nothing. So a rule may state what it would do where all goes well, and alternatives after it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from trainlint.findings import Applicability

if TYPE_CHECKING:
    from trainlint.source.ir import Argument, Expr, Node, Stmt


@dataclass(frozen=True, slots=True)
class Named:
    """Something of a library by its full name: it is written as the file at hand names it.

    Where no name is at hand, `imported` has the file import the top-level package; without it the cure is not offered.
    """

    name: str
    imported: bool = False


Piece: TypeAlias = "str | Expr | Named"
Code: TypeAlias = "Piece | tuple[Piece, ...]"
"""Source text in pieces: text as it is, an expression of the program as it is written there, something of a library by name.

An expression that is taken to another place must be a variable, or attributes of one, and mean the same there.
"""


@dataclass(frozen=True, slots=True)
class Replace:
    """Puts code in the place of an expression, or of a simple statement: `softmax(x)` becomes `x`."""

    node: "Expr | Stmt"
    code: Code


@dataclass(frozen=True, slots=True)
class Swap:
    """Exchanges two expressions of one statement, or two statements of one block."""

    one: "Node"
    other: "Node"


@dataclass(frozen=True, slots=True)
class InsertBefore:
    """A statement before the one in which a node stands; with `beside`, only if that node's statement is in the same block."""

    node: "Node"
    code: Code
    beside: "Node | None" = None


@dataclass(frozen=True, slots=True)
class InsertAfter:
    """A statement after the one in which a node stands; with `beside`, only if that node's statement is in the same block."""

    node: "Node"
    code: Code
    beside: "Node | None" = None


@dataclass(frozen=True, slots=True)
class InsertAtTop:
    """A statement at the top of the body of a loop, function, class, `if` or `with`, after its docstring."""

    node: "Node"
    code: Code


@dataclass(frozen=True, slots=True)
class Delete:
    """Takes out a statement: the node itself, or the statement that a call is."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class MoveBefore:
    """Takes a statement from where it is and puts it before another one."""

    node: "Node"
    before: "Node"


@dataclass(frozen=True, slots=True)
class MoveAfter:
    """Takes a statement from where it is and puts it after another one."""

    node: "Node"
    after: "Node"


@dataclass(frozen=True, slots=True)
class RemoveItem:
    """Takes out an argument of a call, or an item of a list, tuple or set."""

    node: "Argument | Expr"


@dataclass(frozen=True, slots=True)
class SwapItems:
    """Exchanges two arguments of a call or two items of a display, each with what is written about it in its row."""

    one: "Argument | Expr"
    other: "Argument | Expr"


@dataclass(frozen=True, slots=True)
class InsertItem:
    """An item before another one, of the arguments of a call or of a display; with `after`, after it."""

    node: "Argument | Expr"
    code: Code
    after: bool = False


@dataclass(frozen=True, slots=True)
class SetArgument:
    """Gives a call a keyword argument, in place of the one that it has; `position` is where it may stand without its keyword."""

    call: "Expr"
    keyword: str
    code: Code
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Wrap:
    """Puts a statement, or those of a block from a first to a last, under a `with` of this code."""

    first: "Node"
    code: Code
    last: "Node | None" = None


@dataclass(frozen=True, slots=True)
class Decorate:
    """Puts a decorator, written without its `@`, nearest to a function."""

    node: "Node"
    code: Code


Change: TypeAlias = (
    Replace
    | Swap
    | InsertBefore
    | InsertAfter
    | InsertAtTop
    | Delete
    | MoveBefore
    | MoveAfter
    | RemoveItem
    | SwapItems
    | InsertItem
    | SetArgument
    | Wrap
    | Decorate
)


@dataclass(frozen=True, slots=True)
class Cure:
    """What would cure a sighting, titled in the imperative.

    The changes may lie in other files than the sighting. `reason` says why it is not safe to apply unseen, or why it is; a cure
    without changes is advice that only a person can follow, and is shown, never applied.
    """

    title: str
    changes: tuple[Change, ...]
    reason: str
    applicability: Applicability = Applicability.UNSAFE

"""The values of an abstract run: what a variable can hold, as far as training programs care.

A value is compared by identity. What the program can change about it (attributes, contents) lives in its `cells`, which only
the interpreter's heap writes; everything else about it never changes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from trainlint.program.traces import Trace

if TYPE_CHECKING:
    from trainlint.bindings.usage import Uses
    from trainlint.knowledge import facts
    from trainlint.program.events import Event, GradMode
    from trainlint.source import ir

Deps = frozenset["Event"]
"""The forward passes, draws and losses that a value was computed from."""
NONE: Deps = frozenset()


class Value:
    """Anything that a name can hold."""

    __slots__ = ()
    deps: Deps


@dataclass(slots=True, eq=False)
class Known(Value):
    """A Python constant. A `soft` one is the default of a setting: it has a value, and decides no branch."""

    value: Any
    soft: bool = False
    deps: Deps = NONE


NOTHING = Known(None)


@dataclass(slots=True, eq=False)
class Unknown(Value):
    """Something that was not followed. It keeps its identity: the same attribute of it is the same value."""

    deps: Deps = NONE
    uses: "Uses | None" = None
    """How the code that holds it uses it, where that could be read."""
    holds: "frozenset[Value]" = frozenset()
    """Networks and optimizers that it may have got hold of."""
    owner: "Value | None" = None
    """The value that it is a part of."""
    cells: dict[str, Value] = field(default_factory=dict)
    cut: bool = False
    """It certainly carries no graph."""


@dataclass(slots=True, eq=False)
class Tensor(Value):
    """A tensor or array; None in a field means not known."""

    deps: Deps = NONE
    graph: bool | None = None
    """Whether it carries a graph to parameters. Gradients that flow from it prove that it does."""
    kind: "facts.Kind | None" = None
    kind_node: "ir.Node | None" = None
    """Where it became that kind."""
    axis: int | None = None
    """The axis of a softmax-like kind."""
    units: int | None = None
    """Size of the class axis."""
    scale: "facts.Scale | None" = None
    scale_node: "ir.Node | None" = None
    dropout: "ir.Node | None" = None
    """The dropout that it came out of, with no weighted layer since."""
    classes: int | None = None
    """For class ids, how many different ones."""
    number: bool = False
    """A Python number (`item`)."""
    made: str | None = None
    """For a new tensor, what it is filled with: "zeros", "eye" … Else "parameter" (to be trained), "weights" (`.data` of something),
    "moved" (by a gradient), "remainder" (of a division), "period" (true once for so many numbers), "packed", "volatile",
    "sampled" (drawn at random by its probability)."""
    parameter: "Value | None" = None
    """The module whose parameter it is."""
    drawn: bool = False
    """A loop over all parameters of that module has drawn it: what is done to it is done to each of them."""
    trace: Trace | None = None
    """What happened to it on its way, where something did that rules ask about."""
    shape: tuple[int | None, ...] | None = None
    """Its sizes, None for one that is not known; None altogether where not even their number is."""
    cut: "ir.Node | None" = None
    """Where it lost its graph: a `detach`, an `item` …"""


@dataclass(slots=True, eq=False)
class Library(Value):
    """Something of a library with a table, by its full name."""

    name: str
    deps: Deps = NONE


@dataclass(slots=True, eq=False)
class Sequence(Value):
    """A list, tuple or set. `cells` holds "items", a tuple of values, and "open" where there may be more of the kind."""

    kind: Literal["list", "tuple", "set"]
    cells: dict[str, Any]
    born: tuple[Any, ...] = ()
    """The passes of loops in which it was made."""

    @property
    def items(self) -> tuple[Value, ...]:
        """The items that are known."""
        items: tuple[Value, ...] = self.cells["items"]
        return items

    @property
    def open(self) -> bool:
        """Whether there may be other items."""
        return bool(self.cells.get("open"))

    @property
    def repeated(self) -> bool:
        """Whether the other items are like these, made by further passes of a loop, and end as these end."""
        return self.cells.get("open") == "repeated"

    @property
    def deps(self) -> Deps:  # type: ignore[override]
        """Those of its items."""
        return _held_deps(self, 0)


def sequence(
    kind: Literal["list", "tuple", "set"], items: tuple[Value, ...], *, more: bool | str = False, born: tuple[Any, ...] = ()
) -> Sequence:
    """A new list, tuple or set; `more` tells whether there may be others, "repeated" where these are like these."""
    return Sequence(kind, {"items": items, "open": more} if more else {"items": items}, born)


@dataclass(slots=True, eq=False)
class Mapping(Value):
    """A dict. `cells` maps constant keys to values, and "" to True under `open` where there may be other keys."""

    cells: dict[Any, Any]
    open: bool = False
    born: tuple[Any, ...] = ()
    default: Value | None = None
    """What makes the value of a key that is missing, for a `defaultdict`."""

    @property
    def deps(self) -> Deps:  # type: ignore[override]
        """Those of its values."""
        return _held_deps(self, 0)


@dataclass(slots=True, eq=False)
class Either(Value):
    """One of several values, two or three."""

    options: tuple[Value, ...]

    @property
    def deps(self) -> Deps:  # type: ignore[override]
        """Those of all options."""
        return _held_deps(self, 0)


@dataclass(slots=True, eq=False)
class Iteration(Value):
    """Something to loop over that is made from other things: range, enumerate, zip, a dict's items, an iterator."""

    kind: str
    sources: tuple[Value, ...]
    node: "ir.Node"

    @property
    def deps(self) -> Deps:  # type: ignore[override]
        """Those of its sources."""
        return _held_deps(self, 0)


# Code ----------------------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Scope:
    """The variables of a module, class or function."""

    cells: dict[str, Value]
    parent: "Scope | None"
    module: "Module"
    function: "ir.FunctionDef | ir.Lambda | None" = None
    globals_: frozenset[str] = frozenset()
    nonlocals: frozenset[str] = frozenset()
    is_class: bool = False


@dataclass(slots=True, eq=False)
class Module(Value):
    """A Python module of the workspace."""

    path: Path
    name: str
    scope: Scope = None  # type: ignore[assignment]
    star_unresolved: bool = False
    """A star import of it could not be resolved: a name that is not found may come from there."""
    deps: Deps = NONE


Binding = Literal["plain", "static", "class", "property", "context"]


@dataclass(slots=True, eq=False)
class Function(Value):
    """A function of the workspace."""

    definition: "ir.FunctionDef | ir.Lambda"
    scope: Scope
    defaults: dict[str, Value]
    grad: "GradMode | None" = None
    """What its decorators do to the recording of gradients."""
    binding: Binding = "plain"
    owner: "Class | None" = None
    supplied: bool = False
    """A decorator calls it with arguments of its own making."""
    deps: Deps = NONE


@dataclass(slots=True, eq=False)
class Class(Value):
    """A class of the workspace. `mro` lists it and its bases, as far as known, in order of resolution."""

    definition: "ir.ClassDef"
    cells: dict[str, Value]
    bases: tuple[Value, ...]
    module: Module
    mro: "tuple[Value, ...]" = ()
    fields: "tuple[tuple[str, Value | None], ...]" = ()
    """The fields of a dataclass, with their defaults."""
    deps: Deps = NONE

    @property
    def resolved(self) -> bool:
        """Whether every base is known."""
        return not any(isinstance(base, Unknown | Either) for base in self.mro)

    @property
    def libraries(self) -> Iterator[str]:
        """The library classes among its bases, by name."""
        return (base.name for base in self.mro if isinstance(base, Library))

    def attribute(self, name: str, after: "Class | None" = None) -> Value | None:
        """What the class, or the first of its bases (past `after`, for `super()`), has under the name."""
        started = after is None
        for base in self.mro:
            if started and isinstance(base, Class) and (value := base.cells.get(name)) is not None:
                return value
            started = started or base is after
        return None


@dataclass(slots=True, eq=False)
class Method(Value):
    """A function or library method bound to its receiver; `function` is a name for methods of values known here."""

    receiver: Value
    function: "Function | str"

    @property
    def deps(self) -> Deps:  # type: ignore[override]
        """Those of the receiver."""
        return self.receiver.deps


@dataclass(slots=True, eq=False)
class Super(Value):
    """`super()`: its receiver, with attributes looked up past the class whose method is running."""

    receiver: "Object | Class"
    after: Class
    deps: Deps = NONE


@dataclass(slots=True, eq=False)
class Partial(Value):
    """`functools.partial`, and other callables that add arguments to a call."""

    function: Value
    positional: tuple[Value, ...]
    keywords: dict[str, Value]
    deps: Deps = NONE


@dataclass(slots=True, eq=False)
class Deferred(Value):
    """A call of a generator-based context manager: `run` plays it, calling back where it yields."""

    run: "Callable[[Callable[[Value], Value]], None]"
    deps: Deps = NONE


# Objects -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Object(Value):
    """An instance: of a workspace class (`cls`), of a library class (`name`), or both by inheritance.

    `fact` says what the library class is (a layer, a loss, a network …), `arguments` what it was constructed with.
    """

    node: "ir.Node"
    cls: Class | None = None
    name: str | None = None
    fact: "facts.Fact | None" = None
    arguments: dict[str, Value] = field(default_factory=dict)
    cells: dict[Any, Any] = field(default_factory=dict)
    module: bool = False
    """Whether it is an nn.Module."""
    uses: "Uses | None" = None
    foreign: bool = False
    """Nothing saw its construction: its contents are not known, and what its attributes hold follows from use."""
    deps: Deps = NONE
    born: tuple[Any, ...] = ()
    built: "tuple[Event, ir.Node] | None" = None
    """The forward pass inside of which it was built, and the call there that built it or what it is a part of."""
    asked: bool = False
    """Something has asked for its own parameters, and not for those of a network around it."""


@dataclass(slots=True, eq=False)
class Parameters(Value):
    """Parameters of modules: what `module.parameters()` gives. `complete` unless there may be others among them."""

    modules: frozenset[Value]
    complete: bool = True
    once: bool = False
    """It is an iterator: what draws from it a second time gets nothing."""
    deps: Deps = NONE


@dataclass(slots=True, eq=False)
class Training(Value):
    """The `.training` of a module whose mode is not decided."""

    module: Value
    deps: Deps = NONE


@dataclass(slots=True, eq=False)
class Gradient(Value):
    """The `.grad` of a parameter or tensor."""

    of: Value
    deps: Deps = NONE


@dataclass(slots=True, eq=False)
class Optimizer(Value):
    """An optimizer and whose parameters it holds."""

    node: "ir.Node"
    name: str | None = None
    fact: "facts.Optimizer | None" = None
    parameters: Parameters | None = None
    """None where they could not be read."""
    arguments: dict[str, Value] = field(default_factory=dict)
    uses: "Uses | None" = None
    cells: dict[Any, Any] = field(default_factory=dict)
    born: tuple[Any, ...] = ()
    """The passes of loops in which it was made."""
    deps: Deps = NONE


@dataclass(slots=True, eq=False)
class Scheduler(Value):
    """A learning-rate scheduler."""

    node: "ir.Node"
    fact: "facts.Scheduler | None" = None
    optimizer: Value | None = None
    arguments: dict[str, Value] = field(default_factory=dict)
    name: str | None = None
    deps: Deps = NONE


@dataclass(slots=True, eq=False)
class Weights(Value):
    """`module.state_dict()`: the network's parameters themselves, as they go on changing."""

    module: Value
    node: "ir.Node"
    taken: int
    """The number of events of the run before it."""
    deps: Deps = NONE


@dataclass(slots=True, eq=False)
class Data(Value):
    """A data set, loader, sampler or transform of a library, by its fact and arguments."""

    node: "ir.Node"
    fact: "facts.Fact"
    arguments: dict[str, Value]
    name: str = ""
    cells: dict[Any, Any] = field(default_factory=dict)
    deps: Deps = NONE


def union(values: "Iterator[Value] | tuple[Value, ...] | Any") -> Deps:
    """What any of the values was computed from."""
    deps = NONE
    for value in values:
        if isinstance(value, Value) and (more := value.deps) and more is not deps:
            deps = deps | more if deps else more
    return deps


MAX_NESTING = 6
"""How deep inside containers their contents are looked at; a container may hold itself."""


def _held_deps(value: Value, depth: int) -> Deps:
    if isinstance(value, Sequence):
        inside: Any = value.items
    elif isinstance(value, Mapping):
        inside = value.cells.values()
    elif isinstance(value, Either):
        inside = value.options
    elif isinstance(value, Iteration):
        inside = value.sources
    else:
        return value.deps
    deps = NONE
    if depth < MAX_NESTING:
        for each in inside:
            if isinstance(each, Value) and (more := _held_deps(each, depth + 1)) and more is not deps:
                deps = deps | more if deps else more
    return deps

"""What happens in a run of a training program, in the order in which it happens.

The abstract run yields these events with places in the source; a real run yields the same ones with numbers. Events are
compared by identity. Values that were computed from a forward pass, a batch or a loss carry those events in `deps`, so that
"this loss came out of that forward pass" is a set membership.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from trainlint.source.ir import ClassDef, FunctionDef

if TYPE_CHECKING:
    from trainlint.knowledge import facts
    from trainlint.program.values import Value
    from trainlint.source.ir import Node


class Answer(Enum):
    """The answer to a question about a run. A rule reports on a decided answer only."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Mode(Enum):
    """What `module.training` is."""

    TRAIN = "train"
    EVAL = "eval"
    UNKNOWN = "unknown"


class GradMode(Enum):
    """Whether operations are recorded for backward."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(slots=True, eq=False)
class Loop:
    """One activation of a loop: the same `for` statement entered again is another one."""

    node: "Node"
    iterable: "Value | None" = None
    """What a `for` draws from; None for a `while`."""
    breaks_at_once: bool = False
    """Its first pass ended with a `break` on every path: a dry run, not a loop."""
    exact: bool = False
    """Its passes are the items of a list that is known item by item; other loops are played twice, whatever they draw."""
    virtual: bool = False
    """Not in the text: a framework, or a caller that is not in sight, repeats the code."""
    known: bool = False
    """Not in the text, but nothing clears gradients in it besides what is."""


@dataclass(slots=True, eq=False)
class Pass:
    """One pass through a loop's body, counted from 1."""

    loop: Loop
    number: int


@dataclass(slots=True, eq=False)
class Event:
    """Something that happened at a place."""

    node: "Node"
    index: int = 0
    """Position in the run."""
    loops: tuple[Pass, ...] = ()
    """The passes of loops around it, outermost first."""
    guards: tuple[tuple[int, int], ...] = ()
    """The undecided branches around it, as (branching, arm)."""


@dataclass(slots=True, eq=False)
class Draw(Event):
    """A loop takes its next element, or `next()` does."""

    source: "Value | None" = None
    loop: Loop | None = None


Definition = FunctionDef | ClassDef

ModeState = frozenset[tuple[Mode, "ModeSet | None"]]
"""The modes that a module can be in, each with the event that set it (None: since its construction)."""


@dataclass(slots=True, eq=False)
class Forward(Event):
    """A network is applied to an input, called from outside of any network."""

    module: "Value | None" = None
    inputs: "tuple[Value, ...]" = ()
    argument: "Node | None" = None
    """The place of the first input among the call's arguments."""
    modes: ModeState = frozenset()
    grad: frozenset[GradMode] = frozenset()
    trained: bool = False
    """What came out of it reached a backward pass on some path."""
    scored: bool = False
    """What came out of it was measured against data, or became a number."""
    decided: bool = False
    """Class decisions were made from what came out of it."""
    returned: bool = False
    """What came out of it, graph and all, was returned to a caller out of sight."""
    escaped: bool = False
    """What came out of it, graph and all, went where the run could not follow."""
    mixed: bool = False
    """Parts of the network are in another mode than the whole."""
    frozen: bool = False
    """No parameter of the network requires a gradient."""
    cut: bool = False
    """A part of what came out of it was cut from its graph, with a tensor as the result: a target, a frozen feature, a metric."""
    still: "frozenset[Value]" = frozenset()
    """The modules whose parameters require none at that time."""
    layers: "list[LayerCall]" = field(default_factory=list)
    output: "Value | None" = None


@dataclass(slots=True, eq=False)
class LayerCall(Event):
    """A library layer, or its functional twin, is applied inside a network."""

    layer: "Value | None" = None
    role: "facts.Role | None" = None
    input: "Value | None" = None
    output: "Value | None" = None
    defined: "Node | None" = None
    """Where the layer was constructed (its call, for a functional one)."""
    argument: "Node | None" = None
    """For a functional one, what it is applied to: an argument, or the receiver of a method."""
    drops: bool | None = None
    """For a dropout function that is not told the mode: whether it drops in every mode (True) or in none (False)."""


@dataclass(slots=True, eq=False)
class LossComputed(Event):
    """A loss compares an input with a target."""

    fact: "facts.Loss | None" = None
    input: "Value | None" = None
    target: "Value | None" = None
    input_node: "Node | None" = None
    target_node: "Node | None" = None
    trained: bool = False
    """It reached a backward pass on some path, or may reach one in a caller out of sight."""
    reduction: str | None = None
    """How single losses become one, "mean" by default; None where that is not known."""
    within: "tuple[Definition, ...]" = ()
    """The functions and classes whose code computes it, innermost last."""
    defined: "Node | None" = None
    """Where the loss of the library was constructed (its call, for a function); None for a class of the workspace."""


@dataclass(slots=True, eq=False)
class Backward(Event):
    """Gradients are computed from a loss and added to those that are there."""

    loss: "Value | None" = None


@dataclass(slots=True, eq=False)
class Step(Event):
    """An optimizer changes its parameters."""

    optimizer: "Value | None" = None
    """The optimizer; for a step written by hand, the module or tensor that is moved."""
    closure: bool = False
    scaler: "Value | None" = None
    """The GradScaler that it goes through."""


@dataclass(slots=True, eq=False)
class Clear(Event):
    """Gradients of an optimizer's, module's or tensor's parameters are set to zero or None."""

    target: "Value | None" = None


@dataclass(slots=True, eq=False)
class Clip(Event):
    """Gradients are clipped; the target is None where it could not be read."""

    target: "Value | None" = None
    limit: "Value | None" = None
    """What they are clipped to, where a call says it."""


@dataclass(slots=True, eq=False)
class Unscale(Event):
    """A GradScaler unscales the gradients of an optimizer."""

    optimizer: "Value | None" = None


@dataclass(slots=True, eq=False)
class LossScaled(Event):
    """A GradScaler scales a loss up."""

    scaler: "Value | None" = None
    loss: "Value | None" = None


@dataclass(slots=True, eq=False)
class Update(Event):
    """A GradScaler adapts its scale."""

    scaler: "Value | None" = None


@dataclass(slots=True, eq=False)
class Schedule(Event):
    """A learning-rate scheduler advances."""

    scheduler: "Value | None" = None
    argument: "Value | None" = None
    """What its `step` is given: a metric, or the number of an epoch."""


@dataclass(slots=True, eq=False)
class Construct(Event):
    """An optimizer or a scheduler is constructed."""

    made: "Value | None" = None


@dataclass(slots=True, eq=False)
class Replace(Event):
    """A module becomes a part of a network whose parameters an optimizer was given before."""

    owner: "Value | None" = None
    module: "Value | None" = None


@dataclass(slots=True, eq=False)
class Doubled(Event):
    """The parameters of one network stand twice in a list."""

    module: "Value | None" = None


@dataclass(slots=True, eq=False)
class GradientRead(Event):
    """The gradients of a tensor are read or assigned by the program itself."""

    of: "Value | None" = None
    assigned: bool = False


@dataclass(slots=True, eq=False)
class Exhausted(Event):
    """Parameters are drawn from an iterator that an earlier use has drawn empty."""

    parameters: "Value | None" = None
    earlier: "Node | None" = None
    """The use that has drawn it empty."""


@dataclass(slots=True, eq=False)
class Carried(Event):
    """A network is given, graph and all, what an earlier pass of a loop has computed."""

    value: "Value | None" = None
    earlier: "tuple[Forward, ...]" = ()
    """The forward passes of earlier passes of the loop that it came out of."""


@dataclass(slots=True, eq=False)
class ConstantTerm(Event):
    """A loss that was made a number is added to what carries a graph: no gradient flows through it."""

    term: "Value | None" = None
    result: "Value | None" = None


@dataclass(slots=True, eq=False)
class WeightsUsed(Event):
    """A state dict is loaded into a network (None where that is not known), or saved."""

    weights: "Value | None" = None
    module: "Value | None" = None


@dataclass(slots=True, eq=False)
class GroupsUsed(Event):
    """The parameter groups of an optimizer are read, or changed: its learning rate may be another one afterwards, its parameters too."""

    optimizer: "Value | None" = None
    added: "Value | None" = None
    """The parameters of a group that is added."""


@dataclass(slots=True, eq=False)
class FlagSet(Event):
    """An attribute of a network or a parameter is assigned that looks as if it switched training on or off."""

    receiver: "Value | None" = None
    attribute: str = ""
    value: "Value | None" = None


@dataclass(slots=True, eq=False)
class ModeSet(Event):
    """`train()` or `eval()` on a module."""

    module: "Value | None" = None
    mode: Mode = Mode.UNKNOWN


@dataclass(slots=True, eq=False)
class Uncalled(Event):
    """A method is named as a statement and not called: `optimizer.zero_grad`."""

    receiver: "Value | None" = None
    method: str = ""


@dataclass(slots=True, eq=False)
class Retain(Event):
    """A value is added, with its graph, to a sum or collection that holds one from an earlier pass: `losses.append(loss)`."""

    value: "Value | None" = None
    holder: "Value | None" = None
    """The sum or collection as it was before."""
    earlier: "Forward | None" = None
    """A forward pass of an earlier pass of the loop, whose output it holds."""


@dataclass(slots=True, eq=False)
class Singular(Event):
    """A log or root is taken, with its gradient, of what can be exactly 0."""

    operation: str = ""
    """Either "log" or "sqrt"; this also stands for other powers between 0 and 1."""
    input: "Value | None" = None
    trained: bool = False
    """What came out of it reached a backward pass on some path, or may reach one in a caller out of sight."""


@dataclass(slots=True, eq=False)
class DeadTerm(Event):
    """A term through which no gradient goes, since an index or comparison made it, is added to a loss."""

    term: "Value | None" = None
    trained: bool = False
    """The sum reached a backward pass on some path."""


@dataclass(slots=True, eq=False)
class Supplied(Event):
    """A framework is given a loader to train on."""

    source: "Value | None" = None


@dataclass(slots=True, eq=False)
class Assembled(Event):
    """A pipeline of transforms is put together."""

    transform: "Value | None" = None


@dataclass(slots=True, eq=False)
class Rescaled(Event):
    """Data that are scaled to 0–1 are divided as if they ran to 255, or centred with statistics of such data."""

    data: "Value | None" = None


@dataclass(slots=True, eq=False)
class Discarded(Event):
    """A tensor is computed by a statement of its own, and nobody gets it: `x.to(device)`."""

    operation: str = ""
    subject: "Node | None" = None
    """What it is computed from: the receiver of the method, or the first argument."""


@dataclass(slots=True, eq=False)
class Repeated(Event):
    """`[layer] * n`, with a layer that is built right there."""

    layer: "Value | None" = None


@dataclass(slots=True, eq=False)
class Unregistered(Event):
    """After its construction, a network keeps modules in a plain list or dict, where it does not see them."""

    network: "Value | None" = None
    attribute: str = ""
    modules: "tuple[Value, ...]" = ()


@dataclass(slots=True, eq=False)
class LossBuilt(Event):
    """A loss is constructed with tensors in the places of its settings."""

    loss: "Value | None" = None
    argument: "Node | None" = None


@dataclass(slots=True, eq=False)
class Unread(Event):
    """A normalized copy is given a name that nothing reads; the raw value goes on."""

    variable: str = ""
    raw: "Node | None" = None
    """The first call after it that is given the raw value."""


@dataclass(slots=True, eq=False)
class Skip(Event):
    """A pass of a loop, or a function, may have ended here, depending on a remainder: what follows happens only in some passes."""


@dataclass(slots=True, eq=False)
class Touch(Event):
    """A call that could not be followed was given these optimizers and modules: it may have done anything to them."""

    touched: "frozenset[Value]" = frozenset()


@dataclass(slots=True, eq=False)
class Truncated(Event):
    """The run was cut short here: what comes later is not known."""

    reason: str = ""

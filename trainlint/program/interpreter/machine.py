"""The abstract machine: state of a run, branching, and the two ways into code, `evaluate` and `block`."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from trainlint.bindings.workspace import Workspace
from trainlint.knowledge.facts import Network
from trainlint.program.events import (
    Backward,
    DeadTerm,
    Event,
    Forward,
    GradMode,
    LossComputed,
    Mode,
    ModeState,
    Pass,
    Singular,
    Step,
    Truncated,
)
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.heap import Changes, Heap
from trainlint.program.joins import join
from trainlint.program.values import NOTHING, Deps, Module, Object, Optimizer, Scope, Unknown, Value
from trainlint.source import ir

if TYPE_CHECKING:
    from pathlib import Path

    from trainlint.bindings.usage import Uses

MAX_STEPS = 36_000
"""Statements and calls that one entry may take: all of them where there is an optimizer, half of them where there is none until then."""
IDLE_STEPS = 4_000
"""So many of them a function that nothing calls may take before the first event of training."""
WRITES_A_STEP = 16
"""So many writes that a branch or a way out has to look at take as long as one step."""

E = TypeVar("E", bound=Event)

Completion = str | None
"""How a block ended: None for its end, else "return", "break", "continue" or "raise" on every path."""


class RunTruncatedError(Exception):
    """The run takes too long; what it would have done is not known."""


@dataclass(slots=True, eq=False)
class Frame:
    """A call of a function, or a module body, that is being run."""

    scope: Scope
    mark: int
    depth: int
    """How many undecided branches were open when it was entered."""
    exits: list[tuple[Value, Changes | None]] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
    on_yield: Callable[[Value], Value] | None = None
    withs: int = 0
    finals: int = 0
    """How many `with` and `finally` blocks were around it when it was entered."""
    began: int = 0
    """How many steps the run had taken when it was entered."""
    captured: bool = False
    """A function was defined in it, which can see its variables after it has ended."""


@dataclass(slots=True, eq=False)
class LoopFrame:
    """A loop whose body is being run; what `break` and `continue` leave behind."""

    start: int
    mark: int
    depth: int
    withs: int = 0
    finals: int = 0
    breaks: list[Changes] = field(default_factory=list)
    continues: list[Changes] = field(default_factory=list)


class Machine:
    """Runs code on abstract values and records what happens."""

    def __init__(self, workspace: Workspace) -> None:
        """A machine in which nothing has run."""
        self.workspace = workspace
        self.heap = Heap()
        self.script: Path | None = None
        """The script that runs: its folder is where imports are looked for first."""
        self.modules: dict[Path, Module] = {}
        self.imported = 0
        """Characters of the modules that were run for this script."""
        self.reached: set[ir.Node] = set()
        """Definitions of functions that some run entered."""
        self.built: set[ir.Node] = set()
        """Definitions of classes that some run made an instance of."""
        self.driven: Counter[ir.Node] = Counter()
        """How many subclasses each inherited method was run for."""
        self.failures: list[tuple[Path, str]] = []
        """Entries on which the interpreter itself failed, with the reason."""
        self.modes: dict[Value, ModeState] = {}
        self.frozen: dict[Value, bool] = {}
        """The modules whose parameters require no gradient."""
        self.grad: dict[str, frozenset[GradMode]] = {"grad": _GRAD_ON}
        self.endless: dict[ir.Node, int] = {}
        """Definitions of functions that used up most of the steps of a run, with its limit: no run with that limit enters them again."""
        self.forward_like: dict[ir.FunctionDef, bool] = {}
        self.class_uses: dict[ir.ClassDef, Uses] = {}
        """How the methods of each class use `self`, where that was asked for."""
        self._branchings = count(1)
        self.begin()

    def begin(self, limit: int | None = None) -> None:
        """Prepares for another entry, which may take so many steps before it trains; what imports have made stays."""
        self.events: list[Event] = []
        self.frames: list[Frame] = []
        self.loop_frames: list[LoopFrame] = []
        self.loops: tuple[Pass, ...] = ()
        self.guards: tuple[tuple[int, int], ...] = ()
        self.forward: Forward | None = None
        self.building: ir.Node | None = None
        """Inside of a forward pass, the outermost call that builds a network of the workspace."""
        self.restored: list[frozenset[GradMode]] = []
        """For each `with` around the code that runs, the gradient mode that its end restores."""
        self.finals: list[tuple[ir.Block, int]] = []
        """The `finally` blocks around it, each with the undecided branches that were open at its `try`."""
        self.steps = 0
        self.limit = MAX_STEPS // 2 if limit is None else limit
        self.depth = 0
        self.optimizers: list[Optimizer] = []
        """The optimizers that were constructed so far, on any path."""
        self.consumed: dict[Value, tuple[ir.Node, tuple[Pass, ...]]] = {}
        """The iterators over parameters that are drawn empty, each with the use that did it."""
        self.periodic: dict[int, str] = {}
        """The branchings whose condition holds "once" in so many passes of a loop, or in "most" of them."""
        self.states: dict[Value, Forward] = {}
        """The states that recurrent layers have returned, each with the forward pass in which they did."""
        self.dispatches: set[int] = set()
        """The branchings over what a callee may be."""
        self.logged: dict[Value, str] = {}
        """Unknown values of which a logarithm was taken first ("whole"), or of 1 minus which ("complement")."""
        self.drawn: dict[Value, Value] = {}
        """What one element of each data set of the workspace is."""
        self.configured: dict[Value, Value] = {}
        """The optimizers that a framework keeps for each instance of one of its classes."""
        self.settled: dict[Value, int] = {}
        """The branchings over settings that nobody changes."""
        self.assumed: dict[Value, bool] = {}
        """What an enclosing branch has found out about a value's truth."""

    # Running code

    def evaluate(self, node: ir.Expr) -> Value:
        """The value of an expression."""
        return EVALUATE[type(node)](self, node)

    def block(self, statements: ir.Block) -> Completion:
        """Runs statements in order until one of them leaves."""
        for statement in statements:
            self.steps += 1
            if self.steps > self.limit:
                self.prolong()
            completion = EXECUTE[type(statement)](self, statement)
            if completion is not None:
                return completion
        return None

    def call(self, function: Value, arguments: Arguments, node: ir.Expr) -> Value:
        """The value of a call."""
        self.steps += 1
        if self.steps > self.limit:
            self.prolong()
        return CALL.get(type(function), CALL[object])(self, function, arguments, node)

    def prolong(self) -> None:
        """Goes on beyond a limit where there is training to be followed."""
        is_half = self.limit >= MAX_STEPS // 2
        trains = bool(self.optimizers) if is_half else any(isinstance(event, TRAINING) for event in self.events)
        if self.steps > MAX_STEPS or not trains:
            raise RunTruncatedError
        self.limit = MAX_STEPS if is_half else MAX_STEPS // 2

    # Events and state

    def emit(self, event: E) -> E:
        """Records an event."""
        event.index = len(self.events)
        event.loops = self.loops
        event.guards = self.guards
        self.events.append(event)
        return event

    def write(self, cells: dict[Any, Any], key: Any, value: Any) -> None:
        """Changes a cell of the program's state."""
        self.heap.write(cells, key, value)

    @property
    def frame(self) -> Frame:
        """The innermost call."""
        return self.frames[-1]

    @property
    def scope(self) -> Scope:
        """The variables in sight."""
        return self.frames[-1].scope

    def grad_mode(self) -> frozenset[GradMode]:
        """Whether gradients are recorded now, on the paths that lead here."""
        return self.grad["grad"]

    def set_grad(self, modes: frozenset[GradMode]) -> None:
        """Switches the recording of gradients."""
        self.write(self.grad, "grad", modes)

    def mode_of(self, module: Value) -> ModeState:
        """The modes that a module may be in; a part of an unknown network is in its network's mode."""
        current: Value | None = module
        while current is not None:
            if (state := self.modes.get(current)) is not None:
                return state
            owner = current.cells.get("<owner>") if isinstance(current, Object) else getattr(current, "owner", None)
            current = owner if isinstance(owner, Value) else None
        if not isinstance(module, Object) or module.foreign:
            return _MODE_UNKNOWN
        return _MODE_EVALUATING if isinstance(module.fact, Network) and module.fact.evaluating else _MODE_INITIAL

    def score(self, deps: Deps, *, by_loss: bool = False) -> None:
        """What was computed from these events is measured against data, or becomes a number; inside a network only a loss does so."""
        if self.forward is not None and not by_loss:
            return
        for event in deps:
            if type(event) is Forward:
                event.scored = True

    def decide(self, deps: Deps) -> None:
        """Class decisions are made from what was computed from these events."""
        for event in deps:
            if type(event) is Forward:
                event.decided = True

    def trained(self, deps: Deps) -> None:
        """What was computed from these events reaches a backward pass."""
        for event in deps:
            if type(event) in _TRAINABLE:
                event.trained = True  # type: ignore[attr-defined]

    def truncated(self, node: ir.Node, reason: str) -> None:
        """Records that from here on the run is not known."""
        self.emit(Truncated(node, reason=reason))

    # Branching

    def fork(
        self, arms: Sequence[Callable[[], Completion]], *, periodic: str = "", dispatch: bool = False, over: Value | None = None
    ) -> Completion:
        """Runs the arms of an undecided branch, each from the state as it is now, and joins what they leave behind.

        Branches `over` one setting are one branching: where it is true once, it is true throughout the program.
        """
        heap, guards = self.heap, self.guards
        branching = next(self._branchings) if over is None else self.settled.setdefault(over, next(self._branchings))
        if periodic:
            self.periodic[branching] = periodic
        if dispatch:
            self.dispatches.add(branching)
        mark = heap.mark()
        ends: list[Changes] = []
        last: Completion = None
        for number, arm in enumerate(arms):
            self.guards = (*guards, (branching, number))
            completion = arm()
            self.steps += (heap.mark() - mark) // WRITES_A_STEP
            if completion is None:
                ends.append(heap.changes(mark))
            else:
                last = completion
            heap.rollback(mark)
        self.guards = guards
        if not ends:
            return last
        heap.merge(ends, join)
        return None

    def choose(self, arms: Sequence[Callable[[], Value]], *, dispatch: bool = False) -> Value:
        """As `fork`, for expressions: the value of any of the arms."""
        values: list[Value] = []

        def run(arm: Callable[[], Value]) -> Callable[[], Completion]:
            def body() -> Completion:
                values.append(arm())
                return None

            return body

        self.fork([run(arm) for arm in arms], dispatch=dispatch)
        joined: Value = join(values)
        return joined

    def leave(self, value: Value) -> None:
        """A `return` in the innermost call."""
        frame = self.frames[-1]
        straight = not frame.exits and len(self.guards) == frame.depth
        frame.exits.append((value, None if straight else self.way_out(frame.mark, frame.withs, frame.finals)))

    def way_out(self, mark: int, withs: int, finals: int) -> Changes:
        """What a jump out of `with` and `try` blocks leaves behind: contexts are left, and `finally` blocks run."""
        blocks = self.finals
        for number in range(len(blocks), finals, -1):
            block, depth = blocks[number - 1]
            self.finals = blocks[: number - 1]
            if depth < len(self.guards):
                self.block(block)
        self.finals = blocks
        # What looking at many writes costs counts as steps: a function with hundreds of returns must not run for minutes.
        self.steps += (self.heap.mark() - mark) // WRITES_A_STEP
        changes = self.heap.changes(mark)
        if len(self.restored) > withs:
            changes[(id(self.grad), "grad")] = (self.grad, "grad", self.restored[withs])
        return changes

    def finish(self, frame: Frame, completion: Completion) -> Value:
        """The value of a call whose body has been run, with the state that any of its returns leaves behind."""
        exits = frame.exits
        if not exits:
            return NOTHING
        if len(exits) == 1 and completion is not None and exits[0][1] is None:
            return exits[0][0]
        heap, local = self.heap, id(frame.scope.cells)
        ends = [changes for _, changes in exits if changes is not None]
        values = [value for value, _ in exits]
        if completion is None:
            ends.append(heap.changes(frame.mark))
            values.append(NOTHING)
        heap.rollback(frame.mark)
        heap.merge([{place: change for place, change in end.items() if place[0] != local} for end in ends], join)
        joined: Value = join(values)
        return joined

    def unknown(self, deps: Deps = frozenset()) -> Unknown:
        """A value of which only its origin is known."""
        return Unknown(deps)

    def is_running(self, definition: ir.Node, limit: int = 2) -> bool:
        """Whether the function is being run already, so that a further call would be a deep recursion."""
        return sum(frame.scope.function is definition for frame in self.frames) >= limit


TRAINING = (Forward, LossComputed, Backward, Step)
"""Events that only training code has."""
_TRAINABLE = {Forward, LossComputed, Singular, DeadTerm}
_GRAD_ON = frozenset({GradMode.ON})
_MODE_INITIAL: ModeState = frozenset({(Mode.TRAIN, None)})
_MODE_EVALUATING: ModeState = frozenset({(Mode.EVAL, None)})
_MODE_UNKNOWN: ModeState = frozenset({(Mode.UNKNOWN, None)})

Evaluate = Callable[[Machine, Any], Value]
Execute = Callable[[Machine, Any], Completion]
CallHandler = Callable[[Machine, Any, Arguments, ir.Expr], Value]

EVALUATE: dict[type, Evaluate] = {}
"""How each kind of expression is evaluated; the modules beside this one fill it."""
EXECUTE: dict[type, Execute] = {}
"""How each kind of statement is run."""
CALL: dict[type, CallHandler] = {}
"""How each kind of value is called; `object` stands for all others."""

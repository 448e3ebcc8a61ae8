"""Running statements."""

from collections.abc import Callable
from functools import partial

from trainlint.program.events import Draw, Loop, Pass, Skip, Uncalled
from trainlint.program.interpreter import acts, contexts, imports, in_place, iteration, operators, oversights
from trainlint.program.interpreter.assignment import assign
from trainlint.program.interpreter.calls import read_arguments
from trainlint.program.interpreter.definitions import define_class, define_function
from trainlint.program.interpreter.heap import Changes
from trainlint.program.interpreter.machine import EXECUTE, Completion, LoopFrame, Machine
from trainlint.program.interpreter.truth import cell_of, is_periodic, is_setting, narrow, truth
from trainlint.program.interpreter.variables import bind_name
from trainlint.program.joins import join
from trainlint.program.values import (
    NOTHING,
    Either,
    Gradient,
    Known,
    Method,
    Object,
    Optimizer,
    Parameters,
    Scheduler,
    Tensor,
    Unknown,
    Value,
)
from trainlint.source import ir


def _expression(machine: Machine, node: ir.Expression) -> Completion:
    if isinstance(node.value, ir.Call) and isinstance(node.value.function, ir.Attribute):
        function = machine.evaluate(node.value.function)
        arguments = read_arguments(machine, node.value.arguments)
        result = machine.call(function, arguments, node.value)
        if node.value.function.attr.endswith("_"):
            in_place.by_method(machine, node.value.function, function, result)
        elif "out" in arguments.keyword_nodes:
            in_place.by_output(machine, arguments.keyword_nodes["out"], result)
        else:
            oversights.note_discarded(machine, function, arguments, result, node.value)
        return None
    value = machine.evaluate(node.value)
    if isinstance(node.value, ir.Attribute) and isinstance(value, Method):
        machine.emit(Uncalled(node.value, receiver=value.receiver, method=node.value.attr))
    return None


def _assign(machine: Machine, node: ir.Assign) -> Completion:
    value = machine.evaluate(node.value)
    if machine.loops and isinstance(value, Known) and _counts(node):
        value = Tensor(value.deps, graph=False, number=True)
    for target in node.targets:
        assign(machine, target, value)
    if isinstance(node.value, ir.BinaryOperation | ir.Call):
        oversights.note_unread(machine, node, value)
    return None


def _counts(node: ir.Assign) -> bool:
    """Whether this is `i = i + 1`: in a loop, the value of two passes says nothing of the others."""
    if not isinstance(node.value, ir.BinaryOperation):
        return False
    names = {target.id for target in node.targets if isinstance(target, ir.Name)}
    return any(isinstance(side, ir.Name) and side.id in names for side in (node.value.left, node.value.right))


def _annotated(machine: Machine, node: ir.AnnotatedName) -> Completion:
    if node.value is not None:
        assign(machine, node.target, machine.evaluate(node.value))
    return None


def _augmented(machine: Machine, node: ir.AugmentedAssign) -> Completion:
    old, added = machine.evaluate(node.target), machine.evaluate(node.value)
    if isinstance(added, Gradient) and node.operator in {"+", "-"} and _is_moved(old, added):
        # `p -= lr * p.grad`: in place, so that it stays the same parameter.
        acts.step(machine, acts.mover(added.of), node)
        return None
    value = operators.augmented(machine, node, old, added)
    assign(machine, node.target, value)
    in_place.of_part(machine, old, value)
    return None


def _is_moved(old: Value, added: Gradient) -> bool:
    if old is added.of:
        return True
    return isinstance(old, Tensor) and (old.parameter is not None or old.made in {"parameter", "weights"})


def _delete(machine: Machine, node: ir.Delete) -> Completion:
    for target in node.targets:
        if isinstance(target, ir.Name):
            machine.heap.delete(machine.scope.cells, target.id)
        elif isinstance(target, ir.Attribute) and isinstance(gradient := machine.evaluate(target), Gradient):
            acts.clear(machine, gradient.of, target)
    return None


def _return(machine: Machine, node: ir.Return) -> Completion:
    machine.leave(NOTHING if node.value is None else machine.evaluate(node.value))
    return "return"


def _raise(machine: Machine, node: ir.Raise) -> Completion:
    if node.value is not None:
        machine.evaluate(node.value)
    return "raise"


def _assert(machine: Machine, node: ir.Assert) -> Completion:
    return "raise" if truth(machine, machine.evaluate(node.test)) is False else None


def _break(machine: Machine, node: ir.Break) -> Completion:
    loop = machine.loop_frames[-1]
    loop.breaks.append(machine.way_out(loop.start, loop.withs, loop.finals))
    return "break"


def _continue(machine: Machine, node: ir.Continue) -> Completion:
    loop = machine.loop_frames[-1]
    loop.continues.append(machine.way_out(loop.mark, loop.withs, loop.finals))
    return "continue"


def _scoped(machine: Machine, node: ir.Scoped) -> Completion:
    scope = machine.scope
    if node.kind == "global":
        scope.globals_ |= frozenset(node.names)
    else:
        scope.nonlocals |= frozenset(node.names)
    return None


def _unknown(machine: Machine, node: ir.Unknown) -> Completion:
    machine.truncated(node, "a statement here could not be read")
    return None


def _if(machine: Machine, node: ir.If) -> Completion:
    value = machine.evaluate(node.test)
    decided = truth(machine, value)
    if decided is not None:
        return machine.block(node.body if decided else node.orelse)

    def arm(body: ir.Block, *, outcome: bool) -> Callable[[], Completion]:
        def run() -> Completion:
            with narrow(machine, node.test, value, outcome=outcome) as possible:
                return machine.block(body) if possible else "raise"

        return run

    share = _share(value)
    left: list[Completion] = []

    def noted(run: Callable[[], Completion]) -> Callable[[], Completion]:
        def body() -> Completion:
            left.append(run())
            return left[-1]

        return body

    arms = [arm(node.body, outcome=True), arm(node.orelse, outcome=False)]
    completion = machine.fork(
        [noted(each) for each in arms] if share else arms,
        periodic=share,
        dispatch=_asks_for_scheduler(machine, node.test),
        over=value if is_setting(value) else None,
    )
    if completion is None and any(left):
        machine.emit(Skip(node))
    return completion


def _asks_for_scheduler(machine: Machine, test: ir.Expr) -> bool:
    """Whether the condition is that there is a scheduler, `if scheduler is not None`: where there is one, that arm is taken."""
    subject = test.left if isinstance(test, ir.Comparison) else test
    if not isinstance(subject, ir.Name | ir.Attribute):
        return False
    cells, key = cell_of(machine, subject)
    value = cells.get(key) if cells is not None else None
    if not isinstance(value, Either):
        return False
    return all(isinstance(option, Scheduler) or (isinstance(option, Known) and option.value is None) for option in value.options)


def _share(value: Value) -> str:
    """How often a condition about a remainder holds: "once" in so many passes, or in "most"; "" for other conditions."""
    if not is_periodic(value):
        return ""
    return "most" if isinstance(value, Tensor) and value.made == "remainder" else "once"


def _for(machine: Machine, node: ir.For) -> Completion:
    iterable = machine.evaluate(node.iterable)
    iteration.consume(machine, iterable, node)
    return run_for(machine, node, iterable, node.target, lambda: machine.block(node.body), node.orelse)


def run_for(
    machine: Machine, node: ir.Node, iterable: Value, target: ir.Expr | None, body: Callable[[], Completion], orelse: ir.Block = ()
) -> Completion:
    """Runs a loop over a value: each item of a short list that is known, or two passes over anything else."""
    items = iteration.unrolled(iterable)
    loop = Loop(node, iterable=iterable, exact=items is not None)

    def bind(number: int) -> None:
        draw = machine.emit(Draw(node, source=iterable, loop=loop))
        value = iteration.drawn(items[number], draw) if items is not None else iteration.element(machine, iterable, draw)
        if target is not None:
            assign(machine, target, value)

    return run_loop(machine, loop, bind, body, 2 if items is None else len(items), exact=items is not None, orelse=orelse)


def _while(machine: Machine, node: ir.While) -> Completion:
    loop = Loop(node)
    decided = truth(machine, machine.evaluate(node.test))
    if decided is False:
        return machine.block(node.orelse)

    def bind(number: int) -> None:
        if number:
            machine.evaluate(node.test)

    endless = isinstance(node.test, ir.Constant) and decided is True
    return run_loop(machine, loop, bind, lambda: machine.block(node.body), 2, exact=False, endless=endless, orelse=node.orelse)


def run_loop(
    machine: Machine,
    loop: Loop,
    bind: Callable[[int], None],
    body: Callable[[], Completion],
    passes: int,
    *,
    exact: bool,
    endless: bool = False,
    orelse: ir.Block = (),
) -> Completion:
    """Runs the passes of a loop. What the first pass leaves behind meets the second; a pass without events is not repeated."""
    heap, outer = machine.heap, machine.loops
    frame = LoopFrame(heap.mark(), 0, len(machine.guards), len(machine.restored), len(machine.finals))
    machine.loop_frames.append(frame)
    completion: Completion = None
    try:
        for number in range(passes):
            frame.mark = heap.mark()
            frame.continues.clear()
            machine.loops = (*outer, Pass(loop, number + 1))
            bind(number)
            drawn = len(machine.events)
            completion = body()
            if frame.continues:
                ends = [*frame.continues, *([heap.changes(frame.mark)] if completion is None else [])]
                heap.rollback(frame.mark)
                heap.merge(ends, join)
                completion = None
            if completion is not None:
                loop.breaks_at_once = number == 0 and completion == "break"
                break
            if number == 0 and not exact and len(machine.events) == drawn and not _carries_over(machine, frame.mark):
                break
    finally:
        machine.loops = outer
        machine.loop_frames.pop()
    if frame.breaks:
        ended = heap.changes(frame.start) if completion is None and not endless else None
        heap.rollback(frame.start)
        ways: list[Callable[[], Completion]] = [partial(_after, machine, changes, ()) for changes in frame.breaks]
        if ended is not None:
            ways.append(partial(_after, machine, ended, orelse))
        return machine.fork(ways) if len(ways) > 1 else ways[0]()
    if completion in {"return", "raise"}:
        return completion
    return machine.block(orelse) if completion is None and orelse else None


def _after(machine: Machine, changes: Changes, orelse: ir.Block) -> Completion:
    """One way out of a loop: what it has left behind, and the loop's `else` where it was not a `break`."""
    machine.heap.apply(changes)
    return machine.block(orelse)


def _carries_over(machine: Machine, mark: int) -> bool:
    """Whether a pass without events left something behind that could matter to the next: a layer in a list, an output."""
    return any(_matters(cells.get(key)) for cells, key, _ in machine.heap.journal[mark:])


def _matters(value: object) -> bool:
    if isinstance(value, tuple):
        return any(_matters(item) for item in value)
    return isinstance(value, Object | Optimizer | Parameters) or (isinstance(value, Tensor) and bool(value.deps) and not value.number)


def _with(machine: Machine, node: ir.With) -> Completion:
    return contexts.run_with(machine, node.items, lambda: machine.block(node.body))


def _try(machine: Machine, node: ir.Try) -> Completion:
    if node.finalbody:
        machine.finals.append((node.finalbody, len(machine.guards)))
    completion = _tried(machine, node)
    if node.finalbody:
        machine.finals.pop()
        final = machine.block(node.finalbody)
        return final or completion
    return completion


def _tried(machine: Machine, node: ir.Try) -> Completion:
    completion = machine.block((*node.body, *node.orelse))

    def handler(handler: ir.Handler) -> Callable[[], Completion]:
        def run() -> Completion:
            if handler.name is not None:
                bind_name(machine, handler.name, Unknown())
            return machine.block(handler.body)

        return run

    if node.handlers:
        arms: list[Callable[[], Completion]] = [handler(each) for each in node.handlers]
        completion = machine.fork([lambda: completion, *arms])
    return completion


def _match(machine: Machine, node: ir.Match) -> Completion:
    subject = machine.evaluate(node.subject)

    def arm(names: tuple[str, ...], body: ir.Block) -> Callable[[], Completion]:
        def run() -> Completion:
            for name in names:
                bind_name(machine, name, Unknown(subject.deps))
            return machine.block(body)

        return run

    return machine.fork([*(arm(names, body) for names, body in node.cases), lambda: None])


def _function(machine: Machine, node: ir.FunctionDef) -> Completion:
    bind_name(machine, node.name, define_function(machine, node))
    return None


def _class(machine: Machine, node: ir.ClassDef) -> Completion:
    bind_name(machine, node.name, define_class(machine, node))
    return None


EXECUTE.update(
    {
        ir.Expression: _expression,
        ir.Assign: _assign,
        ir.AnnotatedName: _annotated,
        ir.AugmentedAssign: _augmented,
        ir.Delete: _delete,
        ir.Return: _return,
        ir.Raise: _raise,
        ir.Assert: _assert,
        ir.Break: _break,
        ir.Continue: _continue,
        ir.Scoped: _scoped,
        ir.Unknown: _unknown,
        ir.Import: imports.run_import,
        ir.ImportFrom: imports.run_import_from,
        ir.If: _if,
        ir.For: _for,
        ir.While: _while,
        ir.With: _with,
        ir.Try: _try,
        ir.Match: _match,
        ir.FunctionDef: _function,
        ir.ClassDef: _class,
    }
)

"""`with` blocks: what they do to the recording of gradients, and the code of context managers of the workspace."""

from collections.abc import Callable

from trainlint.knowledge.facts import Context, Grad
from trainlint.knowledge.library import lookup
from trainlint.program.events import GradMode
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.assignment import assign
from trainlint.program.interpreter.machine import Completion, Machine
from trainlint.program.values import NOTHING, Deferred, Either, Known, Method, Object, Unknown, Value
from trainlint.source import ir

Items = tuple[tuple[ir.Expr, ir.Expr | None], ...]


def run_with(machine: Machine, items: Items, body: Callable[[], Completion]) -> Completion:
    """Runs a body inside the first of the context managers, inside the second, and so on."""
    if not items:
        return body()
    (expression, target), rest = items[0], items[1:]
    before = machine.grad_mode()
    manager = machine.evaluate(expression)
    if machine.grad_mode() is not before:
        machine.set_grad(before)

    def inside(entered: Value) -> Completion:
        if target is not None:
            assign(machine, target, entered)
        return run_with(machine, rest, body)

    return enter(machine, manager, inside, expression)


def enter(machine: Machine, manager: Value, inside: Callable[[Value], Completion], node: ir.Expr) -> Completion:
    """Runs `inside` between a context manager's entry and exit."""
    if isinstance(manager, Object) and isinstance(manager.fact, Context):
        return _with_grad(machine, grad_of(manager), lambda: inside(_entered(manager)))
    if isinstance(manager, Object) and manager.cls is not None:
        return _enter_object(machine, manager, inside, node)
    if isinstance(manager, Deferred):
        return _enter_generator(machine, manager, inside)
    if isinstance(manager, Either):
        modes = frozenset().union(*(_may_set(machine, option) for option in manager.options))
        return _with_grad(machine, modes, lambda: inside(Unknown(manager.deps)))
    return _with_grad(machine, _may_set(machine, manager), lambda: inside(manager if isinstance(manager, Unknown | Object) else Unknown()))


def _may_set(machine: Machine, manager: Value) -> frozenset[GradMode]:
    if isinstance(manager, Object) and isinstance(manager.fact, Context):
        return grad_of(manager) or machine.grad_mode()
    if isinstance(manager, Object) and manager.name is not None:
        return machine.grad_mode()
    if not isinstance(manager, Unknown | Object) or (isinstance(manager, Unknown) and manager.cut):
        # A file, a progress bar: nothing that has to do with gradients.
        return machine.grad_mode()
    return frozenset({GradMode.UNKNOWN})


def switches_gradients(fact: object) -> bool:
    """Whether the thing with this fact is a context that switches the recording of gradients."""
    return isinstance(fact, Context) and fact.grad is not Grad.SAME


def grad_of(manager: Object) -> frozenset[GradMode] | None:
    """What a tabled context manager does to the recording of gradients; None for nothing."""
    fact = manager.fact
    assert isinstance(fact, Context)
    if fact.grad is Grad.SAME:
        return None
    if fact.grad is not Grad.ARGUMENT:
        return frozenset({GradMode.OFF if fact.grad is Grad.OFF else GradMode.ON})
    return grad_argument(fact, next(iter(manager.arguments.values()), None))


def grad_argument(fact: Context, argument: Value | None) -> frozenset[GradMode]:
    """The gradient mode that `set_grad_enabled(argument)` or `inference_mode(argument)` sets."""
    if argument is None:
        return frozenset({GradMode.OFF if fact.off else GradMode.ON})
    if isinstance(argument, Known) and not argument.soft:
        return frozenset({GradMode.OFF if bool(argument.value) is fact.off else GradMode.ON})
    return frozenset({GradMode.UNKNOWN})


def _entered(manager: Object) -> Value:
    fact = manager.fact
    assert isinstance(fact, Context)
    if fact.enters is not None and fact.enters in manager.arguments:
        return manager.arguments[fact.enters]
    return Unknown() if fact.enters is None else manager


def _with_grad(machine: Machine, modes: frozenset[GradMode] | None, inside: Callable[[], Completion]) -> Completion:
    if modes is None:
        return inside()
    before = machine.grad_mode()
    machine.set_grad(modes)
    machine.restored.append(before)
    completion = inside()
    machine.restored.pop()
    machine.set_grad(before)
    return completion


def _enter_object(machine: Machine, manager: Object, inside: Callable[[Value], Completion], node: ir.Expr) -> Completion:
    assert manager.cls is not None
    start, end = manager.cls.attribute("__enter__"), manager.cls.attribute("__exit__")
    entered: Value = Unknown()
    if start is not None:
        entered = machine.call(Method(manager, start), Arguments(), node)  # type: ignore[arg-type]
    elif not manager.cls.resolved or any(switches_gradients(lookup(name)) for name in manager.cls.libraries):
        return _with_grad(machine, frozenset({GradMode.UNKNOWN}), lambda: inside(manager))
    completion = inside(entered)
    if end is not None:
        machine.call(Method(manager, end), Arguments((NOTHING, NOTHING, NOTHING), {}, (node, node, node)), node)  # type: ignore[arg-type]
    return completion


def _enter_generator(machine: Machine, manager: Deferred, inside: Callable[[Value], Completion]) -> Completion:
    """Plays a generator-based context manager; the body runs in the frame of the `with`, at the generator's `yield`."""
    height, completions, loop_frames = len(machine.frames), [], machine.loop_frames

    def at_yield(value: Value) -> Value:
        frames, inner = machine.frames, machine.loop_frames
        machine.frames, machine.loop_frames = frames[:height], loop_frames
        try:
            completions.append(inside(value))
        finally:
            machine.frames, machine.loop_frames = frames, inner
        return NOTHING

    manager.run(at_yield)
    return completions[0] if completions else inside(Unknown())

"""Variables: which scope holds a name, and what it is bound to there."""

from trainlint.program.interpreter.machine import Machine
from trainlint.program.values import Scope, Value


def bind_name(machine: Machine, name: str, value: Value) -> None:
    """Gives a variable of the current scope a value."""
    frame = machine.frames[-1]
    scope = frame.scope
    if name in scope.globals_ or name in scope.nonlocals:
        machine.write(home(scope, name).cells, name, value)
    elif len(machine.guards) == frame.depth and not machine.loop_frames and scope.function is not None:
        # Nothing inside this call will be rolled back, and what is rolled back around it forgets its variables altogether.
        scope.cells[name] = value
    else:
        machine.heap.write(scope.cells, name, value)


def home(scope: Scope, name: str) -> Scope:
    """The scope whose variable an assignment to `name` changes."""
    if name in scope.globals_:
        return scope.module.scope
    if name in scope.nonlocals:
        outer = scope.parent
        while outer is not None and (outer.is_class or name not in outer.cells):
            outer = outer.parent
        return outer or scope
    return scope

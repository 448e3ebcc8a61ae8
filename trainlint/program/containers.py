"""Questions about containers of modules: what a `Sequential` or a `ModuleList` holds."""

from trainlint.knowledge.facts import Layer, Role
from trainlint.program.values import Object, Unknown, Value


def children(container: Object) -> list[Value]:
    """The modules of a container, in order."""
    return [value for key, value in container.cells.items() if isinstance(value, Object | Unknown) and key != "<owner>"]


def is_complete(container: Object) -> bool:
    """Whether it certainly holds no other modules, and none that is not like these."""
    return not container.cells.get("<open>")


def listed(value: Object) -> tuple[Value, ...] | None:
    """The modules that a loop over a `Sequential` or `ModuleList` runs through; None for another value, or where there may be more."""
    is_list = isinstance(value.fact, Layer) and value.fact.role in {Role.SEQUENCE, Role.LIST}
    return tuple(children(value)) if is_list and is_complete(value) else None

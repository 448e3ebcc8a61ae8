"""Which values carry a graph to parameters."""

from trainlint.program.values import MAX_NESTING, Either, Known, Mapping, Sequence, Tensor, Unknown, Value


def is_cut(value: Value, depth: int = 0) -> bool:
    """Whether the value certainly carries no graph."""
    if depth > MAX_NESTING:
        return False
    if isinstance(value, Tensor):
        return value.graph is False
    if isinstance(value, Sequence):
        return all(is_cut(item, depth + 1) for item in value.items)
    if isinstance(value, Mapping):
        return all(is_cut(item, depth + 1) for item in value.cells.values())
    if isinstance(value, Either):
        return all(is_cut(option, depth + 1) for option in value.options)
    return isinstance(value, Known) or (isinstance(value, Unknown) and value.cut)

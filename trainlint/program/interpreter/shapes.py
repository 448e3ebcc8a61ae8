"""The sizes of tensors, as far as losses and softmaxes ask for them."""

from trainlint.knowledge import facts
from trainlint.knowledge.facts import Effect, Function, Role
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.values import Known, Object, Sequence, Tensor, Unknown, Value
from trainlint.source import ir

Shape = tuple[int | None, ...]

_SAME = {
    "to", "float", "double", "half", "bfloat16", "cuda", "cpu", "xpu", "clone", "contiguous", "detach", "type", "type_as", "long", "int",
    "short", "bool", "byte", "flip", "roll", "positive", "pin_memory", "astype", "copy", "numpy", "from_numpy", "Variable", "zero_",
    "fill_",
    "normal_", "uniform_", "copy_", "as_tensor", "asarray", "array", "ascontiguousarray",
}  # fmt: skip
_ELEMENTWISE = {Effect.ACTIVATE, Effect.DROPOUT, Effect.NORMALIZE, Effect.BATCH_NORM, Effect.CENTRE}
_UNARY = {"neg", "abs", "square", "sqrt", "rsqrt", "exp", "log", "clamp"}


def of_function(name: str, fact: Function, tensor: Tensor, arguments: Arguments, result: Tensor) -> Shape | None:
    """The sizes of what a function gives; `tensor` is what it is applied to, `result` what is known of its result."""
    bare, shape = name.rpartition(".")[2], tensor.shape
    if fact.effect in {Effect.FRESH, Effect.CLASS_IDS}:
        return _fresh(bare, tensor, arguments, fact)
    if bare == "tensor" or bare.endswith("Tensor"):
        return _nested(arguments.positional[0] if arguments.positional else None)
    if fact.effect in {Effect.KEEP, Effect.CUT, Effect.ARRAY, Effect.TENSOR, Effect.IN_PLACE_FILL} and bare in _SAME:
        return shape
    if fact.effect in _ELEMENTWISE or (fact.effect is Effect.ARITHMETIC and fact.operation in _UNARY):
        return shape
    if fact.effect is Effect.UNIT:
        return shape or ((None, None, None) if fact.dtype is None else None)
    if fact.effect is Effect.MIX and shape is not None and bare != "pad":
        return (*shape[:2], *(None for _ in shape[2:]))
    if bare in {"view", "reshape"}:
        return _viewed(arguments, subject=name != bare)
    handler = _RESHAPED.get(bare)
    return handler(shape, arguments, name != bare) if handler is not None and shape is not None else None


def _integer(value: Value | None) -> int | None:
    return value.value if isinstance(value, Known) and type(value.value) is int and not value.soft else None


def _sizes(values: tuple[Value, ...]) -> Shape | None:
    """Sizes that are given one by one, or as one list."""
    if len(values) == 1 and isinstance(values[0], Sequence):
        if values[0].open:
            return None
        values = values[0].items
    elif len(values) == 1 and not isinstance(values[0], Known):
        return None
    if any(not isinstance(value, Known | Tensor | Unknown) or (isinstance(value, Tensor) and not value.number) for value in values):
        return None
    return tuple(_integer(value) for value in values)


def _fresh(name: str, tensor: Tensor, arguments: Arguments, fact: Function) -> Shape | None:
    if arguments.open:
        return None
    if name.endswith("_like"):
        return tensor.shape
    if name in {"randn", "rand", "zeros", "ones", "empty"}:
        given = arguments.keywords.get("size")
        found = _sizes((given,) if given is not None else arguments.positional)
    elif name in {"full", "randint"}:
        given = arguments.get("size", fact.parameters)
        if name == "randint" and given is None and arguments.positional:
            given = arguments.positional[-1]
        found = _sizes((given,)) if isinstance(given, Sequence) else None
    else:
        found = (None,) if name in {"arange", "linspace", "randperm"} else None
    return found or None


def _nested(value: Value | None, depth: int = 0) -> Shape | None:
    """A list of numbers, or of such lists."""
    if not isinstance(value, Sequence) or not value.items or depth > 3:
        return None
    first = value.items[0]
    size = None if value.open else len(value.items)
    if isinstance(first, Sequence):
        inner = _nested(first, depth + 1)
        return (size, *inner) if inner is not None else None
    return (size,) if all(isinstance(item, Known) and isinstance(item.value, int | float) for item in value.items) else None


def _viewed(arguments: Arguments, *, subject: bool) -> Shape | None:
    values = arguments.positional[1:] if subject else arguments.positional
    found = None if arguments.open else _sizes(values)
    return tuple(None if size == -1 else size for size in found) if found else None


def _given(arguments: Arguments, *, subject: bool) -> tuple[Value, ...]:
    """The settings of a function, without what it is applied to."""
    return (*(arguments.positional[1:] if subject else arguments.positional), *arguments.keywords.values())


def _squeezed(shape: Shape, arguments: Arguments, subject: bool) -> Shape | None:  # noqa: FBT001 - functions in a table are called alike
    given = _given(arguments, subject=subject)
    if not given:
        return None if None in shape[1:] else tuple(size for i, size in enumerate(shape) if size != 1 or (i == 0 and size is None))
    axis = _axis(given[0], len(shape))
    if axis is None or shape[axis] is None:
        return None
    return (*shape[:axis], *shape[axis + 1 :]) if shape[axis] == 1 else shape


def _unsqueezed(shape: Shape, arguments: Arguments, subject: bool) -> Shape | None:  # noqa: FBT001
    given = _given(arguments, subject=subject)
    axis = _axis(given[0], len(shape) + 1) if given else None
    return None if axis is None else (*shape[:axis], 1, *shape[axis:])


def _flattened(shape: Shape, arguments: Arguments, subject: bool) -> Shape | None:  # noqa: FBT001
    given = _given(arguments, subject=subject)
    start = _integer(given[0]) if given else 0
    return (*shape[:start], None) if start is not None and 0 <= start < len(shape) and len(given) < 2 else None


def _reordered(shape: Shape, arguments: Arguments, subject: bool) -> Shape | None:  # noqa: FBT001
    return tuple(None for _ in shape)


_RESHAPED = {
    "squeeze": _squeezed, "unsqueeze": _unsqueezed, "flatten": _flattened, "ravel": lambda *_: (None,), "transpose": _reordered,
    "permute": _reordered, "t": _reordered, "swapaxes": _reordered,
}  # fmt: skip


def _axis(value: Value, rank: int) -> int | None:
    number = _integer(value)
    return None if number is None or not -rank <= number < rank else number % rank


def of_layer(layer: Object, fact: facts.Layer, shape: Shape | None, units: int | None) -> Shape | None:
    """The sizes of what a layer gives for an input of these sizes."""
    if shape is None:
        return None
    if fact.role is Role.LINEAR:
        return (*shape[:-1], units)
    if fact.role is Role.CONVOLUTION and len(shape) > 2:
        return (shape[0], units, *(None for _ in shape[2:]))
    if fact.role is Role.POOLING:
        return (*shape[:2], *(None for _ in shape[2:]))
    if fact.role in {Role.ACTIVATION, Role.DROPOUT, Role.BATCH_NORM, Role.NORM, Role.IDENTITY}:
        return shape
    if fact.role is Role.RESHAPE and (layer.name or "").endswith(".Flatten"):
        start = _integer(layer.arguments["start_dim"]) if "start_dim" in layer.arguments else 1
        return (*shape[:start], None) if start is not None and "end_dim" not in layer.arguments and 0 <= start < len(shape) else None
    return None


def broadcast(one: Tensor | None, other: Tensor | None) -> Shape | None:
    """The sizes of elementwise arithmetic; None in the place of a tensor stands for a number."""
    if one is None or other is None or one.number or other.number:
        main = other if one is None or one.number else one
        return main.shape if main is not None else None
    if one.shape is None or other.shape is None:
        return None
    rank = max(len(one.shape), len(other.shape))
    first, second = (1,) * (rank - len(one.shape)) + one.shape, (1,) * (rank - len(other.shape)) + other.shape
    return tuple(b if a == 1 else a if b in {1, a} else None for a, b in zip(first, second, strict=True))


def selected(shape: Shape | None, node: ir.Expr) -> Shape | None:
    """The sizes of `tensor[node]`."""
    if shape is None:
        return None
    parts = node.items if isinstance(node, ir.Sequence) and node.kind == "tuple" else (node,)
    left = list(shape)
    found: list[int | None] = []
    for part in parts:
        if isinstance(part, ir.Constant) and part.value is None:
            found.append(1)
        elif not left:
            return None
        elif isinstance(part, ir.Slice):
            size = left.pop(0)
            found.append(size if part.lower is None and part.upper is None and part.step is None else None)
        elif isinstance(part, ir.UnaryOperation) or (isinstance(part, ir.Constant) and type(part.value) is int):
            left.pop(0)
        else:
            return None
    return (*found, *left)

"""What functions, methods and activations do to tensors is what their rows say."""

import warnings
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    torch = pytest.importorskip("torch")

from tests.knowledge.calls import argument, called, find, tensors
from trainlint.knowledge import library, methods
from trainlint.knowledge.facts import Effect, Fact, Function, Kind, Layer, Loss

pytestmark = pytest.mark.filterwarnings("ignore")

TORCH = {name: fact for name, fact in library.FACTS.items() if name.startswith("torch.")}
FUNCTIONS = {name: fact for name, fact in TORCH.items() if isinstance(fact, Function) and fact.effect is not Effect.IN_PLACE_FILL}

UNCALLED = {"ARRAY", "IN_PLACE_FILL", "PACK", "PARAMETER"}
TYPED = {name for name in FUNCTIONS if name.endswith("Tensor") and name != "torch.Tensor"}
"""Constructors that take tensors of their own type alone, on their own device."""


def parts(result: Any) -> list[Any]:
    """The tensors in a result."""
    if isinstance(result, torch.Tensor):
        return [result]
    return [part for each in result for part in parts(each)] if isinstance(result, tuple | list) else []


def gradient(subject: Any, result: Any) -> Any:
    """The gradient that flows from the first tensor of a result to the subject; None where there is none."""
    first = parts(result)[0]
    if not first.requires_grad:
        return None
    weights = torch.rand(first.shape, generator=torch.Generator().manual_seed(2), dtype=torch.float64) + 0.5
    total = (torch.view_as_real(first.resolve_conj()) * weights[..., None] if first.is_complex() else first * weights).sum()
    return torch.autograd.grad(total, subject, allow_unused=True)[0]


def complaint(fact: Function, subject: Any, result: Any) -> str | None:
    """What of the fact is not true of this call."""
    effect = fact.effect
    if effect in {Effect.NUMBER, Effect.FORM}:
        return None if not isinstance(result, torch.Tensor) else "it gives a tensor"
    given = parts(result)
    if not given:
        return "it gives no tensor"
    if effect in {Effect.FRESH, Effect.CLASS_IDS, Effect.ONE_HOT, Effect.CUT}:
        if any(part.requires_grad for part in given):
            return "it carries a graph"
        return None if effect is not Effect.CUT or torch.equal(given[0].double(), subject) else "other numbers"
    try:
        flow = gradient(subject, result)
    except NotImplementedError:
        flow = None
    except RuntimeError as error:
        flow = None
        if "not implemented" not in str(error) and effect is not Effect.DISCRETE:
            return str(error)
    if effect is Effect.DISCRETE:
        return None if flow is None or not flow.any() else "a gradient flows"
    if flow is None or not flow.any():
        return "no gradient flows"
    if effect in {Effect.KEEP, Effect.TENSOR}:
        kept = [
            (torch.view_as_real(part) if part.is_complex() else part).flatten()
            for part in given[: 1 if fact.first or fact.indices else None]
        ]
        pool = subject.detach().flatten()
        if not all(bool(torch.isclose(value.double(), pool, atol=1e-2).any()) for value in torch.cat(kept).detach()):
            return "other numbers"
    if fact.first and not isinstance(result, tuple):
        return "it gives no tuple"
    if fact.indices == "*" and (len(given) != 2 or given[1].is_floating_point()):
        return "it gives no pair of values and indices"
    return None


CALLED: dict[str, Function] = {name: fact for name, fact in FUNCTIONS.items() if fact.effect.name not in UNCALLED and name not in TYPED}


@pytest.mark.parametrize("name", sorted(CALLED))
def test_functions_do_what_their_rows_say(name: str) -> None:
    """Each function keeps the numbers, cuts the graph, lets a gradient through …, as its row says."""
    fact = CALLED[name]
    outcome = called(name, find(name), fact)
    if outcome is None:
        pytest.skip("no made-up arguments fit")
    assert complaint(fact, *outcome) is None


def test_most_functions_can_be_checked() -> None:
    """The check above is of use only while few functions refuse its made-up arguments."""
    refused = [name for name, fact in CALLED.items() if called(name, find(name), fact) is None]
    assert len(refused) < len(CALLED) / 20, refused


OTHERS = {"astype", "copy", "fill", "convert", "crop", "resize"}
"""Methods of NumPy arrays and PIL images; tensors have a `resize` too, long deprecated."""


def test_methods_exist() -> None:
    """Every method in the table is one of tensors, or of the few that arrays and images alone have."""
    assert {name for name in methods.METHODS if not hasattr(torch.Tensor, name)} == OTHERS - {"resize"}


TWINS = {name: fact for name, fact in methods.METHODS.items() if f"torch.{name}" in FUNCTIONS}


@pytest.mark.parametrize("name", sorted(TWINS))
def test_methods_do_what_functions_of_their_name_do(name: str) -> None:
    """`x.softmax(dim)` and `torch.softmax(x, dim)` are the same thing."""
    method, function = TWINS[name], FUNCTIONS[f"torch.{name}"]
    assert isinstance(method, Function)
    assert isinstance(function, Function)
    for field in ("effect", "kind", "axis", "operation", "indices", "guarded", "first"):
        assert getattr(method, field) == getattr(function, field), field


OWN = {
    name: fact
    for name, fact in methods.METHODS.items()
    if name not in TWINS and name not in OTHERS and isinstance(fact, Function) and fact.effect.name not in UNCALLED
}
ELSEWHERE = {"cuda", "xpu", "pin_memory", "__array__"}
"""They need another device, or NumPy."""
ON_TENSOR: dict[str, Any] = {
    "type": lambda x: x.type(torch.float32),
    "to_dense": lambda x: (x * 1).to_sparse().to_dense(),
    "to_sparse": lambda x: (x * 1).to_sparse().values(),
    "coalesce": lambda x: (x * 1).to_sparse().coalesce().values(),
    "is_contiguous": lambda x: x.is_contiguous(),
    "repeat": lambda x: x.repeat(2, 1),
    "expand": lambda x: x.expand(2, 3, 3),
    "unfold": lambda x: x.unfold(0, 2, 1),
    "to": lambda x: x.to(torch.float32),
    "new_full": lambda x: x.new_full((2,), 1.0),
    "new_tensor": lambda x: x.new_tensor([1.0]),
    "new": lambda x: x.new(2),
    "new_zeros": lambda x: x.new_zeros(2),
    "new_ones": lambda x: x.new_ones(2),
    "new_empty": lambda x: x.new_empty(2),
    "item": lambda x: x[0, 0].item(),
}


@pytest.mark.parametrize("name", sorted(OWN.keys() - ELSEWHERE))
def test_methods_do_what_their_rows_say(name: str) -> None:
    """A method without such a twin keeps the numbers, cuts the graph, gives a plain number …, as its row says."""
    fact = OWN[name]
    assert isinstance(fact, Function)
    subject = tensors(0)["matrix"]
    whole = subject.detach().round().requires_grad_() if fact.effect is Effect.CUT else subject
    whole = whole.clamp(0, 1) if name == "bool" else whole
    arguments = [argument(parameter.lstrip("*"), subject, 1) for parameter in fact.parameters]
    result = ON_TENSOR[name](whole) if name in ON_TENSOR else getattr(whole, name)(*arguments)
    assert complaint(fact, whole.detach() if fact.effect is Effect.CUT else whole, result) is None


UNREADABLE = {"flat", "H", "mH", "imag", "names", "grad"}
"""Attributes of arrays, of complex tensors, or set by a backward alone."""


@pytest.mark.parametrize("name", sorted(methods.ATTRIBUTES.keys() - UNREADABLE))
def test_attributes_do_what_their_rows_say(name: str) -> None:
    """An attribute of a tensor keeps its numbers, cuts the graph, or is no tensor at all, as its row says."""
    effect = methods.ATTRIBUTES[name]
    subject = tensors(0)["matrix"]
    result = getattr(subject, name)
    if effect is Effect.CUT:
        assert not result.requires_grad
    elif effect in {Effect.NUMBER, Effect.FORM}:
        assert not isinstance(result, torch.Tensor)
    else:
        assert result.requires_grad


@pytest.mark.parametrize("name", sorted(name for name, fact in CALLED.items() if fact.guarded))
def test_guarded_functions_have_a_finite_gradient_at_zero(name: str) -> None:
    """Norms, deviations and their kin have a gradient everywhere, although a root stands in their formula."""
    fact = CALLED[name]
    function = find(name)
    zero = torch.zeros(3, 3, dtype=torch.float64, requires_grad=True)
    same = torch.zeros(3, 3, dtype=torch.float64)
    arguments = [zero, *([same] if fact.parameters[1:2] and fact.parameters[1] in {"other", "x2"} else [])]
    if fact.parameters[1:2] == ("dim",) and name != "torch.std":
        arguments.append(0)
    result = parts(function(*arguments))[0].sum()
    (flow,) = torch.autograd.grad(result, zero)
    assert torch.isfinite(flow).all()


@pytest.mark.parametrize("name", ["torch.log", "torch.sqrt", "torch.rsqrt", "torch.log2"])
def test_unguarded_functions_have_no_finite_gradient_at_zero(name: str) -> None:
    """Plain logs and roots have none: that is what rules about them ask."""
    fact = CALLED[name]
    zero = torch.zeros(3, requires_grad=True)
    (flow,) = torch.autograd.grad(find(name)(zero).sum(), zero)
    assert not fact.guarded
    assert not torch.isfinite(flow).any()


# What activations make of numbers -------------------------------------------------------------------------------------


def holds(kind: Kind | None, values: Any, *, axis: int) -> bool:
    """Whether the numbers are of that kind."""
    match kind:
        case Kind.SIGMOID:
            return bool(((values >= 0) & (values <= 1)).all())
        case Kind.TANH:
            return bool(((values >= -1) & (values <= 1)).all())
        case Kind.RECTIFIED:
            return bool((values >= 0).all())
        case Kind.LOG_SIGMOID:
            return bool((values <= 0).all())
        case Kind.SOFTMAX:
            return bool(torch.isclose(values.sum(axis), torch.ones(()).double()).all())
        case Kind.LOG_SOFTMAX:
            return bool(torch.isclose(values.exp().sum(axis), torch.ones(()).double()).all())
    return True


ACTIVATIONS: dict[str, Fact] = {
    name: fact
    for name, fact in TORCH.items()
    if isinstance(fact, Function | Layer) and fact.kind is not None and getattr(fact, "effect", Effect.ACTIVATE) is Effect.ACTIVATE
}


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_activations_make_what_their_rows_say(name: str) -> None:
    """Whatever goes in, a sigmoid lies in 0–1, the rows of a softmax add up to 1, and so on."""
    fact, thing = ACTIVATIONS[name], find(name)
    assert isinstance(fact, Function | Layer)
    inputs = torch.randn(5, 4, 6, 7, generator=torch.Generator().manual_seed(1)).double() * 20
    axis = {fact.axis: 1} if fact.axis is not None else {}
    outputs = thing(**axis)(inputs) if isinstance(fact, Layer) else thing(inputs, **axis)
    assert holds(fact.kind, outputs, axis=1)


@pytest.mark.parametrize("name", sorted(name for name, fact in TORCH.items() if isinstance(fact, Loss) and fact.symmetric))
def test_symmetric_losses_are(name: str) -> None:
    """Swapping prediction and target changes nothing in a loss said to be symmetric."""
    fact = TORCH[name]
    assert isinstance(fact, Loss)
    function = find(name) if fact.constructor is None else find(name)()
    one, other = torch.rand(5, 3), torch.rand(5, 3)
    assert torch.isclose(function(one, other), function(other, one))

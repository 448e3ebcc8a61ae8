"""What the tables say of torch is what the torch that is installed does."""

import contextlib
import inspect
import re
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    torch = pytest.importorskip("torch")
    from torch.utils import data

from tests.knowledge.calls import find
from trainlint.knowledge import library
from trainlint.knowledge.facts import Effect, Function, Harmless, Layer, Loss, Optimizer, Scheduler

pytestmark = pytest.mark.filterwarnings("ignore")

TORCH = {name: fact for name, fact in library.FACTS.items() if name.startswith("torch.")}
FUNCTIONS = {name: fact for name, fact in TORCH.items() if isinstance(fact, Function) and fact.effect is not Effect.IN_PLACE_FILL}

# Names and parameters --------------------------------------------------------------------------------------------------

ABSENT = {
    "torch.utils.tensorboard.SummaryWriter": "needs tensorboard",
    "torch.nn.DataParallel.module": "an attribute of instances",
    "torch.nn.parallel.DistributedDataParallel.module": "an attribute of instances",
    "torch.distributed.fsdp.FullyShardedDataParallel.module": "an attribute of instances",
    "torch.optim.swa_utils.AveragedModel.module": "an attribute of instances",
    "torch.distributions.Distribution.sample_n": "deprecated",
    "torch.distributed.checkpoint.save_state_dict": "deprecated",
}


@pytest.mark.parametrize("name", sorted(TORCH.keys() - ABSENT.keys()))
def test_every_row_names_something_that_exists(name: str) -> None:
    """A row of something that torch does not have would be dead, or a misspelling of a live one."""
    assert find(name) is not None


RECURRENT = {"torch.nn.RNN", "torch.nn.LSTM", "torch.nn.GRU"}
UNSIGNED = {
    "torch.autograd.Variable", "torch.nn.Parameter", "torch.Tensor", "torch.FloatTensor", "torch.DoubleTensor",
    "torch.HalfTensor", "torch.LongTensor", "torch.IntTensor", "torch.ShortTensor", "torch.ByteTensor", "torch.BoolTensor",
    "torch.cuda.FloatTensor", "torch.cuda.HalfTensor", "torch.cuda.LongTensor", "torch.cuda.ByteTensor", "torch.device",
    "torch.cuda.nvtx.range", "torch.sparse.mm",
    "torch.nn.utils.weight_norm", "torch.nn.init.constant", "torch.nn.init.uniform", "torch.nn.init.normal",
    "torch.nn.init.xavier_uniform", "torch.nn.init.xavier_normal", "torch.nn.init.kaiming_uniform", "torch.nn.init.kaiming_normal",
    "torch.nn.init.orthogonal", "torch.nn.init.eye",
}  # fmt: skip
"""What has no signature and no description of one."""


def described(thing: Any) -> Iterator[list[str]]:
    """The lists of parameters that a signature, a docstring's overloads and torch's own test stubs give."""
    with contextlib.suppress(TypeError, ValueError):
        yield [("*" if p.kind is p.VAR_POSITIONAL else "") + p.name for p in inspect.signature(thing).parameters.values()]
    for match in re.finditer(r"(?:^|[\s.:])\w+\(([^()]*(?:\([^()]*\)[^()]*)*)\)", getattr(thing, "__doc__", None) or ""):
        yield [
            part.split("=")[0].split(":")[0].split()[-1].lstrip("\\")
            for part in re.split(r",(?![^(\[]*[)\]])", match.group(1))
            if part.strip() and part.strip() not in {"*", "/", "\\*"}
        ]
    stub = torch.overrides.get_testing_overrides().get(thing)
    if stub is not None:
        yield list(inspect.signature(stub).parameters)


def plain(parameters: list[str] | tuple[str, ...]) -> list[str]:
    """Without stars, and with one name for the tensor that some stubs call `self`."""
    names = [parameter.lstrip("*") for parameter in parameters]
    return ["input" if name == "self" and i == 0 else name for i, name in enumerate(names)]


SIGNED = {
    name: parameters
    for name, fact in TORCH.items()
    if (parameters := fact.constructor if isinstance(fact, Loss) and fact.constructor is not None else getattr(fact, "parameters", ()))
    and name not in UNSIGNED | RECURRENT | ABSENT.keys()
}


@pytest.mark.parametrize("name", sorted(SIGNED))
def test_parameters_are_those_of_torch_in_its_order(name: str) -> None:
    """A positional argument is bound by its place: the parameters in a row begin the list that torch itself gives."""
    thing, parameters = find(name), plain(SIGNED[name])
    is_method = len(name.split(".")) > 2 and name.rpartition(".")[2][:1].islower() and inspect.isclass(find(name.rpartition(".")[0]))
    seen = []
    for listed in described(thing):
        real = plain(listed[1:] if is_method and listed[:1] == ["self"] else listed)
        seen.append(real)
        if real[: len(parameters)] == parameters:
            return
    if inspect.isclass(thing):
        real = plain(list(inspect.signature(thing.__init__).parameters)[1:])
        assert real[: len(parameters)] == parameters
        return
    raise AssertionError(f"{parameters} begins none of {seen}")


@pytest.mark.parametrize("name", sorted(name for name, fact in TORCH.items() if isinstance(fact, Loss)))
def test_losses_are_called_with_their_parameters(name: str) -> None:
    """What a loss compares is bound by the parameters of its call."""
    fact = TORCH[name]
    assert isinstance(fact, Loss)
    if fact.constructor is None:
        return
    call = list(inspect.signature(find(name).forward).parameters)[1:]
    assert tuple(call[: len(fact.parameters)]) == fact.parameters


def test_recurrent_layers_bind_their_arguments() -> None:
    """Recurrent layers take `*args`: what lands where shows on an instance."""
    lstm = torch.nn.LSTM(3, 4, 2, False, True, 0.5, True, 2)
    rnn = torch.nn.RNN(3, 4, 2, "relu", False, True, 0.5, True)
    values = {"input_size": 3, "hidden_size": 4, "num_layers": 2, "bias": False, "batch_first": True, "dropout": 0.5, "bidirectional": True}
    for name, layer, more in (("LSTM", lstm, {"proj_size": 2}), ("RNN", rnn, {"nonlinearity": "relu"})):
        fact = TORCH[f"torch.nn.{name}"]
        assert isinstance(fact, Layer)
        assert {parameter: getattr(layer, parameter) for parameter in fact.parameters} == values | more
    gru = TORCH["torch.nn.GRU"]
    assert isinstance(gru, Layer)
    assert gru.parameters == tuple(values)


@pytest.mark.parametrize("name", sorted(name for name, fact in TORCH.items() if isinstance(fact, Layer) and name not in RECURRENT))
def test_probabilities_have_the_defaults_of_torch(name: str) -> None:
    """A dropout layer without arguments drops with torch's own probability."""
    fact = TORCH[name]
    assert isinstance(fact, Layer)
    if fact.probability is None:
        return
    default = inspect.signature(find(name).__init__).parameters[fact.probability].default
    assert fact.probability_default == default


@pytest.mark.parametrize("name", sorted(name for name, fact in FUNCTIONS.items() if fact.mode is not None))
def test_training_switches_have_the_defaults_of_torch(name: str) -> None:
    """Whether a functional dropout drops by default is what torch says."""
    fact = FUNCTIONS[name]
    assert isinstance(fact, Function)
    try:
        default = inspect.signature(find(name)).parameters[fact.mode].default  # type: ignore[index]
    except ValueError:
        assert fact.mode_default is None
    else:
        assert fact.mode_default == default


# Completeness ---------------------------------------------------------------------------------------------------------


def public(module: Any, base: type) -> Iterator[str]:
    """The public classes of the module that derive from the base."""
    for name in dir(module):
        thing = getattr(module, name)
        if not name.startswith("_") and inspect.isclass(thing) and issubclass(thing, base) and thing is not base:
            yield name


def test_every_module_class_has_a_row() -> None:
    """Every public class of torch.nn that is a module is known."""
    names = {f"torch.nn.{name}" for name in public(torch.nn, torch.nn.Module)}
    assert names - TORCH.keys() == set()


def test_every_optimizer_has_a_row_with_its_learning_rate() -> None:
    """Every optimizer of torch is known, with the learning rate it has by default."""
    for name in public(torch.optim, torch.optim.Optimizer):
        fact = TORCH[f"torch.optim.{name}"]
        assert isinstance(fact, Optimizer)
        assert fact.lr == inspect.signature(getattr(torch.optim, name).__init__).parameters["lr"].default


def test_every_scheduler_has_a_row() -> None:
    """Every scheduler of torch is known."""
    module = torch.optim.lr_scheduler
    for name in public(module, module.LRScheduler):
        assert isinstance(TORCH[f"torch.optim.lr_scheduler.{name}"], Scheduler)


def test_every_data_class_has_a_row() -> None:
    """Every sampler of torch is known, and so are the data sets that are made of others."""
    for name in public(data, data.Sampler):
        assert f"torch.utils.data.{name}" in TORCH


def test_every_distribution_has_a_row() -> None:
    """Every distribution of torch is known, and has the methods of distributions."""
    for name in public(torch.distributions, torch.distributions.Distribution):
        if name in torch.distributions.__all__:
            assert library.member(f"torch.distributions.{name}", "log_prob") is not None


def test_harmless_rows_of_torch_leave_gradients_alone() -> None:
    """A row that says "harmless" is no row of a module, an optimizer or a tensor function."""
    for name, fact in TORCH.items():
        if isinstance(fact, Harmless) and name not in ABSENT:
            thing = find(name)
            assert not (inspect.isclass(thing) and issubclass(thing, torch.nn.Module | torch.optim.Optimizer))

"""What can only be seen by running a network again on a batch that it has seen, once the program is over."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.utils.data import default_convert

from .loaders import Loaders
from .modules import BATCH_NORMALIZATION, DROPOUT, Modules, NetworkRecord
from .operations import Watch
from .randomness import start
from .session import Session
from .tensors import sample, tensors_in

AT_MOST = 12
"""Calls of a network that all measures take together."""
TOLERANCE = 1 / 3
"""Share of the time after the end of the run that may be used."""
Arguments = tuple[tuple[Any, ...], dict[str, Any]]
_POINTS = 200
_AHEAD = 16
"""Samples that are read to see which classes a data set has."""


class Replays:
    """Measures on the networks as the program left them. Everything that fails leaves its measure out."""

    def __init__(self, session: Session, modules: Modules, watch: Watch) -> None:
        self.session, self.modules, self.watch = session, modules, watch
        self.modes: dict[int, tuple[float, float]] = {}
        self.outputs_by_mode: dict[int, list[list[float]]] = {}
        self.two_passes: dict[int, float] = {}
        self.mixed: dict[int, float] = {}
        self.thinned_by: dict[nn.Module, Any] = {}
        self.reads: dict[int, tuple[float, float]] = {}
        self.others: dict[int, float] = {}
        """The share of a few samples spread over the data of each loader trained on that are not of the class of most of them."""

    def run(self) -> None:
        """All measures, on every network that was trained."""
        self.session.measuring = True
        for number, record in enumerate(self.modules.records):
            if any(passed.trained for passed in record.passes) and record.train_arguments is not None:
                arguments = _detached(record.train_arguments)
                held_out = _detached(record.evaluation_arguments or record.train_arguments)
                if time.monotonic() + AT_MOST * record.seconds > self.session.deadline + TOLERANCE * self.session.ending:
                    continue
                for measure in (self._mode_difference, self._two_passes, self._mixing, self._dropout_before_normalization):
                    try:
                        measure(number, record, held_out if measure == self._mode_difference else arguments)
                    except Exception:  # noqa: BLE001, S112 - a network that cannot be run again is not judged on this
                        continue

    def read_twice(self, loaders: Loaders) -> None:
        """Reads samples of each loader that was not trained on twice: what differs is random."""
        for number, record in enumerate(loaders.records):
            if record.trained:
                self._look_ahead(number, record.loader)
            if record.trained or not record.batches:
                continue
            try:
                samples = range(min(len(record.loader.dataset), 4))
                once, again = ([_inputs_in(record.loader.dataset[index]) for index in samples] for _ in range(2))
                same = [_spread_between(a, b) for one, two in zip(once, again) for a, b in zip(one, two)]
                others = [_spread_between(a, b) for one, two in zip(once, again[1:]) for a, b in zip(one, two)]
                if same:
                    self.reads[number] = (max(same), sum(same) / max(sum(others), 1e-12))
            except Exception:  # noqa: BLE001, S112 - a data set that cannot be asked for a sample is not judged on this
                continue

    def _look_ahead(self, number: int, loader: Any) -> None:
        try:
            size = len(loader.dataset)
            labels = [_label(loader.dataset[size * part // _AHEAD]) for part in range(_AHEAD)]
        except Exception:  # noqa: BLE001 - a data set that cannot be asked for a sample is not judged on this
            return
        if None not in labels:
            self.others[number] = 1 - max(Counter(labels).values()) / len(labels)

    def _dropout_before_normalization(self, number: int, record: NetworkRecord, arguments: Arguments) -> None:
        del number
        norms = [switch for switch in record.switches if isinstance(switch, BATCH_NORMALIZATION)]
        dropouts = [switch for switch in record.switches if isinstance(switch, DROPOUT) and switch.p > 0]
        if not norms:
            return
        with _modes(record.module):
            record.module.train()
            with self._tracing(), _inputs_of(norms) as traced:
                self._forward(record.module, arguments)
            direct = [norm for norm in norms if norm in traced and getattr(traced[norm], "_trainlint_dropped", None)]
            for norm in direct:
                self.thinned_by[norm] = traced[norm]._trainlint_dropped
            with _inputs_of(norms) as noisy:
                self._forward(record.module, arguments)
            for dropout in dropouts:
                dropout.eval()
            with _inputs_of(norms) as quiet:
                self._forward(record.module, arguments)
        for norm in norms:
            if norm in self.modules.layers and norm in noisy and norm in quiet:
                ratio = _variance(noisy[norm]) / max(_variance(quiet[norm]), 1e-12)
                self.modules.layers[norm].dropout_ratio = ratio if norm in direct else 1.0

    def _two_passes(self, number: int, record: NetworkRecord, arguments: Arguments) -> None:
        with _modes(record.module):
            record.module.eval()
            with self._tracing():
                self.modules.inside[:] = [record.module]
                one = self._forward(record.module, arguments)
                self.modules.inside.clear()
            two = self._forward(record.module, arguments)
        self.two_passes[number] = _difference(one, two)

    def _mode_difference(self, number: int, record: NetworkRecord, arguments: Arguments) -> None:
        with _modes(record.module):
            record.module.eval()
            quiet = self._forward(record.module, arguments)
            record.module.train()
            noisy = self._forward(record.module, arguments)
        self.modes[number] = (_difference(noisy, quiet), _flips(noisy, quiet))
        if quiet is not None and noisy is not None:
            self.outputs_by_mode[number] = torch.stack([sample(quiet, _POINTS), sample(noisy, _POINTS)], 1).cpu().tolist()

    def _mixing(self, number: int, record: NetworkRecord, arguments: Arguments) -> None:
        first = next(tensors_in(arguments), None)
        if first is None or first.dim() < 2 or first.shape[0] < 3:
            return
        if any(_relates(tensor, first) for tensor in _beside(record.module, arguments)):
            return  # the rows are the nodes of a graph
        with _modes(record.module):
            record.module.eval()
            plain, again = (self._forward(record.module, arguments, seed=0) for _ in range(2))
            size = first.shape[0]
            middle = size // 2
            changed = _mapped(arguments, lambda tensor: _replaced(tensor, middle) if tensor.dim() and tensor.shape[0] == size else tensor)
            other = self._forward(record.module, changed, seed=0)
        if plain is None or other is None or not plain.dim() or plain.shape[0] != size or other.shape != plain.shape:
            return
        if again is None or again.shape != plain.shape or bool((again != plain).any()):
            return  # what is random from a source of its own moves by itself
        apart = (plain - other).abs()
        others = torch.arange(size, device=apart.device) != middle
        for axis in range(1, apart.dim()):
            if apart.shape[axis] == size:  # each sample against each: the column of the one that was replaced is its own
                apart = apart.index_select(axis, others.nonzero()[:, 0])
        moved, own = apart[others].max(), apart[middle].max()
        if float(own) > 0:
            self.mixed[number] = float(moved) / float(own)

    @torch.no_grad()
    def _forward(self, module: nn.Module, arguments: Arguments, seed: int | None = None) -> torch.Tensor | None:
        start(int(torch.randint(1 << 30, (1,))) if seed is None else seed)
        output = module(*arguments[0], **arguments[1])
        found = [tensor for tensor in tensors_in(output) if tensor.is_floating_point() and tensor.numel()]
        return max(found, key=lambda tensor: tensor.dim()).float() if found else None

    @contextmanager
    def _tracing(self) -> Iterator[None]:
        self.watch.tracing = True
        try:
            yield
        finally:
            self.watch.tracing = False


@contextmanager
def _modes(module: nn.Module) -> Iterator[None]:
    modes = [(child, child.training) for child in module.modules()]
    try:
        yield
    finally:
        for child, mode in modes:
            child.training = mode


@contextmanager
def _inputs_of(layers: list[Any]) -> Iterator[dict[Any, Any]]:
    inputs: dict[Any, Any] = {}

    def seen(layer: nn.Module, args: tuple[Any, ...]) -> None:
        if args and isinstance(args[0], torch.Tensor):
            inputs[layer] = args[0]

    handles = [layer.register_forward_pre_hook(seen) for layer in layers]
    try:
        yield inputs
    finally:
        for handle in handles:
            handle.remove()


def _variance(tensor: torch.Tensor) -> float:
    rows = tensor.float().movedim(1, 0).reshape(tensor.shape[1], -1)
    return float(rows.var(1).mean())


def _difference(one: torch.Tensor | None, two: torch.Tensor | None) -> float:
    if one is None or two is None or one.shape != two.shape:
        raise ValueError("no two outputs to compare")
    spread = float(two.std()) if two.numel() > 1 else 0.0
    return float((one - two).abs().mean()) / max(spread, 1e-8)


def _inputs_in(sample_read: Any) -> list[torch.Tensor]:
    """The tensors of a sample that have a spread: a single number, as a label is, has none to measure a difference by."""
    return [tensor for tensor in tensors_in(default_convert(sample_read)) if tensor.numel() > 1]


def _spread_between(one: torch.Tensor, two: torch.Tensor) -> float:
    if one.shape != two.shape:
        return 1.0
    one, two = one.double(), two.double()
    return float((one - two).abs().mean()) / max(float(two.std()) if two.numel() > 1 else abs(float(two)), 1e-8)


def _flips(one: torch.Tensor | None, two: torch.Tensor | None) -> float:
    if one is None or two is None or one.dim() < 2:
        return 0.0
    if one.shape[1] == 1:
        middle = 0.5 if bool(((two >= 0) & (two <= 1)).all()) else 0.0
        return float(((one > middle) != (two > middle)).float().mean())
    return float((one.argmax(1) != two.argmax(1)).float().mean())


def _replaced(tensor: torch.Tensor, number: int) -> torch.Tensor:
    """With another sample in the place of one of them."""
    changed = tensor.clone()
    before, first = tensor[number], tensor[0]
    changed[number] = first if not bool((first == before).all()) else before.flip(-1) if tensor.dim() > 1 else tensor[-1]
    return changed


def _label(sample: Any) -> int | None:
    """The last part of a sample, if it is a whole number."""
    last = sample[-1] if isinstance(sample, (tuple, list)) and len(sample) > 1 else None
    if isinstance(last, torch.Tensor):
        return int(last) if last.numel() == 1 and not last.is_floating_point() else None
    return last.__index__() if last is not None and hasattr(last, "__index__") else None


def _beside(network: nn.Module, arguments: Arguments) -> Iterator[torch.Tensor]:
    """What a network computes with beside its weights and its first input."""
    yield from list(tensors_in(arguments))[1:]
    for module in network.modules():
        yield from (value for value in (*module._buffers.values(), *vars(module).values()) if isinstance(value, torch.Tensor))


def _relates(tensor: torch.Tensor, rows: torch.Tensor) -> bool:
    """Whether a tensor says which rows of another belong together: a list of their numbers, or a matrix of each with each."""
    size = rows.shape[0]
    if tensor.layout is not torch.strided or tensor.shape[:2] == (size, size):
        return tensor is not rows and tensor.shape[:2] == (size, size)
    counts = not tensor.is_floating_point() and tensor.dtype is not torch.bool and tensor.dim() in (1, 2)
    return counts and size not in tensor.shape[:1] and tensor.numel() > size / 2 and 0 < int(tensor.max()) < size


def _detached(arguments: Arguments) -> Arguments:
    changed: Arguments = _mapped(arguments, torch.Tensor.detach)
    return changed


def _mapped(value: Any, change: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    if isinstance(value, torch.Tensor):
        return change(value)
    if type(value) in (tuple, list):
        return type(value)(_mapped(part, change) for part in value)
    if type(value) is dict:
        return {name: _mapped(part, change) for name, part in value.items()}
    return value

"""Networks and their layers: where they were made, how they were called, what came in and went out."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.utils.weak import WeakIdKeyDictionary

from . import places
from .harmless import harmless
from .modes import Modes
from .session import ByIdentity, Counter, Session
from .tensors import Spread, tensors_in
from .weights import Weights

NORMALIZATIONS = (
    nn.modules.batchnorm._NormBase,
    nn.LayerNorm,
    nn.GroupNorm,
    nn.LocalResponseNorm,
    *([nn.RMSNorm] if hasattr(nn, "RMSNorm") else []),
)
BATCH_NORMALIZATION = nn.modules.batchnorm._BatchNorm
DROPOUT = nn.modules.dropout._DropoutNd
RECURRENT = (nn.RNNBase, nn.RNNCellBase)
_LOSS = nn.modules.loss._Loss

constructed: Any = WeakIdKeyDictionary()
"""Where each module was made."""


def is_weighted(module: nn.Module) -> bool:
    """Whether it has a weight of its own and is neither a normalization nor an embedding."""
    if isinstance(module, (*NORMALIZATIONS, nn.Embedding, nn.EmbeddingBag)):
        return False
    return any(parameter.dim() >= 2 for parameter in module._parameters.values() if parameter is not None)


def is_active(module: nn.Module) -> bool:
    """Whether it behaves now as it does in training alone."""
    if isinstance(module, DROPOUT):
        return module.training and module.p > 0
    return isinstance(module, BATCH_NORMALIZATION) and module.training and module.track_running_stats


class Pass:
    """One call of a network by the program."""

    __slots__ = (
        "active",
        "carried",
        "consumed",
        "decided",
        "drawn",
        "grad",
        "graph",
        "loader",
        "place",
        "scored",
        "segment",
        "switch",
        "switched",
        "trained",
    )

    def __init__(self, place: places.PlaceData | None, active: tuple[int, ...], grad: bool, segment: int, loader: int | None) -> None:
        self.place, self.active, self.grad, self.segment, self.loader = place, active, grad, segment, loader
        self.graph = False
        self.trained = False
        self.consumed = False
        self.scored = False
        self.decided = False
        """A decision or a number was made of what came out."""
        self.drawn = False
        """What came out said how likely something was that was then drawn."""
        self.switched = False
        self.carried = False
        """It was given what an earlier call made, with a graph that a backward pass has used up."""
        self.switch: int | None = None
        """The last call of `train()` or `eval()` before it."""


class NetworkRecord:
    """What is known of a network."""

    def __init__(self, module: nn.Module) -> None:
        self.module = module
        self.names = ByIdentity()
        for name, child in module.named_modules():
            self.names[child] = name
        self.switches = [child for child in module.modules() if isinstance(child, (DROPOUT, BATCH_NORMALIZATION))]
        self.passes: list[Pass] = []
        self.batches: dict[tuple[Any, ...], list[int]] = {}
        self.train_arguments: tuple[tuple[Any, ...], dict[str, Any]] | None = None
        self.evaluation_arguments: tuple[tuple[Any, ...], dict[str, Any]] | None = None
        self.input: dict[bool, InputRecord] = {}
        self.was_active = False
        self.seconds = 0.0
        """The longest that a call has taken."""
        self.fed = False
        """It reads what another network made."""


class InputRecord:
    """What reached the first weighted layer."""

    def __init__(self, layer: nn.Module) -> None:
        self.layer = layer
        self.spread = Spread(by_channel=True)
        self.normalized_before = False
        self.normalized_after = False
        self.embedded = False
        self.taken = 0


class LayerRecord:
    """What is known of a layer."""

    def __init__(self, module: nn.Module, order: int) -> None:
        self.module, self.order = module, order
        self.calls = 0
        self.outputs = Spread()
        self.sizes: list[int] = []
        self.dropout_ratio: float | None = None
        self.identical: bool | None = None


class Modules:
    """Watches every call of a module."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.networks = Counter()
        self.records: list[NetworkRecord] = []
        self.layers = ByIdentity()
        self.order: list[nn.Module] = []
        self.inside: list[nn.Module] = []
        """The modules that are running, outermost first."""
        self.losses: list[nn.Module] = []
        self.made_inside: set[int] = set()
        self.current_loader: Callable[[], int | None] = lambda: None
        self.on_pass: list[Callable[[int | None], None]] = []
        self.loaded = ByIdentity()
        """The modules whose weights were loaded before training."""
        self.modes = Modes(session, is_active)
        self.weights = Weights(session)
        self.current: Pass | None = None
        self.on_trained_pass: Callable[[], None] = lambda: None
        self._holders = ByIdentity()
        self.quiet_passes = 0
        """Calls without gradients since the last backward pass."""
        self._first_weighted: nn.Module | None = None
        self._seen_normalization = False
        self._seen_embedding = False
        self._after_first = False

    def install(self) -> None:
        """Replaces construction and call of modules by ones that are watched."""
        construct, call, load, watch = nn.Module.__init__, nn.Module.__call__, nn.Module.load_state_dict, self

        def constructing(module: nn.Module, *args: Any, **kwargs: Any) -> None:
            construct(module, *args, **kwargs)
            if watch.session.watching and module not in constructed:
                constructed[module] = places.here(module, type(module).__name__)
                if watch.inside:
                    watch.made_inside.add(id(module))

        def calling(module: nn.Module, *args: Any, **kwargs: Any) -> Any:
            if not watch.session.watching:
                return call(module, *args, **kwargs)
            return watch.called(call, module, args, kwargs)

        def loading(module: nn.Module, *args: Any, **kwargs: Any) -> Any:
            if watch.session.watching and not watch.session.steps:
                watch.loaded.update((child, True) for child in module.modules())
            return load(module, *args, **kwargs)

        nn.Module.load_state_dict = loading
        nn.Module.__init__ = constructing
        nn.Module.__call__ = calling
        self.modes.install()
        self.weights.install()

    def called(self, call: Callable[..., Any], module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Runs a module and takes note."""
        if isinstance(module, _LOSS):
            self.losses.append(module)
            try:
                return call(module, *args, **kwargs)
            finally:
                self.losses.pop()
        network = not self.inside and next(module.parameters(), None) is not None
        if not network and not self.inside:
            return call(module, *args, **kwargs)
        passed = self._begin(module, args, kwargs) if network else None
        if passed is not None:
            self.current = passed
        elif isinstance(module, RECURRENT):
            self._carry(args)
        self.inside.append(module)
        begun = time.monotonic()
        try:
            self._before(module, args)
            output = call(module, *args, **kwargs)
        finally:
            self.inside.pop()
        if passed is not None:
            record = self.record(module)
            record.seconds = max(record.seconds, time.monotonic() - begun)
        self._after(module, output)
        if passed is not None:
            self._end(module, passed, output, args, kwargs)
        return output

    def record(self, module: nn.Module) -> NetworkRecord:
        """The record of the network that a module belongs to, made when it is first seen."""
        index = self.networks.index(self._whole(module))
        if index == len(self.records):
            self.records.append(NetworkRecord(module))
        return self.records[index]

    def _whole(self, module: nn.Module) -> nn.Module:
        """The outermost module that holds this one: a method of the network's own may call its layers one by one."""
        if self.networks.known(module) is None and module not in self._holders:
            for holder in list(constructed):
                for child in holder.children():
                    self._holders.setdefault(child, holder)
            self._holders.setdefault(module, module)
        seen = set()
        while module in self._holders and self._holders[module] is not module and id(module) not in seen:
            seen.add(id(module))
            module = self._holders[module]
        return module

    def _begin(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Pass:
        record = self.record(module)
        active = tuple(number for number, switch in enumerate(record.switches) if is_active(switch))
        passed = Pass(places.here(called=module), active, torch.is_grad_enabled(), self.session.steps, self.current_loader())
        passed.switched = record.was_active and bool(record.switches) and not active
        record.was_active = record.was_active or bool(active)
        record.passes.append(passed)
        passed.switch = self.modes.last.get(module)
        self.modes.on_pass(module)
        if passed.grad:
            self.on_trained_pass()
        for callback in self.on_pass:
            callback(passed.loader)
        for tensor in tensors_in((args, kwargs)):
            earlier = getattr(tensor, "_trainlint_pass", None)
            if earlier is not None:
                earlier.consumed = True
                own = any(earlier is one for one in record.passes[-3:])
                record.fed |= not own
                passed.carried |= own and earlier.trained and tensor.requires_grad
        first = next(tensors_in((args, kwargs)), None)
        if first is not None and first.dim() and passed.place is not None:
            sizes = record.batches.setdefault(key(passed.place), [first.shape[0], first.shape[0]])
            sizes[:] = [min(sizes[0], first.shape[0]), max(sizes[1], first.shape[0])]
        self._first_weighted = None
        self._seen_normalization = self._seen_embedding = self._after_first = False
        return passed

    @harmless
    def _before(self, module: nn.Module, args: tuple[Any, ...]) -> None:
        layer = self.layers.get(module)
        if layer is None:
            layer = self.layers[module] = LayerRecord(module, len(self.order))
            self.order.append(module)
        layer.calls += 1
        if isinstance(module, NORMALIZATIONS):
            self._before_normalization(module, layer, args)
        elif isinstance(module, (nn.Embedding, nn.EmbeddingBag)):
            self._seen_embedding = True
        elif self._first_weighted is None or not self._after_first:
            self._before_weighted(module, args)

    def _before_normalization(self, module: nn.Module, layer: LayerRecord, args: tuple[Any, ...]) -> None:
        if self._first_weighted is None:
            self._seen_normalization = True
        elif not self._after_first:
            self._after_first = True
            if isinstance(module, BATCH_NORMALIZATION):
                self._input().normalized_after = True
        if isinstance(module, BATCH_NORMALIZATION) and module.training and args and isinstance(args[0], torch.Tensor) and args[0].dim() > 1:
            layer.sizes.append(args[0].numel() // max(args[0].shape[1], 1))

    def _before_weighted(self, module: nn.Module, args: tuple[Any, ...]) -> None:
        read = next(tensors_in(args[:1]), None)  # a packed sequence holds one
        if not is_weighted(module) or read is None:
            return
        if any(True for _ in module.children()) and not isinstance(module, RECURRENT):
            return
        if self._first_weighted is not None:
            self._after_first = True
            return
        self._first_weighted = module
        if self.session.detailed or not torch.is_grad_enabled() or not self.inside[0].training:
            entry = self._input()
            if entry.layer is module and entry.taken < 12:
                entry.taken += 1
                entry.spread.add(read)
            entry.normalized_before |= self._seen_normalization
            entry.embedded |= self._seen_embedding

    def _input(self) -> InputRecord:
        module = self.inside[0]
        record = self.record(module)
        training = torch.is_grad_enabled()
        assert self._first_weighted is not None
        entry = record.input.get(training)
        if entry is None:
            entry = record.input[training] = InputRecord(self._first_weighted)
        return entry

    def _carry(self, args: tuple[Any, ...]) -> None:
        """A recurrent layer is given its state."""
        for tensor in tensors_in(args):
            earlier = getattr(tensor, "_trainlint_pass", None)
            if (
                earlier is not None
                and earlier is not self.current
                and earlier.trained
                and tensor.requires_grad
                and self.current is not None
            ):
                self.current.carried = True

    @harmless
    def _after(self, module: nn.Module, output: Any) -> None:
        if isinstance(module, RECURRENT) and self.current is not None:
            for tensor in tensors_in(output):
                tensor._trainlint_pass = self.current
        if not self.session.detailed or not isinstance(output, torch.Tensor):
            return
        if module._parameters or not module._modules:
            self.layers[module].outputs.add(output)

    @harmless
    def _end(self, module: nn.Module, passed: Pass, output: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        record = self.record(module)
        if record.module is module:
            if passed.grad:
                record.train_arguments = (args, kwargs)
            else:
                record.evaluation_arguments = (args, kwargs)
        if not passed.grad and passed.loader is None:
            self.quiet_passes += 1
            self.session.evaluation_batches = max(self.session.evaluation_batches, min(self.quiet_passes, self.session.wanted_batches))
        for tensor in tensors_in(output):
            if tensor.requires_grad:
                passed.graph = True
                tensor.register_hook(_marker(passed, self))
            mark(tensor, passed)

    def drop_unfinished(self) -> None:
        """Forgets the last pass at each place where others were trained: the end came before its own backward pass could."""
        for record in self.records:
            dropped: list[Any] = []
            while record.passes:
                last = record.passes[-1]
                others = any(passed.trained and passed.place == last.place for passed in record.passes)
                if last.trained or not last.grad or last.place in dropped or not others:
                    break
                dropped.append(record.passes.pop().place)

    def reached(self, passed: Pass) -> None:
        """A backward pass came through the output of this call."""
        passed.trained = True


def _marker(passed: Pass, modules: Modules) -> Callable[[torch.Tensor], None]:
    def arrived(_: torch.Tensor) -> None:
        if not modules.session.measuring:
            modules.reached(passed)

    return arrived


def mark(tensor: torch.Tensor, passed: Pass) -> None:
    """Remembers which call a tensor came out of."""
    tensor._trainlint_pass = passed


def key(place: places.PlaceData) -> tuple[Any, ...]:
    """What tells one place from another."""
    return (place["path"], place["row"], place["column"], place["end_row"], place["end_column"])

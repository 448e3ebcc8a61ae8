"""Watches each call of a torch function by the program: losses, nonlinearities, operations with a limited domain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from . import cuts, places
from .dropouts import Dropouts
from .finiteness import Finiteness
from .harmless import harmless
from .losses import LOSSES, Losses
from .modules import Modules, key
from .preactivations import comes_from_weights
from .session import Session
from .tensors import Spread, sample

SQUASHING = frozenset("softmax log_softmax sigmoid sigmoid_ logsigmoid tanh tanh_ softmin gumbel_softmax hardsigmoid".split())
RECTIFYING = frozenset("relu relu_ threshold relu6 hardtanh".split())
SHAPING = frozenset("squeeze unsqueeze view reshape flatten squeeze_ unsqueeze_ view_as contiguous float double to".split())
SCORING = frozenset("argmax max topk eq ne gt lt ge le item tolist numpy accuracy".split())
POWERS = frozenset({"pow", "__pow__"})
DECIDING = frozenset("argmax max topk eq ne gt lt ge le round item tolist".split())
SUBTRACTING = frozenset("sub __sub__ __rsub__ rsub subtract".split())
DRAWING = frozenset("multinomial bernoulli bernoulli_ normal binomial poisson".split())
LIMITED = {"log": min, "log2": min, "log10": min, "sqrt": min, "rsqrt": min, "exp": max}
PRESERVING = frozenset(
    "relu relu_ leaky_relu elu gelu silu sigmoid tanh softplus max_pool1d max_pool2d max_pool3d avg_pool1d avg_pool2d avg_pool3d "
    "adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool2d flatten view reshape squeeze unsqueeze permute "
    "transpose contiguous to float dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout boolean_dispatch".split()
)
"""What a dropout's noise passes through unmixed."""
DROPPING = frozenset("dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout".split())
BOUNDED_UNITS = 4096


class Origin:
    """The operation that made a tensor."""

    __slots__ = ("axis", "operation", "place", "source")

    def __init__(self, operation: str, place: places.PlaceData | None, axis: int | None, source: torch.Tensor | None) -> None:
        self.operation, self.place, self.axis, self.source = operation, place, axis, source


class ActivationRecord:
    """A nonlinearity, as it was used."""

    def __init__(self, operation: str, place: places.PlaceData | None, layer: torch.nn.Module | None) -> None:
        self.operation, self.place, self.layer = operation, place, layer
        self.outputs = Spread()
        self.alive: torch.Tensor | None = None
        self.flat = 0.0
        self.calls = 0
        self.samples = 0

    def add(self, output: torch.Tensor, operation: str) -> None:
        """Takes an output in."""
        self.calls += 1
        self.outputs.add(output)
        self.samples += output.shape[0] if output.dim() else 1
        if operation in RECTIFYING and output.dim() >= 2:
            units = (
                output.detach()
                .movedim(1 if output.dim() >= 4 else -1, 0)[:BOUNDED_UNITS]
                .reshape(-1, output.numel() // output.shape[1 if output.dim() >= 4 else -1])
            )
            alive = (units != 0).any(1)
            self.alive = alive if self.alive is None or self.alive.shape != alive.shape else self.alive | alive
        elif operation.rstrip("_") in ("sigmoid", "tanh"):
            values = sample(output).float()
            slope = values * (1 - values) * 4 if operation.startswith("sigmoid") else 1 - values * values
            self.flat += float((slope < 0.01).float().mean())


class Watch(TorchFunctionMode):
    """The mode that is on while the user's program runs."""

    def __init__(self, session: Session, modules: Modules, losses: Losses) -> None:
        super().__init__()
        self.session, self.modules, self.losses = session, modules, losses
        self.activations: dict[tuple[Any, ...], ActivationRecord] = {}
        self.margins: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.crossings: dict[Any, dict[str, Any]] = {}
        """Differences of a column and a row, by their place."""
        self.on_dropout: Callable[[Callable[..., Any], tuple[Any, ...], dict[str, Any]], Any] | None = None
        self.finiteness: Finiteness | None = Finiteness() if session.configuration.get("finite") else None
        self.dropouts = Dropouts(modules)
        self.tracing = False
        """The agent runs the network to see where dropout's noise goes."""

    def __torch_function__(self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None) -> Any:
        """Runs an operation and takes note where it matters."""
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "")
        if self.tracing:
            return self._traced(func, name, args, kwargs)
        if not self.session.watching:
            return func(*args, **kwargs)
        if name in LOSSES:
            value = self.losses.called(func, name, args, kwargs)
            if self.finiteness is not None:
                self.finiteness.look(name, args, value)
            return value
        if name in DROPPING and self.on_dropout is not None:
            output = self.on_dropout(func, args, kwargs)
            self.dropouts.note(name, args, kwargs, output)
            return output
        output = func(*args, **kwargs)
        if name == "scaled_dot_product_attention":
            self.dropouts.note(name, args, kwargs, output)
        if self.finiteness is not None:
            self.finiteness.look(name, args, output)
        if torch.is_grad_enabled():
            cuts.note(func, name, args, output)
        if not isinstance(output, torch.Tensor):
            if name in SCORING:
                self._follow(name, args, output)
            return output
        if name in SQUASHING:
            self._squashed(name, args, kwargs, output)
        elif name in RECTIFYING:
            self._rectified(name, output)
        elif name in SHAPING:
            origin = getattr(args[0], "_trainlint_origin", None) if args and isinstance(args[0], torch.Tensor) else None
            if origin is not None:
                output._trainlint_origin = origin
        elif name in LIMITED or (name in POWERS and _is_root(args)):
            self._limited("sqrt" if name in POWERS else name, args, output)
        if name in SUBTRACTING and output.dim() == 2 and output.requires_grad:
            self._crossed(args, output)
        self._follow(name, args, output)
        return output

    @harmless
    def _crossed(self, args: tuple[Any, ...], output: torch.Tensor) -> None:
        """What was computed minus what was given, one of them a column and the other a row of as many numbers: each minus each."""
        pair = [argument for argument in args[:2] if isinstance(argument, torch.Tensor)]
        if len(pair) < 2 or {one.dim() for one in pair} != {1, 2} or output.shape[0] != output.shape[1] or output.shape[0] < 2:
            return
        row, column = sorted(pair, key=lambda one: one.dim())
        if len(row) != len(output) or column.shape[1] != 1 or row.requires_grad == column.requires_grad:
            return
        place = places.here()
        if place is not None:
            new = {"place": place, "calls": 0, "size": len(row)}
            self.crossings.setdefault(key(place), new)["calls"] += 1

    @harmless
    def _follow(self, name: str, args: tuple[Any, ...], output: Any) -> None:
        """What came out of a call without gradients stays marked on its way to a score or into another network."""
        for argument in args[:2]:
            if isinstance(argument, torch.Tensor):
                passed = getattr(argument, "_trainlint_pass", None)
                if passed is not None:
                    passed.scored |= name in ("eq", "ne")
                    passed.decided |= name in DECIDING
                    passed.drawn |= name in DRAWING
                    for part in (output,) if isinstance(output, torch.Tensor) else output if isinstance(output, tuple) else ():
                        if isinstance(part, torch.Tensor):
                            part._trainlint_pass = passed
                    return

    @harmless
    def _squashed(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], output: torch.Tensor) -> None:
        source = args[0] if args and isinstance(args[0], torch.Tensor) else None
        axis = kwargs.get("dim", args[1] if len(args) > 1 and isinstance(args[1], int) else None)
        if axis is None and "softmax" in name and output.dim():
            axis = 0 if output.dim() in (0, 1, 3) else 1
        if isinstance(axis, int) and axis < 0:
            axis += output.dim()
        kept = source if source is not None and source.requires_grad else None
        output._trainlint_origin = Origin(name.rstrip("_"), places.here(), axis, kept)
        if self.session.detailed and name.rstrip("_") in ("sigmoid", "tanh") and comes_from_weights(output):
            self._activation(name, output)

    @harmless
    def _rectified(self, name: str, output: torch.Tensor) -> None:
        if self.session.detailed:
            output._trainlint_origin = Origin(name.rstrip("_"), places.here(), None, None)
            self._activation(name, output)

    def _activation(self, name: str, output: torch.Tensor) -> None:
        inside = self.modules.inside
        if not inside or not torch.is_grad_enabled():
            return
        place = places.here()
        layer = inside[-1]
        entry = (id(layer), key(place) if place else None, tuple(output.shape[1:]))
        record = self.activations.get(entry)
        if record is None:
            record = self.activations[entry] = ActivationRecord(name.rstrip("_"), place, layer)
        record.add(output, name)

    @harmless
    def _limited(self, name: str, args: tuple[Any, ...], output: torch.Tensor) -> None:
        argument = args[0] if args else None
        if not isinstance(argument, torch.Tensor) or not argument.numel() or not argument.is_floating_point():
            return
        if not output.requires_grad:
            return
        place = places.here()
        extreme = float(argument.detach().min() if LIMITED[name] is min else argument.detach().max())
        entry = (name, key(place) if place else None)
        new = {"operation": name, "place": place, "calls": 0, "extreme": extreme, "guarded": True}
        known = self.margins.setdefault(entry, new)
        known["guarded"] &= _is_guarded(argument)
        known["calls"] += 1
        known["extreme"] = LIMITED[name](known["extreme"], extreme)

    def _traced(self, func: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        output = func(*args, **kwargs)
        if name in DROPPING or name == "scaled_dot_product_attention":
            self.dropouts.note(name, args, kwargs, output)
        if isinstance(output, torch.Tensor):
            if name in DROPPING and (output is not args[0]) and bool((output != args[0]).any()):
                output._trainlint_dropped = places.here() or True
            elif name in PRESERVING or name.startswith("_max_pool") or name.endswith("_with_indices"):
                dropped = getattr(args[0], "_trainlint_dropped", None) if args and isinstance(args[0], torch.Tensor) else None
                if dropped is not None:
                    output._trainlint_dropped = dropped
        return output


def _is_root(args: tuple[Any, ...]) -> bool:
    exponent = args[1] if len(args) > 1 else None
    return isinstance(exponent, float) and 0 < exponent < 1


def _is_guarded(argument: torch.Tensor) -> bool:
    """Whether it comes out of a bound from below, or a constant was added to it right before."""
    made = argument.grad_fn
    if made is None:
        return False
    name = made.name()
    if name.startswith(("Clamp", "Softplus", "Maximum", "Exp")):
        return True
    return name.startswith("Add") and any(function is None for function, _ in made.next_functions)

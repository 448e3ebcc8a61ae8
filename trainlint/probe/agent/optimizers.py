"""Optimizers: where they were made, what they hold, and the order of backward, clearing, clipping and stepping."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook

from . import places
from .clipping import Clipping
from .harmless import harmless
from .modules import Modules, constructed, key
from .schedulers import Schedulers
from .session import Counter, Session
from .tensors import norm, sample

WHOLE = 8_000_000
"""Numbers up to which an update is measured on all of them."""
SAMPLED = 4096
TRACED = 3
"""Backward passes of a place that are followed to where they end."""
LARGE = 5000
"""Operations from which on a graph is too large to be followed."""
PATIENCE = 4
"""How many times the wanted number of steps may pass as backward passes before a program counts as one that never steps."""


class OptimizerRecord:
    """What is known of an optimizer."""

    def __init__(self, optimizer: Optimizer, made: places.PlaceData | None) -> None:
        self.optimizer, self.made = optimizer, made
        self.stepped: places.PlaceData | None = None
        self.steps = self.stale = self.empty = self.cleared_early = self.backwards = self.clears = self.clips = 0
        self.rates: list[float] = []
        self.norms: list[float] = []
        self.losses: list[float] = []
        self.ratios: list[float] = []
        self.ratio_steps: list[int] = []
        self.states: list[int] = []
        self.clean = True
        """Its gradients were empty at a backward pass since its last step."""
        self.pending = False
        """A backward pass has reached it since its last step."""
        self.last_norm = 0.0
        self.last_loss = 0.0
        self.scaled = False
        self.unscaled = False
        self.clipped = False
        self.scaled_loss = False
        """The loss of its last backward pass went through a scaler."""
        self.through_scaler = False
        self.past_scaler = self.plain_losses = 0
        self.forwarded = False
        """A network was called with gradients since its last step."""
        self.passes = 0
        """Backward passes of the same place that have reached it, one after the other, since its last step."""
        self.pass_counts: list[int] = []
        self.last_pass: Any = None
        """The place of the last of them."""
        self.traces: list[Any] = []
        self.thrown_away = 0
        self.thrown_now: set[Any] = set()
        """The places of backward passes whose gradients were cleared before a step had used them, since its last step."""
        self.stepping = False
        self.recreated = 0
        self.earlier = 0
        """Steps of the optimizers that this one replaces."""
        self.before: list[torch.Tensor] | None = None

    def parameters(self) -> list[torch.Tensor]:
        """All parameters that it holds."""
        return [parameter for group in self.optimizer.param_groups for parameter in group["params"]]


class Optimizers:
    """Watches the optimizers and all backward passes."""

    def __init__(self, session: Session, modules: Modules) -> None:
        self.session, self.modules = session, modules
        self.index = Counter()
        self.records: list[OptimizerRecord] = []
        self.backwards: dict[Any, dict[str, Any]] = {}
        self.clipping, self.schedulers = Clipping(session), Schedulers(session)
        self.gradients: dict[int, list[float]] = {}
        """By layer, at each step: the norms of its parameters' gradients."""
        self.rms: dict[int, list[float]] = {}
        self.updates: dict[int, list[float]] = {}
        self.update_steps: dict[int, list[int]] = {}
        self.first_values: dict[int, torch.Tensor] = {}
        self.had_gradient: dict[int, bool] = {}
        self.bias_ratio: dict[int, float] = {}
        self.non_finite: dict[str, Any] | None = None
        self.on_step: list[Callable[[], None]] = []
        self.on_failure: list[Callable[[BaseException], None]] = []
        self.on_backward: list[Callable[[], None]] = []
        self.losses_alive: list[Any] = []
        self.manual_steps = 0
        self._manual: list[torch.Tensor] = []
        self._fruitless = 0
        self._inside = False
        self._value = 0.0
        self._scaled = False
        self._backward: Any = None
        self._owner: dict[int, nn.Module] | None = None

    # Installation ------------------------------------------------------------------------------------------------------

    def install(self) -> None:
        """Registers the global hooks, and watches backward, clipping and loss scaling."""
        register_optimizer_step_pre_hook(self._before_step)
        register_optimizer_step_post_hook(self._after_step)
        self._watch_construction()
        self._watch_backward()
        self.clipping.records, self.clipping.record = (lambda: self.records), self.record
        self.clipping.install()
        self.schedulers.number_of, self.schedulers.steps_of = self.index.known, lambda number: self.records[number].steps
        self.schedulers.install()

    def _watch_construction(self) -> None:
        construct, watch = Optimizer.__init__, self

        def constructing(optimizer: Optimizer, *args: Any, **kwargs: Any) -> None:
            construct(optimizer, *args, **kwargs)
            if watch.session.watching:
                watch.record(optimizer, places.here(optimizer, type(optimizer).__name__))

        Optimizer.__init__ = constructing

    def record(self, optimizer: Optimizer, made: places.PlaceData | None = None) -> OptimizerRecord:
        """The record of an optimizer, made when it is first seen."""
        number = self.index.index(optimizer)
        if number == len(self.records):
            new = OptimizerRecord(optimizer, made)
            held = {id(parameter) for parameter in new.parameters()}
            for old in self.records:
                if made is not None and old.made == made and held == {id(parameter) for parameter in old.parameters()}:
                    old.recreated += 1
                    new.earlier = old.earlier + old.steps
            self.records.append(new)
        return self.records[number]

    def _watch_backward(self) -> None:
        backward, watch = torch.autograd.backward, self

        def running(tensors: Any, *args: Any, **kwargs: Any) -> Any:
            if not watch.session.watching or watch._inside:
                return backward(tensors, *args, **kwargs)
            watch._inside = True
            try:
                watch._before_backward(tensors, kwargs)
                result = backward(tensors, *args, **kwargs)
            except RuntimeError as error:
                for explain in watch.on_failure:
                    explain(error)
                raise
            finally:
                watch._inside = False
            watch._after_backward()
            return result

        torch.autograd.backward = running

    # Backward ----------------------------------------------------------------------------------------------------------

    def _before_backward(self, tensors: Any, kwargs: dict[str, Any]) -> None:
        roots = [tensors] if isinstance(tensors, torch.Tensor) else list(tensors)
        value = float(roots[0].detach().float().mean()) / (self.clipping.scale or 1.0) if roots and roots[0].numel() else 0.0
        place = places.here(called="backward")
        name = key(place) if place else None
        entry = self.backwards.get(name)
        if entry is None:
            entry = self.backwards[name] = {
                "place": place,
                "calls": 0,
                "values": [],
                "retain_graph": 0,
                "rootless": 0,
                "leaves": 0,
                "severed": 0,
            }
            entry.update(cut=None, unrecorded=None, terms=[])
        entry["calls"] += 1
        if roots:
            followed = entry["calls"] <= TRACED or roots[0].grad_fn is None
            held = {id(parameter) for record in self.records for parameter in record.parameters()} if followed else None
            _trace(roots[0], entry, held)
        entry["retain_graph"] += bool(kwargs.get("retain_graph"))
        if len(entry["values"]) < self.session.wanted_steps:
            entry["values"].append(value)
        self.session.loss = value
        if not math.isfinite(value):
            self._lost("loss")
        self._scaled = bool(roots) and getattr(roots[0], "_trainlint_scaled", False)
        self._value, self._backward = value, name
        for record in self.records:
            parameters = record.parameters()
            record.traces = [_trace_of(parameter.grad) for parameter in parameters]
            if not record.backwards:
                record.last_loss = value
            if record.steps and not record.clean and is_empty(parameters):
                record.clean = True
            if is_empty_quick(parameters):
                record.clears += 1
            if record.passes and record.last_pass == name and not record.stepping and is_empty(parameters):
                record.thrown_now.add(name)
        if not self.records:
            self._count_manual_steps()
        for callback in self.on_backward:
            callback()

    def _after_backward(self) -> None:
        if self.session.complete and not self.session.light:
            for record in self.records:
                record.pending = True
            return
        for record in self.records:
            parameters = record.parameters()
            held = [parameter for parameter in parameters if parameter.grad is not None]
            if not held or record.traces == [_trace_of(parameter.grad) for parameter in parameters]:
                continue
            record.backwards += 1
            record.passes = record.passes + 1 if record.last_pass == self._backward else 1
            record.pending = True
            record.clipped = record.unscaled = False
            record.last_loss, record.last_pass, record.scaled_loss = self._value, self._backward, self._scaled
            record.last_norm = norm(
                [parameter.grad for parameter in held if parameter.grad is not None and not parameter.grad.is_sparse]
            ) / (self.clipping.scale or 1.0)
            if not math.isfinite(record.last_norm) and self.clipping.scale == 1.0:  # a scaler skips such a step by itself
                self._lost("gradient")

        if self.records and not any(record.steps for record in self.records):
            self._fruitless += 1
            if self._fruitless == 1:
                self._remember(parameter for record in self.records for parameter in record.parameters())
            if self._fruitless >= PATIENCE * self.session.wanted_steps:
                self.session.finish("no optimizer stepped")

    def _count_manual_steps(self) -> None:
        """Where a program has no optimizer, weights that differ from those of the backward pass before are a step of its own."""
        parameters = [parameter for record in self.modules.records for parameter in record.module.parameters()]
        self._remember(parameters)
        now = [sample(parameter, 16).clone() for parameter in parameters]
        before, self._manual = self._manual, now
        if len(before) == len(now) and any(not torch.equal(one, other) for one, other in zip(before, now)):
            self.manual_steps += 1
            for callback in self.on_step:
                callback()
            self.session.count_step(self.manual_steps)

    def _remember(self, parameters: Iterable[torch.Tensor]) -> None:
        for parameter in parameters:
            if id(parameter) not in self.first_values:
                self.first_values[id(parameter)] = sample(parameter, SAMPLED).clone()

    def _lost(self, where: str) -> None:
        if self.non_finite is None:
            self.non_finite = {"step": self.session.steps, "where": where}

    # Steps -------------------------------------------------------------------------------------------------------------

    def _before_step(self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        del args, kwargs
        if not self.session.watching:
            return
        record = self.record(optimizer)
        if not self.session.light and self.session.complete:
            return
        if record.stepped is None:
            record.stepped = places.here(optimizer, "step")
        parameters = record.parameters()
        record.stepping = True
        if not record.steps:
            self._remember(parameters)
        record.before = None
        if self.session.detailed:
            whole = sum(parameter.numel() for parameter in parameters) <= WHOLE
            record.before = [sample(parameter, parameter.numel() if whole else SAMPLED).clone() for parameter in parameters]

    def _after_step(self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        del args, kwargs
        if not self.session.watching:
            return
        record = self.record(optimizer)
        if not self.session.complete:
            self._judge_step(record)
        record.pending = record.clean = record.stepping = record.forwarded = record.through_scaler = False
        record.steps += 1
        record.passes = 0
        for callback in self.on_step:
            callback()
        self.session.count_step(record.earlier + record.steps)

    @harmless
    def _judge_step(self, record: OptimizerRecord) -> None:
        parameters = record.parameters()
        empty = is_empty(parameters)
        record.empty += empty
        record.cleared_early += empty and record.pending and record.last_norm > 0
        record.stale += record.steps > 0 and not record.clean and not empty
        record.clips += record.clipped
        record.thrown_away += record.last_pass in record.thrown_now  # what another loss has left there is thrown away with reason
        record.thrown_now.clear()
        record.pass_counts.append(record.passes)
        record.past_scaler += record.scaled_loss and not record.through_scaler and not record.unscaled and record.passes > 0
        record.plain_losses += record.through_scaler and not record.scaled_loss and record.passes > 0
        record.norms.append(record.last_norm)
        record.losses.append(record.last_loss)
        record.rates.append(float(record.optimizer.param_groups[0].get("lr", 0.0)))
        record.states.append(len(record.optimizer.state))
        if self.session.light:
            return
        for parameter in parameters:
            if parameter.grad is not None and not self.had_gradient.get(id(parameter)):
                self.had_gradient[id(parameter)] = not is_empty([parameter])
        if any(not bool(torch.isfinite(sample(parameter, 64)).all()) for parameter in parameters):
            self._lost("parameter")
        self._layers(record, parameters)

    def _layers(self, record: OptimizerRecord, parameters: list[torch.Tensor]) -> None:
        owners = self._owners(parameters)
        before = record.before
        grouped: dict[int, list[int]] = {}
        for number, parameter in enumerate(parameters):
            owner = owners.get(id(parameter))
            if owner is not None:
                grouped.setdefault(id(owner), []).append(number)
        ratios: list[float] = []
        scale = 1.0 if record.unscaled or record.scaled else self.clipping.scale or 1.0
        for layer, numbers in grouped.items():
            grads = [parameters[number].grad for number in numbers]
            dense = [grad for grad in grads if grad is not None and not grad.is_sparse]
            size = norm(dense) / scale
            self.gradients.setdefault(layer, []).append(size)
            largest = max(numbers, key=lambda number: parameters[number].numel())
            grad = parameters[largest].grad
            if grad is not None and not grad.is_sparse:
                self.rms.setdefault(layer, []).append(norm([grad]) / scale / max(grad.numel(), 1) ** 0.5)
            if before is not None:
                moved = norm([sample(parameters[number], _size(before[number], parameters[number])) - before[number] for number in numbers])
                base = norm([before[number] for number in numbers])
                if base > 0:
                    self.updates.setdefault(layer, []).append(moved / base)
                    self.update_steps.setdefault(layer, []).append(record.steps)
                    if any(parameters[number].dim() >= 2 and self._began_with_values(parameters[number]) for number in numbers):
                        ratios.append(moved / base)
        if ratios:
            record.ratios.append(statistics.median(ratios))
            record.ratio_steps.append(record.steps)

    def _began_with_values(self, parameter: torch.Tensor) -> bool:
        """Whether it was not all zero before the first step: what grows out of nothing grows by large factors."""
        first = self.first_values.get(id(parameter))
        return first is None or bool(first.count_nonzero())

    def _owners(self, parameters: list[torch.Tensor]) -> dict[int, nn.Module]:
        if self._owner is None or any(id(parameter) not in self._owner for parameter in parameters):
            self._owner = {
                id(parameter): module for module in list(constructed) for parameter in module._parameters.values() if parameter is not None
            }
        return self._owner


def _trace(root: torch.Tensor, entry: dict[str, Any], held: set[int] | None) -> None:
    """Takes note of what a backward pass starts from, and whether it reaches what is trained, where what is held is given."""
    entry["terms"] = entry["terms"] or getattr(root, "_trainlint_terms", [])
    if root.requires_grad:
        entry["leaves"] += root.grad_fn is None
        if held is not None:
            leaves = list(_leaves(root))
            if leaves and not any(id(leaf) in held or isinstance(leaf, nn.Parameter) for leaf in leaves):
                entry["cut"] = entry["cut"] or next((leaf._trainlint_cut for leaf in leaves if hasattr(leaf, "_trainlint_cut")), None)
                entry["severed"] += root.grad_fn is not None and entry["cut"] is not None
        return
    entry["rootless"] += 1
    passed = getattr(root, "_trainlint_pass", None)
    if passed is not None and not passed.grad:
        entry["unrecorded"] = entry["unrecorded"] or passed.place
    else:
        entry["cut"] = entry["cut"] or getattr(root, "_trainlint_cut", None)


def _leaves(root: torch.Tensor) -> Iterator[torch.Tensor]:
    """Where the gradients of a backward pass end up; nothing where its graph is very large."""
    if root.grad_fn is None:
        yield root
        return
    found: list[torch.Tensor] = []
    seen, rest = {root.grad_fn}, [root.grad_fn]
    while rest and len(seen) < LARGE:
        made: Any = rest.pop()
        if hasattr(made, "variable"):
            found.append(made.variable)
            if isinstance(made.variable, nn.Parameter):
                break
        later = [function for function, _ in made.next_functions if function is not None and function not in seen]
        seen.update(later)
        rest += later
    if len(seen) < LARGE:
        yield from found


def _trace_of(grad: torch.Tensor | None) -> tuple[int, int] | None:
    """What changes whenever something is added to a gradient."""
    return None if grad is None else (id(grad), grad._version)


def _size(sampled: torch.Tensor, parameter: torch.Tensor) -> int:
    return parameter.numel() if sampled.numel() == parameter.numel() else SAMPLED


def is_empty_quick(parameters: list[torch.Tensor]) -> bool:
    """Whether no parameter holds a gradient at all."""
    return all(parameter.grad is None for parameter in parameters)


def is_empty(parameters: list[torch.Tensor]) -> bool:
    """Whether every gradient is missing or zero."""
    for parameter in parameters:
        grad = parameter.grad
        if grad is not None and bool((grad.coalesce().values() if grad.is_sparse else grad).count_nonzero()):
            return False
    return True

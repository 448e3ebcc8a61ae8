"""Optimizers: where they were made, what they hold, and the order of backward, clearing, clipping and stepping."""

from __future__ import annotations

import functools
import math
import statistics
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook

from . import places
from .modules import Modules, constructed, key
from .session import Counter, Session
from .tensors import norm, sample

WHOLE = 8_000_000
"""Numbers up to which an update is measured on all of them."""
SAMPLED = 4096


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
        self.recreated = 0
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
        self.clips: dict[Any, dict[str, Any]] = {}
        self.schedulers: list[dict[str, Any]] = []
        self._watched_schedulers: set[type[Any]] = set()
        self._scheduling: set[int] = set()
        self.gradients: dict[int, list[float]] = {}
        """By layer, at each step: the norms of its parameters' gradients."""
        self.rms: dict[int, list[float]] = {}
        self.updates: dict[int, list[float]] = {}
        self.update_steps: dict[int, list[int]] = {}
        self.first_values: dict[int, torch.Tensor] = {}
        self.had_gradient: dict[int, bool] = {}
        self.bias_ratio: dict[int, float] = {}
        self.non_finite: dict[str, Any] | None = None
        self.scale = 1.0
        self.on_step: list[Callable[[], None]] = []
        self.on_failure: list[Callable[[BaseException], None]] = []
        self.on_backward: list[Callable[[], None]] = []
        self.losses_alive: list[Any] = []
        self._inside = False
        self._owner: dict[int, nn.Module] | None = None

    # Installation ------------------------------------------------------------------------------------------------------

    def install(self) -> None:
        """Registers the global hooks, and watches backward, clipping and loss scaling."""
        register_optimizer_step_pre_hook(self._before_step)
        register_optimizer_step_post_hook(self._after_step)
        self._watch_construction()
        self._watch_backward()
        for name in ("clip_grad_norm_", "clip_grad_value_", "clip_grad_norm"):
            self._watch_clipping(name)
        self._watch_scaler()
        self._watch_schedulers()

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

    def _watch_clipping(self, name: str) -> None:
        original, watch = getattr(nn.utils, name, None), self
        if original is None:
            return

        def clipping(parameters: Any, *args: Any, **kwargs: Any) -> Any:
            held = [parameters] if isinstance(parameters, torch.Tensor) else list(parameters)
            if watch.session.watching:
                watch._clipped(held)
            return original(held, *args, **kwargs)

        for module in (nn.utils, nn.utils.clip_grad):
            setattr(module, name, clipping)

    def _watch_scaler(self) -> None:
        scalers: set[Any] = {getattr(module, "GradScaler", None) for module in (getattr(torch, "amp", None), torch.cuda.amp)} - {None}
        roots = {next((base for base in reversed(kind.__mro__[:-1]) if "unscale_" in vars(base)), kind) for kind in scalers}
        watch = self
        for kind in roots:
            scale, unscale, step = kind.scale, kind.unscale_, kind.step

            def scaling(scaler: Any, outputs: Any, scale: Any = scale) -> Any:
                if scaler.is_enabled():
                    watch.scale = float(scaler.get_scale())
                return scale(scaler, outputs)

            def unscaling(scaler: Any, optimizer: Optimizer, unscale: Any = unscale) -> Any:
                watch.record(optimizer).unscaled = True
                return unscale(scaler, optimizer)

            def stepping(scaler: Any, optimizer: Optimizer, *args: Any, step: Any = step, **kwargs: Any) -> Any:
                watch.record(optimizer).scaled |= scaler.is_enabled()
                return step(scaler, optimizer, *args, **kwargs)

            kind.scale, kind.unscale_, kind.step = scaling, unscaling, stepping

    def _watch_schedulers(self) -> None:
        from torch.optim import lr_scheduler

        base = getattr(lr_scheduler, "LRScheduler", None) or lr_scheduler._LRScheduler
        watch = self
        for kind in {base, lr_scheduler.ReduceLROnPlateau}:
            construct = kind.__init__

            def constructing(scheduler: Any, optimizer: Any, *args: Any, construct: Any = construct, **kwargs: Any) -> None:
                construct(scheduler, optimizer, *args, **kwargs)
                if watch.session.watching and not any(entry["object"] is scheduler for entry in watch.schedulers):
                    watch._scheduler(scheduler, optimizer)

            kind.__init__ = constructing

    def _scheduler(self, scheduler: Any, optimizer: Any) -> None:
        entry: dict[str, Any] = {"object": scheduler, "constructed": places.here(scheduler), "stepped": None, "steps": 0, "early": False}
        entry["optimizer"] = self.index.known(optimizer)
        self.schedulers.append(entry)
        for owner in type(scheduler).__mro__:  # not the object: what it holds is in its `state_dict`
            if "step" in vars(owner) and owner not in self._watched_schedulers:
                self._watched_schedulers.add(owner)
                self._watch_scheduler_steps(owner)

    def _watch_scheduler_steps(self, owner: Any) -> None:
        step, watch = owner.step, self

        @functools.wraps(step)
        def stepping(scheduler: Any, *args: Any, **kwargs: Any) -> Any:
            entry = next((entry for entry in watch.schedulers if entry["object"] is scheduler), None)
            if entry is None or not watch.session.watching or id(scheduler) in watch._scheduling:
                return step(scheduler, *args, **kwargs)
            entry["stepped"] = entry["stepped"] or places.here(scheduler)
            entry["steps"] += 1
            number = entry["optimizer"]
            entry["early"] |= number is not None and watch.records[number].steps == 0
            watch._scheduling.add(id(scheduler))
            try:
                return step(scheduler, *args, **kwargs)
            finally:
                watch._scheduling.discard(id(scheduler))

        owner.step = stepping

    # Backward ----------------------------------------------------------------------------------------------------------

    def _before_backward(self, tensors: Any, kwargs: dict[str, Any]) -> None:
        roots = [tensors] if isinstance(tensors, torch.Tensor) else list(tensors)
        value = float(roots[0].detach().float().mean()) / (self.scale or 1.0) if roots and roots[0].numel() else 0.0
        place = places.here(called="backward")
        entry = self.backwards.setdefault(key(place) if place else None, {"place": place, "calls": 0, "values": [], "retain_graph": 0})
        entry["calls"] += 1
        entry["retain_graph"] += bool(kwargs.get("retain_graph"))
        if len(entry["values"]) < self.session.wanted_steps:
            entry["values"].append(value)
        self.session.loss = value
        if not math.isfinite(value):
            self._lost("loss")
        for record in self.records:
            record.last_loss = value
            if record.steps and not record.clean and is_empty(record.parameters()):
                record.clean = True
            if is_empty_quick(record.parameters()):
                record.clears += 1
        for callback in self.on_backward:
            callback()

    def _after_backward(self) -> None:
        if self.session.complete and not self.session.light:
            for record in self.records:
                record.pending = True
            return
        for record in self.records:
            held = [parameter for parameter in record.parameters() if parameter.grad is not None]
            if not held:
                continue
            record.backwards += 1
            record.pending = True
            record.clipped = record.unscaled = False
            record.last_norm = norm(
                [parameter.grad for parameter in held if parameter.grad is not None and not parameter.grad.is_sparse]
            ) / (self.scale or 1.0)
            if not math.isfinite(record.last_norm) and self.scale == 1.0:  # a scaler skips such a step by itself
                self._lost("gradient")

    def _lost(self, where: str) -> None:
        if self.non_finite is None:
            self.non_finite = {"step": self.session.steps, "where": where}

    # Clipping ----------------------------------------------------------------------------------------------------------

    def _clipped(self, held: list[torch.Tensor]) -> None:
        place, ids = places.here(), {id(parameter) for parameter in held}
        entry = self.clips.setdefault(
            key(place) if place else None, {"place": place, "calls": 0, "after_step": 0, "before_unscale": 0, "parameters": 0}
        )
        entry["calls"] += 1
        entry["parameters"] = len(held)
        for record in self.records:
            if any(id(parameter) in ids for parameter in record.parameters()):
                record.clipped = True
                entry["after_step"] += not record.pending
                entry["before_unscale"] += self.scale != 1.0 and not record.unscaled

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
        if not record.steps:
            for parameter in parameters:
                self.first_values.setdefault(id(parameter), sample(parameter, SAMPLED).clone())
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
        record.pending = record.clean = False
        record.steps += 1
        for callback in self.on_step:
            callback()
        self.session.count_step(record.steps)

    def _judge_step(self, record: OptimizerRecord) -> None:
        parameters = record.parameters()
        empty = is_empty(parameters)
        record.empty += empty
        record.cleared_early += empty and record.pending and record.last_norm > 0
        record.stale += record.steps > 0 and not record.clean and not empty
        record.clips += record.clipped
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
        scale = 1.0 if record.unscaled or record.scaled else self.scale or 1.0
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
                    if any(parameters[number].dim() >= 2 for number in numbers):
                        ratios.append(moved / base)
        if ratios:
            record.ratios.append(statistics.median(ratios))
            record.ratio_steps.append(record.steps)

    def _owners(self, parameters: list[torch.Tensor]) -> dict[int, nn.Module]:
        if self._owner is None or any(id(parameter) not in self._owner for parameter in parameters):
            self._owner = {
                id(parameter): module for module in list(constructed) for parameter in module._parameters.values() if parameter is not None
            }
        return self._owner


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

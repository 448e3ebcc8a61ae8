"""What happens to gradients between the backward pass and the step: they are bounded, and a scaler brings them back to size."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

import torch
from torch import nn
from torch.optim import Optimizer

from . import places
from .modules import key
from .session import Session


class Watched(Protocol):
    """What is known of an optimizer that matters here."""

    steps: int
    pending: bool
    unscaled: bool
    clipped: bool
    scaled: bool
    scaled_loss: bool
    through_scaler: bool
    forwarded: bool

    def parameters(self) -> list[torch.Tensor]:
        """All parameters that it holds."""


class Clipping:
    """Watches clips and loss scaling."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.clips: dict[Any, dict[str, Any]] = {}
        self.scalers: list[dict[str, Any]] = []
        self.scale = 1.0
        self.records: Callable[[], list[Any]] = list
        """The optimizers."""
        self.record: Callable[[Optimizer], Any] = lambda optimizer: None

    def install(self) -> None:
        """Replaces clips and the methods of scalers by ones that are watched."""
        for name in ("clip_grad_norm_", "clip_grad_value_", "clip_grad_norm"):
            self._watch_clipping(name)
        self._watch_scalers()

    def fields(self) -> list[dict[str, Any]]:
        """The fields of `observations.Scaler`."""
        return [{name: value for name, value in entry.items() if name != "object"} for entry in self.scalers]

    def _watch_clipping(self, name: str) -> None:
        original, watch = getattr(nn.utils, name, None), self
        if original is None:
            return

        def clipping(parameters: Any, *args: Any, **kwargs: Any) -> Any:
            held = [parameters] if isinstance(parameters, torch.Tensor) else list(parameters)
            if watch.session.watching:
                watch._clipped(held, name)
            return original(held, *args, **kwargs)

        for module in (nn.utils, nn.utils.clip_grad):
            setattr(module, name, clipping)

    def _clipped(self, held: list[torch.Tensor], name: str) -> None:
        place, ids = places.here(called=name), {id(parameter) for parameter in held}
        new = {"place": place, "calls": 0, "after_step": 0, "before_backward": 0, "before_unscale": 0, "empty": 0, "parameters": 0}
        entry = self.clips.setdefault(key(place) if place else None, new)
        entry["calls"] += 1
        entry["parameters"] = len(held)
        entry["empty"] += not held
        for record in self.records():
            if not any(id(parameter) in ids for parameter in record.parameters()):
                continue
            record.clipped = True
            if not record.pending:
                early = record.forwarded or record.steps == 0
                entry["before_backward" if early else "after_step"] += 1
            entry["before_unscale"] += record.pending and record.scaled_loss and not record.unscaled

    def _watch_scalers(self) -> None:
        scalers: set[Any] = {getattr(module, "GradScaler", None) for module in (getattr(torch, "amp", None), torch.cuda.amp)} - {None}
        roots = {next((base for base in reversed(kind.__mro__[:-1]) if "unscale_" in vars(base)), kind) for kind in scalers}
        watch = self
        for kind in scalers:
            _note_what_is_off(kind)
        for kind in roots:
            scale, unscale, step, update = kind.scale, kind.unscale_, kind.step, kind.update

            def scaling(scaler: Any, outputs: Any, scale: Any = scale) -> Any:
                if not watch._watches(scaler):
                    return scale(scaler, outputs)
                watch._of(scaler)["scalings"] += 1
                scaled = scale(scaler, outputs)
                if scaler.is_enabled():
                    watch.scale = float(scaler.get_scale())
                for tensor in (scaled,) if isinstance(scaled, torch.Tensor) else scaled if isinstance(scaled, (list, tuple)) else ():
                    tensor._trainlint_scaled = True
                return scaled

            def unscaling(scaler: Any, optimizer: Optimizer, unscale: Any = unscale) -> Any:
                if watch._watches(scaler):
                    watch.record(optimizer).unscaled = True
                return unscale(scaler, optimizer)

            def stepping(scaler: Any, optimizer: Optimizer, *args: Any, step: Any = step, **kwargs: Any) -> Any:
                if watch._watches(scaler):
                    entry, record = watch._of(scaler), watch.record(optimizer)
                    entry["steps"] += 1
                    entry["stepped"] = entry["stepped"] or places.here(scaler, "step")
                    record.scaled |= scaler.is_enabled()
                    record.through_scaler = True
                return step(scaler, optimizer, *args, **kwargs)

            def updating(scaler: Any, *args: Any, update: Any = update, **kwargs: Any) -> Any:
                if watch._watches(scaler):
                    watch._of(scaler)["updates"] += 1
                return update(scaler, *args, **kwargs)

            kind.scale, kind.unscale_, kind.step, kind.update = scaling, unscaling, stepping, updating

    def _watches(self, scaler: Any) -> bool:
        """A scaler that the program itself has switched off is none; one that this device has switched off works elsewhere."""
        return self.session.watching and not getattr(scaler, "_trainlint_off", False)

    def _of(self, scaler: Any) -> dict[str, Any]:
        for entry in self.scalers:
            if entry["object"] is scaler:
                return entry
        entry = {"object": scaler, "enabled": bool(scaler.is_enabled()), "scalings": 0, "steps": 0, "updates": 0, "stepped": None}
        self.scalers.append(entry)
        return entry


def _note_what_is_off(kind: Any) -> None:
    """Marks scalers of this class that are made with `enabled=False`."""
    construct = kind.__init__
    signature = inspect.signature(construct)

    def constructing(scaler: Any, *args: Any, **kwargs: Any) -> None:
        with suppress(TypeError):  # which the real one raises as well
            scaler._trainlint_off = not signature.bind(scaler, *args, **kwargs).arguments.get("enabled", True)
        construct(scaler, *args, **kwargs)

    kind.__init__ = constructing

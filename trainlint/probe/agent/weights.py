"""State dicts that the program keeps: whether they are copies, or the network's own tensors that move on with it."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from . import places
from .session import Session

_MOST = 64


class Weights:
    """Watches what becomes of state dicts."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.taken: list[dict[str, Any]] = []
        self._inside = False

    def install(self) -> None:
        """Replaces `state_dict`, `load_state_dict` and `torch.save` by ones that are watched."""
        state_dict, load, save, watch = nn.Module.state_dict, nn.Module.load_state_dict, torch.save, self

        def taking(module: nn.Module, *args: Any, **kwargs: Any) -> Any:
            if watch._inside or not watch.session.watching or args or kwargs:
                return state_dict(module, *args, **kwargs)
            watch._inside = True
            try:
                taken = state_dict(module)
            finally:
                watch._inside = False
            watch._keep(module, taken)
            return taken

        def loading(module: nn.Module, weights: Any, *args: Any, **kwargs: Any) -> Any:
            if watch.session.watching:
                watch._used(weights)
            return load(module, weights, *args, **kwargs)

        def saving(thing: Any, *args: Any, **kwargs: Any) -> Any:
            if watch.session.watching:
                for part in (thing, *(thing.values() if isinstance(thing, dict) else ())):
                    watch._used(part)
            return save(thing, *args, **kwargs)

        nn.Module.state_dict = taking
        nn.Module.load_state_dict = loading
        torch.save = saving

    def _keep(self, module: nn.Module, taken: Any) -> None:
        place = places.here(module, "state_dict")
        if place is None or len(self.taken) >= _MOST or not isinstance(taken, dict):
            return
        try:
            kept = weakref.ref(taken)
        except TypeError:
            return
        entry = {"kept": kept, "module": weakref.ref(module), "place": place, "step": self.session.steps, "used": None, "late": 0}
        entry["values"] = _fingerprint(taken)
        self.taken.append(entry)

    def _used(self, weights: Any) -> None:
        if not isinstance(weights, Mapping):
            return
        for entry in self.taken:
            if entry["kept"]() is weights and self.session.steps > entry["step"]:
                entry["late"] += 1
                entry["used"] = entry["used"] or places.here()
                entry["moved"] = _fingerprint(weights) != entry["values"]

    def fields(self) -> list[dict[str, Any]]:
        """The fields of `observations.KeptWeights`, one for each place."""
        found: dict[Any, dict[str, Any]] = {}
        for entry in self.taken:
            kept, module, place = entry["kept"](), entry["module"](), entry["place"]
            moved = entry.get("moved", False)
            if kept is not None and module is not None and self.session.steps > entry["step"]:
                moved = moved or _fingerprint(kept) != entry["values"]
            row = found.setdefault(
                (place["path"], place["row"], place["column"]),
                {"place": place, "taken": 0, "held_on": 0, "moved": 0, "used": None, "used_moved": False},
            )
            row["taken"] += 1
            row["held_on"] += bool(entry["late"]) or (kept is not None and self.session.steps > entry["step"])
            row["moved"] += moved
            row["used"] = row["used"] or entry["used"]
            row["used_moved"] = row["used_moved"] or bool(entry.get("moved", False))
        return list(found.values())


def _fingerprint(weights: Mapping[str, Any]) -> tuple[float, ...]:
    """Sums over a sample of the weights, which another step changes."""
    tensors = [value for value in weights.values() if isinstance(value, torch.Tensor) and value.is_floating_point() and value.numel()]
    return tuple(float(tensor.detach().reshape(-1)[:64].double().sum()) for tensor in tensors[:16])

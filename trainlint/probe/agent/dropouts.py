"""Dropout, wherever it is done: whether it drops in training, and whether it stops in evaluation."""

from __future__ import annotations

import ast
import linecache
import sys
from types import FrameType
from typing import Any

import torch

from . import places
from .modules import DROPOUT, Modules, constructed, key


class Dropouts:
    """Watches the calls of dropout functions."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self.records: dict[Any, dict[str, Any]] = {}

    def note(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> None:
        """Takes note of a call, by the mode of the network that it belongs to."""
        inside = self.modules.inside
        if not inside or not isinstance(output, torch.Tensor):
            return
        layer = _layer_around()
        made_here = layer is not None and (id(layer) in self.modules.made_inside or layer not in constructed)
        if layer is not None and not made_here:
            return  # its own flag decides, and who sets it on purpose means it
        if name == "scaled_dot_product_attention":
            probability = kwargs.get("dropout_p", args[4] if len(args) > 4 else 0.0)
            active = bool(probability)
            if not active and torch.is_grad_enabled():
                return
        else:
            probability = kwargs.get("p", args[1] if len(args) > 1 else 0.5)
            told = kwargs.get("training", args[2] if len(args) > 2 else None)
            active = bool(told) if isinstance(told, bool) else output.data_ptr() != args[0].data_ptr()
            if not probability:
                return
        place = (constructed.get(layer) if layer is not None else None) or places.here(called=name)
        entry = self.records.setdefault(
            key(place) if place else None,
            {
                "operation": name,
                "place": place,
                "built_in_forward": made_here,
                "declared": _is_declared(place),
                "trained": 0,
                "dropped_in_training": 0,
                "evaluated": 0,
                "dropped_in_evaluation": 0,
            },
        )
        when = "trained" if inside[0].training else "evaluated"
        entry[when] += 1
        entry["dropped_in_training" if inside[0].training else "dropped_in_evaluation"] += active


def _layer_around() -> Any:
    """The dropout layer whose forward pass this is, if it is one's."""
    frame: FrameType | None = sys._getframe(2)
    for _ in range(8):
        if frame is None:
            return None
        own = frame.f_locals.get("self")
        if isinstance(own, DROPOUT):
            return own
        frame = frame.f_back
    return None


def _is_declared(place: places.PlaceData | None) -> bool:
    """Whether the call itself says that it always drops."""
    if place is None or place["end_row"] is None:
        return False
    lines = [linecache.getline(place["path"], row) for row in range(place["row"], place["end_row"] + 1)]
    if lines and place["column"] is not None:
        lines[-1] = lines[-1][: place["end_column"] - 1]
        lines[0] = lines[0][place["column"] - 1 :]
    try:
        call = ast.parse("(" + "".join(lines) + ")", mode="eval").body
    except SyntaxError:
        return False
    if not isinstance(call, ast.Call):
        return False
    given = [keyword.value for keyword in call.keywords if keyword.arg == "training"]
    return any(isinstance(value, ast.Constant) and value.value is True for value in given)

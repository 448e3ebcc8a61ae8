"""What can be read off a tensor without disturbing anything: spreads, norms, samples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from .histograms import Histogram

LIMIT = 1 << 16
"""Values of one tensor that are looked at; of larger ones an even sample."""
CHANNELS = 64
ROWS = 8
"""Samples of a large batch from which the channels' statistics come."""


def tensors_in(value: Any, depth: int = 3) -> Iterator[torch.Tensor]:
    """The tensors in nested tuples, lists, mappings and data classes."""
    if isinstance(value, torch.Tensor):
        yield value
    elif depth and isinstance(value, (tuple, list)):
        for part in value:
            yield from tensors_in(part, depth - 1)
    elif depth and isinstance(value, dict):
        for part in value.values():
            yield from tensors_in(part, depth - 1)
    elif depth and hasattr(value, "__dict__") and not isinstance(value, (torch.nn.Module, type)):
        for part in vars(value).values():
            yield from tensors_in(part, depth - 1)


def sample(tensor: torch.Tensor, limit: int = LIMIT) -> torch.Tensor:
    """The values in one row, or an even sample of them."""
    flat = tensor.detach().reshape(-1)
    return flat if flat.numel() <= limit else flat[:: flat.numel() // limit + 1]


def norm(tensors: list[torch.Tensor]) -> float:
    """The norm of many tensors together."""
    if not tensors:
        return 0.0
    return float(torch.stack([torch.linalg.vector_norm(tensor.detach().float()) for tensor in tensors]).norm())


class Spread:
    """The values seen at one place, tensor by tensor; channel by channel where that is asked for, which takes the most time."""

    def __init__(self, *, by_channel: bool = False) -> None:
        self._by_channel = by_channel
        self.data: dict[str, Any] | None = None
        self._count = 0
        self._sum = 0.0
        self._squares = 0.0
        self._values: list[float] | None = []
        self._channels: list[Any] | None = None
        self._histogram = Histogram()

    def add(self, tensor: torch.Tensor) -> None:
        """Takes a tensor in; complex and empty ones are passed over."""
        if not tensor.numel() or tensor.is_complex() or tensor.layout is not torch.strided:
            return
        values = sample(tensor).double()
        finite = torch.isfinite(values)
        lost = values.numel() - int(finite.sum())
        values = values[finite] if lost else values
        if not values.numel():
            values = torch.zeros(1, dtype=torch.double)
        low, high = float(values.min()), float(values.max())
        whole = not tensor.is_floating_point() or bool((values == values.round()).all())
        if self.data is None:
            self.data = {
                "shape": list(tensor.shape),
                "dtype": str(tensor.dtype).replace("torch.", ""),
                "minimum": low,
                "maximum": high,
                "whole": whole,
                "non_finite": lost,
            }
        else:
            data = self.data
            data["minimum"], data["maximum"] = min(low, data["minimum"]), max(high, data["maximum"])
            data["whole"] = whole and data["whole"]
            data["non_finite"] += lost
        self._histogram.add(values, low, high)
        self._count += values.numel()
        self._sum += float(values.sum())
        self._squares += float((values * values).sum())
        if self._values is not None:
            seen = set(self._values) | set(torch.unique(values[: 1 << 14]).tolist()[: CHANNELS + 1])
            self._values = sorted(seen) if len(seen) <= CHANNELS else None
        if self._by_channel:
            self._add_channels(tensor)

    def _add_channels(self, tensor: torch.Tensor) -> None:
        if tensor.dim() < 2 or not tensor.is_floating_point():
            return
        axis = 1 if tensor.dim() >= 3 else tensor.dim() - 1
        rows = (
            (tensor.detach() if tensor.numel() <= LIMIT else tensor.detach()[:ROWS])
            .movedim(axis, 0)[:CHANNELS]
            .reshape(min(tensor.shape[axis], CHANNELS), -1)
            .double()
        )
        new = [rows.shape[1], rows.sum(1), (rows * rows).sum(1)]
        if self._channels is None:
            self._channels = new
        elif self._channels[1].shape == new[1].shape:
            self._channels = [old + more for old, more in zip(self._channels, new)]

    def result(self) -> dict[str, Any] | None:
        """The fields of `observations.Spread`; None where nothing was seen."""
        if self.data is None:
            return None
        mean = self._sum / self._count
        variance = max(self._squares / self._count - mean * mean, 0.0)
        means: list[float] = []
        stds: list[float] = []
        if self._channels is not None:
            count, total, squares = self._channels
            means = (total / count).tolist()
            stds = (squares / count - (total / count) ** 2).clamp(min=0).sqrt().tolist()
        distinct = None if self._values is None else len(self._values)
        return {
            **self.data,
            "mean": mean,
            "std": variance**0.5,
            "distinct": distinct,
            "channel_means": means,
            "channel_stds": stds,
            "histogram": self._histogram.result(),
        }

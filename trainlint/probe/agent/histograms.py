"""Counts of values in equal bins, over tensors whose range is known only once the last of them has been seen."""

from __future__ import annotations

from typing import Any

import torch

BINS = 64
_WIDEST = 60
"""How often the range is doubled at most, beyond which a value is counted in the outermost bin."""


class Histogram:
    """Begins with the range of the first values; each time one lies outside, the range doubles and its bins are merged in pairs."""

    def __init__(self) -> None:
        self.start = self.end = 0.0
        self.counts: torch.Tensor | None = None

    def add(self, values: torch.Tensor, low: float, high: float) -> None:
        """Takes finite values in, the smallest of which is `low` and the largest `high`."""
        if self.counts is None:
            room = (high - low) * 1e-6 or max(abs(low), 1.0) * 1e-3
            self.start, self.end = low - room, high + room
            self.counts = torch.zeros(BINS, dtype=torch.long)
        for _ in range(_WIDEST):
            if self.start <= low and high <= self.end:
                break
            self._double(down=low < self.start)
        places = ((values - self.start) * (BINS / (self.end - self.start))).long().clamp_(0, BINS - 1)
        self.counts = self.counts + torch.bincount(places, minlength=BINS).cpu()  # one made under `inference_mode` takes nothing in

    def _double(self, *, down: bool) -> None:
        assert self.counts is not None
        merged, none = self.counts.reshape(-1, 2).sum(1), torch.zeros(BINS // 2, dtype=torch.long)
        width = self.end - self.start
        if down:
            self.start -= width
            self.counts = torch.cat([none, merged])
        else:
            self.end += width
            self.counts = torch.cat([merged, none])

    def result(self) -> dict[str, Any] | None:
        """The fields of `observations.Histogram`; None where nothing was seen."""
        if self.counts is None:
            return None
        return {"start": self.start, "end": self.end, "counts": self.counts.tolist()}

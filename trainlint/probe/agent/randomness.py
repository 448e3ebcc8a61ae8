"""Randomness that an edit elsewhere in the program does not shift.

Two programs that differ in one line draw the same numbers for everything that they have in common: a layer's first weights come
from the text of the call that makes it, a dropout's mask from its place among the dropouts of the step, a loader's order from
the loader's number, and everything else starts anew at each step.
"""

from __future__ import annotations

import linecache
import random
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from . import places
from .modules import constructed
from .session import Session


class Randomness:
    """The aligned randomness of a run."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.seed = int(session.configuration.get("seed", 0))
        self._texts: Counter[str] = Counter()
        self._dropouts = 0
        self._passes = 0

    def install(self) -> None:
        """Seeds everything, and gives each layer's first weights a source of their own."""
        self._start(0)
        for kind in set(_kinds(nn.Module)):
            if "reset_parameters" in vars(kind):
                kind.reset_parameters = self._aligned(kind.reset_parameters)

    def on_step(self) -> None:
        """A new step begins."""
        self._dropouts = self._passes = 0
        self._start(self.session.steps + 1)

    def on_pass(self) -> None:
        """A network is called; what an evaluation draws does not move what training draws."""
        self._dropouts = 0
        self._passes += torch.is_grad_enabled()

    def dropped(self, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A dropout, with a mask that no other draws from."""
        self._dropouts += 1
        counted = (self.seed, self.session.steps, self._passes if torch.is_grad_enabled() else -1, self._dropouts)
        with drawn_from(zlib.crc32(repr(counted).encode())):
            return func(*args, **kwargs)

    def _start(self, number: int) -> None:
        start(self.seed * 100_003 + number)

    def _aligned(self, reset: Callable[..., Any]) -> Callable[..., Any]:
        def resetting(module: nn.Module, *args: Any, **kwargs: Any) -> Any:
            text = _text(constructed.get(module) or places.here())
            self._texts[text] += 1
            with drawn_from(zlib.crc32(f"{self.seed} {type(module).__name__} {text} {self._texts[text]}".encode())):
                return reset(module, *args, **kwargs)

        return resetting


def start(seed: int) -> None:
    """Begins each of the common sources of randomness anew."""
    torch.manual_seed(seed)
    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed % 2**32)


def _kinds(kind: Any) -> Iterator[Any]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)


@contextmanager
def drawn_from(seed: int) -> Iterator[None]:
    """What is drawn here does not move what is drawn elsewhere."""
    state = torch.get_rng_state()
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() and torch.cuda.is_initialized() else None
    torch.manual_seed(seed)
    try:
        yield
    finally:
        torch.set_rng_state(state)
        if cuda is not None:
            torch.cuda.set_rng_state_all(cuda)


def _text(place: Any) -> str:
    if place is None:
        return ""
    rows = range(place["row"], (place["end_row"] or place["row"]) + 1)
    lines = [linecache.getline(place["path"], row) for row in rows]
    if place["column"] is not None and lines:
        lines[-1] = lines[-1][: place["end_column"] - 1]
        lines[0] = lines[0][place["column"] - 1 :]
    return "".join(lines).strip()

"""The second look at a run that lost its numbers: which operation is the first whose result, or whose gradient, is not finite."""

from __future__ import annotations

import re
from typing import Any

import torch

from . import places

_MEANT = frozenset(
    "masked_fill masked_fill_ full new_full full_like where triu tril fill_ __setitem__ zeros ones empty cat stack clone expand to "
    "view reshape float contiguous".split()
)
"""Operations that hold an infinity because somebody has put it there."""
_FUNCTION = re.compile(r"Function '(\w+)' returned nan values")


class Finiteness:
    """Looks at the result of each operation."""

    def __init__(self) -> None:
        self.first: dict[str, Any] | None = None
        self._made: dict[str, tuple[str, places.PlaceData | None]] = {}

    def look(self, name: str, args: tuple[Any, ...], output: Any) -> None:
        """Takes note of the first operation that makes what is not finite out of what is."""
        if not isinstance(output, torch.Tensor) or not output.is_floating_point():
            return
        if output.grad_fn is not None:
            self._made[output.grad_fn.name()] = (name, places.here())
        if self.first is not None or name in _MEANT or bool(torch.isfinite(output).all()):
            return
        given = [argument for argument in args if isinstance(argument, torch.Tensor) and argument.is_floating_point()]
        masked = any(bool(torch.isinf(argument).any()) for argument in given) and not bool(torch.isnan(output).any())
        if not masked and all(not bool(torch.isnan(argument).any()) for argument in given):
            self.first = {"operation": name, "place": places.here(), "backward": False}

    def explain(self, error: BaseException) -> None:
        """Takes note of the operation whose gradient autograd's own anomaly mode has found not to be finite."""
        found = _FUNCTION.search(str(error))
        if found and self.first is None:
            name, place = self._made.get(found[1], (found[1], None))
            self.first = {"operation": name, "place": place, "backward": True}

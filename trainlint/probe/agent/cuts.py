"""Where the path of a gradient ends: operations that read what has a gradient and give what has none."""

from __future__ import annotations

from typing import Any

import torch

from . import places

_INDEPENDENT = frozenset(
    "zeros_like ones_like empty_like full_like rand_like randn_like randint_like new_zeros new_ones new_empty new_full new_tensor "
    "requires_grad_ size dim numel".split()
)
"""What comes out does not depend on the values that go in."""
_SUMMING = frozenset("add __add__ __radd__ __iadd__ add_ sub __sub__ __rsub__ sum stack mean".split())
_PROPERTIES = frozenset({"data"})


def note(func: Any, name: str, args: tuple[Any, ...], output: Any) -> None:
    """Marks what came out of an operation that cuts the graph, or that was computed from what was cut."""
    if name == "__get__":
        name = getattr(getattr(func, "__self__", None), "__name__", "")
        if name not in _PROPERTIES:
            return
    if name in _INDEPENDENT:
        return
    parts = (output,) if isinstance(output, torch.Tensor) else output if isinstance(output, tuple) else ()
    given = [one for one in _flat(args) if isinstance(one, torch.Tensor)]
    for part in parts:
        if not isinstance(part, torch.Tensor):
            continue
        earlier = next((cut for cut in (getattr(one, "_trainlint_cut", None) for one in given) if cut is not None), None)
        if part.requires_grad:
            if name in _SUMMING and not part.dim():
                _keep_terms(part, given, earlier)
        elif earlier is not None:
            part._trainlint_cut = earlier
        elif torch.is_grad_enabled() and any(one.requires_grad for one in given):
            part._trainlint_cut = {"operation": name.strip("_"), "place": places.here(), "axis": None}


def _keep_terms(total: torch.Tensor, given: list[torch.Tensor], cut: dict[str, Any] | None) -> None:
    """A sum with a gradient remembers those of its terms that have none."""
    terms = [term for one in given for term in getattr(one, "_trainlint_terms", ())]
    if cut is not None:
        terms.append(cut)
    if terms:
        total._trainlint_terms = terms[:8]


def _flat(args: tuple[Any, ...]) -> list[Any]:
    return [one for argument in args for one in (argument if isinstance(argument, (list, tuple)) else (argument,))]

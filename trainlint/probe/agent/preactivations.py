"""Whether a nonlinear function was given what a weighted layer put out.

A sigmoid over noise, as of a relaxed choice, is meant to lie near 0 and 1: it is no unit that has saturated.
"""

from __future__ import annotations

from typing import Any

import torch

_WEIGHTED = ("Addmm", "Mm", "Addmv", "Mv", "Bmm", "Baddbmm", "Addbmm", "Convolution", "SlowConv", "MkldnnLinear", "Linear")
_NORMALIZING = ("NativeBatchNorm", "CudnnBatchNorm", "MiopenBatchNorm", "NativeLayerNorm", "NativeGroupNorm", "FusedRmsNorm")
_PASSING = (
    "Add Sub Mul Div View UnsafeView ReshapeAlias Squeeze Unsqueeze Transpose T Permute Split SplitWithSizes Chunk Slice Select Clone "
    "Expand ToCopy UnsafeSplit Alias Copy AsStrided Cat Narrow"
).split()
_FAR = 12
"""Operations that are looked at."""


def comes_from_weights(output: torch.Tensor) -> bool:
    """Whether a product with weights, or a normalization of one, lies right before the operation that made this, or a sum of them."""
    waiting: list[Any] = [made for made, _ in getattr(output.grad_fn, "next_functions", ())]
    for _ in range(_FAR):
        made = waiting.pop(0) if waiting else None
        if made is None:
            if not waiting:
                return False
            continue
        name = made.name().split("Backward")[0]
        if name in _WEIGHTED or name in _NORMALIZING:
            return True
        if name in _PASSING:
            waiting += [before for before, _ in made.next_functions]
    return False

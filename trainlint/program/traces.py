"""What happened to a tensor on its way: the few things that a rule asks about long after they happened."""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainlint.program.values import Data, Value
    from trainlint.source import ir


class Zero(Enum):
    """Why numbers that are never negative can be exactly 0."""

    PROBABILITY = "a probability that rounds to 0"
    SQUARES = "a square, a sum of squares, or an absolute value"
    REMAINDER = "what a square leaves of 1"
    RECTIFIED = "the output of a rectifier"


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened to a tensor; None in a field means that it did not, or that nothing tells."""

    rectified: "ir.Node | None" = None
    """The one-sided activation that its logits came out of: the softmax behind it cannot push any of them below 0."""
    discrete: "ir.Node | None" = None
    """The index or comparison that it was computed from, where no gradient goes through."""
    zero: Zero | None = None
    zero_node: "ir.Node | None" = None
    """Where it became such numbers."""
    complement: "Value | None" = None
    """It is 1 minus this."""
    steps: "tuple[Data, ...] | None" = None
    """The transforms that made it of a stored image, in order; None where these are not all known."""

"""Where something happened in the source, and what its values were like."""

from dataclasses import dataclass

_DECISIONS = frozenset("argmax argmin max min topk sort eq ne gt lt ge le sign long int bool to round floor".split())
"""Operations after which a gradient has nowhere to go because what comes out is a decision; others cut it on purpose."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the user's source; columns are None where the interpreter knows rows alone (Python 3.10 and older)."""

    path: str
    row: int
    column: int | None = None
    end_row: int | None = None
    end_column: int | None = None
    callee: str | None = None
    """What is called there, by the last part of its name; it finds the columns in the source where they are None."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many values lie in each of equal bins from `start` to `end`."""

    start: float
    end: float
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """The values of the tensors that were seen at one place."""

    shape: tuple[int, ...]
    """Of the first tensor."""
    dtype: str
    minimum: float
    maximum: float
    mean: float
    std: float
    whole: bool
    """Every value is a whole number."""
    non_finite: int = 0
    distinct: int | None = None
    """How many different values there are, up to 64; None where there are more."""
    channel_means: tuple[float, ...] = ()
    """Along the channel axis (1 in a tensor of three axes or more, else the last), up to 64 of them; of inputs of a network alone."""
    channel_stds: tuple[float, ...] = ()
    histogram: Histogram | None = None
    """Of all tensors; of a large one, of an even sample of its values."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The operation that made a tensor, apart from those that only change its shape."""

    operation: str
    """As in torch: `softmax`, `sigmoid`, `relu` …"""
    place: Place | None = None
    axis: int | None = None

    @property
    def decides(self) -> bool:
        """Whether it makes a choice of numbers, through which no gradient passes."""
        return self.operation in _DECISIONS

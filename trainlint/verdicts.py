"""What a run says about a finding, as plain frozen data."""

from dataclasses import dataclass
from enum import Enum
from math import inf
from typing import TYPE_CHECKING

from trainlint.findings import Category, Finding

if TYPE_CHECKING:
    from trainlint.observations import Place

SMALL_NETWORKS = "1,520 runs of small networks, faulty and sound: it parted them without an error"
EXACT = "exact: it is counted, not estimated"


class Outcome(Enum):
    """Whether the mechanism of a fault was seen at work. The loss curve alone never decides."""

    CONFIRMED = "confirmed"
    INCONCLUSIVE = "inconclusive"
    NOT_REPRODUCED = "not reproduced"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a rule's judge says about one place of the program, or about the whole of it where `place` is None."""

    outcome: Outcome
    place: "Place | None"
    measured: str
    """The measured value, in words with its number; empty where nothing was measured."""
    threshold: str = ""
    """From where on the fault counts as present."""
    source: str = ""
    """Where the threshold comes from."""
    reason: str = ""
    value: float | None = None
    message: str | None = None
    """The fact, for a finding that the analyzer did not make; None where the mechanism alone makes none."""
    category: Category | None = None
    """Lower than the rule's own."""
    related: "tuple[tuple[Place, str], ...]" = ()
    """Places that it rests on; the first of them is where a finding about the whole program is shown."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a fault costs: the loss with it minus the loss without it, all other confirmed faults fixed, at the last steps."""

    difference: float
    with_fault: float
    without_fault: float
    steps: int
    seeds: int
    informative: bool
    """The program without the faults learned enough within these steps for the difference to mean something."""
    losses: tuple[float, ...] = ()
    """With this fault and no other, at each step, under the first seed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A finding, and what the run says about it."""

    finding: Finding
    ruling: Ruling
    found_by: str
    """`analysis`, or `run` where the mechanism was measured and the analyzer was silent."""
    cost: Cost | None = None
    cost_note: str = ""
    """Why there is no cost."""

    @property
    def outcome(self) -> Outcome:
        """Whether the fault was seen at work."""
        return self.ruling.outcome


def confirmed(
    place: "Place | None",
    measured: str,
    *,
    threshold: str,
    source: str,
    value: float | None = None,
    message: str | None = None,
    category: Category | None = None,
    reason: str = "",
    related: "tuple[tuple[Place, str], ...]" = (),
) -> Ruling:
    """The mechanism was measured."""
    return Ruling(Outcome.CONFIRMED, place, measured, threshold, source, reason, value, message, category, related)


def not_reproduced(
    place: "Place | None", measured: str, *, threshold: str, source: str, value: float | None = None, reason: str = ""
) -> Ruling:
    """The mechanism was measured to be absent."""
    return Ruling(Outcome.NOT_REPRODUCED, place, measured, threshold, source, reason, value)


def inconclusive(place: "Place | None", reason: str, *, measured: str = "", threshold: str = "", source: str = "") -> Ruling:
    """The run cannot tell, for this reason."""
    return Ruling(Outcome.INCONCLUSIVE, place, measured, threshold, source, reason)


def number(value: float) -> str:
    """A measured number for people."""
    return f"{value:,.0f}" if 1000 <= abs(value) < inf and value == round(value) else f"{value:.3g}"

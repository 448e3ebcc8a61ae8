"""What the judges of several rules measure in the same way, each with the numbers that decide."""

from collections.abc import Iterator
from math import inf, log
from statistics import fmean, linear_regression, median
from typing import TYPE_CHECKING

from trainlint.verdicts import Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation, Optimizer

EXPLOSION = "not finite; or over 20 times the median of the 10 steps before, and over twice the largest of all before"
EXPLOSION_SOURCE = "the median before a step, since that of a whole run goes to 0 as a network learns; the largest, since some losses swing"
SMALLEST_UPDATE = 3e-4
"""Of the norm of the weights, for one step: networks that learned within 40 steps moved by 5e-3 to 2e-2."""
LARGEST_UPDATE = 5e-2
"""As `SMALLEST_UPDATE`: from here on small networks forgot what they had learned."""
BLOWN_UP = 10.0
"""Sound programs with large steps reach 3.3 times their first loss, those with a learning rate 1,000 times too large 400 times and
more."""
_ENTROPIES = frozenset({"cross_entropy", "nll_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits"})
_EARLY = 4
"""How many of the measured steps are the first ten."""


def step_size(optimizer: "Optimizer") -> float | None:
    """How much of their norm a step moves the weights by; None where fewer than three steps moved them.

    It is the median over the steps, or over the first ten where that is large: weights that have blown up make large steps look
    small.
    """
    moved = [ratio for ratio in optimizer.update_ratios if 0 < ratio < inf]
    if len(moved) < 3:
        return None
    early = median(moved[:_EARLY])
    return early if early > LARGEST_UPDATE else median(moved)


def by_margin(observation: "Observation", operations: frozenset[str], message: str, *, source: str) -> Iterator[Ruling]:
    """How near the arguments of these operations came to 0, where they have no finite value or gradient."""
    lost = observation.non_finite
    for margin in observation.margins:
        if margin.operation not in operations or margin.place is None:
            continue
        measured = f"its smallest argument in {margin.calls} calls was {margin.extreme:.2g}"
        if margin.extreme <= 0 or (lost is not None and lost.place == margin.place):
            yield confirmed(margin.place, measured, threshold="0", source=source, value=margin.extreme, message=message)
        elif margin.guarded:
            measured = f"{measured}, and it cannot fall further"
            yield not_reproduced(margin.place, measured, threshold="0", source=source, value=margin.extreme)
        else:
            yield inconclusive(margin.place, "it may come closer later", measured=measured, threshold="0", source=source)


def typical(values: tuple[float, ...], first: int = 10) -> float | None:
    """The median of the first finite values, None where there are none."""
    finite = [value for value in values[:first] if abs(value) < inf]
    return median(finite) if finite else None


def explosion(norms: tuple[float, ...]) -> tuple[int, float] | None:
    """The first step whose gradient norm exceeds all that came before it, and by which factor; None where there is none."""
    largest = 0.0
    for step, norm in enumerate(norms):
        if not abs(norm) < inf:
            return step, inf
        before = norms[max(0, step - 10) : step]
        if len(before) >= 3 and norm > 20 * median(before) > 0 and norm > 2 * largest:
            return step, norm / median(before)
        largest = max(largest, norm)
    return None


def trend(values: list[float]) -> float:
    """The slope of a line through the values over its standard error: below −2 they go down, above 2 up."""
    steps = list(range(len(values)))
    slope, start = linear_regression(steps, values)
    rest = sum((value - start - slope * step) ** 2 for step, value in zip(steps, values, strict=True)) / (len(values) - 2)
    spread = sum((step - fmean(steps)) ** 2 for step in steps)
    return 0.0 if slope == 0 else slope / max((rest / spread) ** 0.5, 1e-12)


def learned(observation: "Observation") -> float:
    """The share of its loss that the program has lost, beyond what knowing the frequency of each class explains."""
    losses = [value for value in observation.loss_curve if abs(value) < inf]
    if len(losses) < 10:
        return 0.0
    start, end = fmean(losses[:3]), fmean(losses[-5:])
    for loss in observation.losses:
        total = sum(loss.labels.values())
        own = loss.values[0] if loss.values else inf
        alone = loss.plain and loss.reduction == "mean" and abs(own - losses[0]) <= 1e-3 * abs(losses[0])  # in the unit of the entropy
        if alone and loss.function in _ENTROPIES and len(loss.labels) > 1:
            guess = -sum(count / total * log(count / total) for count in loss.labels.values())
            start = min(start, guess) if end <= start else start
    return 1 - end / start if start > 0 else 0.0


def rise(observation: "Observation") -> float:
    """The largest loss over the first: infinite where one is not finite, 0 where the first is not positive."""
    losses = observation.loss_curve
    if not losses or not losses[0] > 0:
        return 0.0
    return max(loss if abs(loss) < inf else inf for loss in losses) / losses[0]


def harmless_size(observation: "Observation") -> str | None:
    """Why steps that are large for the weights may still be right; None where the loss shows that they are not."""
    losses = [loss for loss in observation.loss_curve if abs(loss) < inf]
    if observation.mute_loss is not None:
        return observation.mute_loss
    if rise(observation) > BLOWN_UP:
        return None
    if learned(observation) > 0.2 or (len(losses) >= 10 and trend(losses) < -2 and (learned(observation) > 0 or _fall(losses) > 0.2)):
        return "the loss falls all the same"
    return f"{len(losses)} steps are too few to tell" if len(losses) < 10 else None


def _fall(losses: list[float]) -> float:
    """The share of the loss that is gone at the end, whatever of it knowing the frequencies would have saved."""
    return 1 - fmean(losses[-5:]) / start if (start := fmean(losses[:3])) > 0 else 0.0

"""TL402."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category, Confidence
from trainlint.measures import LARGEST_UPDATE, SMALLEST_UPDATE, harmless_size, step_size
from trainlint.program.learning_rates import Rate, written_rates
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import SMALL_NETWORKS, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation

_BANDS = {"sgd": (1e-5, 2.0), "adam": (1e-7, 0.03), "adagrad": (1e-7, 1.0)}
"""For each family of optimizers, the lowest and the highest learning rate that is used for networks."""
_WITH_MOMENTUM = 0.5
"""The highest one of SGD with a momentum of 0.9 or more: such steps are ten times as long."""
_FAR = {"adam": 0.1 / 0.03}
_EDGE = 3.0
"""Up to so many times outside of the band it may still be meant."""


class LearningRateOutOfRange(Rule):
    """
    The learning rate is far outside of what its optimizer can train a network with.

    ## What it checks

    The learning rate that the program writes down, against the band of its optimizer: SGD 1e-5 to 2 (to 0.5 with a
    momentum of 0.9), Adam and its kin and RMSprop 1e-7 to 0.03, Adagrad to 1. Near the edge it is advice. A learning rate
    of 0 or below is always wrong.

    ## Why it matters

    A step of Adam is about as long as the learning rate, in every weight: 0.1 destroys in one step what initialization
    has made. One that is far too small trains nothing in the time that there is, and a negative one climbs.

    ## When it stays silent

    For SGD where gradients are clipped; for optimizers that scale by themselves (Adadelta, LBFGS, Rprop, Muon,
    Adafactor); when a schedule or the program sets the learning rate (warm-up, OneCycle, lambdas, `param_groups`); when
    it comes from a configuration that is not in sight; when what is optimized is no network (pixels, latents) or a linear
    model. Learning rates of single groups are not checked.

    ## How to fix it

    Begin with Adam at 1e-3 or SGD at 0.1, and search from there. No fix is offered: a learning rate that nobody has tried is
    no cure.

    ## References

    - Bengio: [Practical recommendations for gradient-based training](https://arxiv.org/abs/1206.5533)
    """

    code = "TL402"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 2))
            optimizer = torch.optim.Adam(model.parameters(), lr=0.5)  # <- here
            """
        ),
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 2))
            optimizer = torch.optim.Adam(model.parameters(), lr=0.05)  # <- here
            """,
            category=Category.ADVICE,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 2))
            optimizer = torch.optim.Adam(model.parameters(), lr=1.0)
            scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1e-3 * min(1.0, step / 100))
            """,
            because="the schedule multiplies it",
        ),
        Good(
            """
            import torch

            image = torch.rand(3, 64, 64, requires_grad=True)
            optimizer = torch.optim.Adam([image], lr=0.5)
            """,
            because="pixels are optimized, and no network",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports learning rates outside of the band of their optimizer."""
        for rate in written_rates(program):
            band = _band(rate)
            if band is None or (band[0] <= rate.value <= band[1]):
                continue
            low, high = band
            near = low / _EDGE <= rate.value < low or high < rate.value <= high * _FAR.get(rate.family, _EDGE)
            name = (rate.optimizer.name or "the optimizer").rpartition(".")[2]
            what = (
                f"a learning rate of {rate.value:g} moves against the loss or not at all"
                if rate.value <= 0
                else f"a learning rate of {rate.value:g} is far too {'high' if rate.value > high else 'low'} for `{name}` on a network"
                if not near
                else f"a learning rate of {rate.value:g} is {'high' if rate.value > high else 'low'} for `{name}` on a network"
            )
            yield Sighting(
                rate.place,
                what,
                category=Category.ADVICE if near else None,
                confidence=Confidence.MEDIUM if rate.soft else rate.run.confidence,
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Holds the learning rate against its band, and the size of the steps against that of the weights."""
        for optimizer in observation.optimizers:
            family = _FAMILIES.get(optimizer.kind)
            if family is None or not optimizer.learning_rates:
                continue
            rate = max(optimizer.learning_rates)
            low, high = _BANDS[family]
            high = _WITH_MOMENTUM if family == "sgd" and optimizer.momentum >= 0.9 else high
            ratio = step_size(optimizer)
            if ratio is None:
                yield inconclusive(optimizer.constructed, "the weights do not move", measured=f"a learning rate of {rate:g}")
                continue
            measured = f"with a learning rate of {rate:g}, a step changes the weights by {ratio:.1e} of their norm"
            outside = rate < low or rate > high
            why = harmless_size(observation) if ratio > LARGEST_UPDATE else None
            if why is not None:
                yield inconclusive(optimizer.constructed, why, measured=measured, threshold=_THRESHOLD)
            elif ratio < SMALLEST_UPDATE or ratio > LARGEST_UPDATE:
                size = "high" if ratio > LARGEST_UPDATE else "low"
                message = f"a learning rate of {rate:g} is far too {size} for `{optimizer.kind}` on this network" if outside else None
                yield confirmed(optimizer.constructed, measured, threshold=_THRESHOLD, source=SMALL_NETWORKS, value=ratio, message=message)
            else:
                yield not_reproduced(optimizer.constructed, measured, threshold=_THRESHOLD, source=SMALL_NETWORKS, value=ratio)


def _band(rate: Rate) -> tuple[float, float] | None:
    band = _BANDS.get(rate.family)
    if band is None:
        return (1e-300, float("inf")) if rate.value <= 0 else None
    low, high = band
    if rate.family == "sgd" and rate.clipped:
        return (low, float("inf"))
    return (low, _WITH_MOMENTUM if rate.family == "sgd" and rate.momentum else high)


_THRESHOLD = "outside 3e-4 … 5e-2"
_FAMILIES = {"SGD": "sgd", "Adagrad": "adagrad"} | dict.fromkeys(("Adam", "AdamW", "NAdam", "RAdam", "Adamax", "RMSprop"), "adam")

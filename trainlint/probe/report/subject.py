"""What a figure is asked about: a run, and the verdict that it shall stand beside."""

from collections.abc import Iterable
from dataclasses import dataclass

from trainlint.observations import Loss, Observation, Optimizer
from trainlint.probe.probing import ProbeReport
from trainlint.probe.sources import meets
from trainlint.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Subject:
    """`verdict` is None where the figure stands for the run alone."""

    report: ProbeReport
    observation: Observation
    verdict: Verdict | None = None

    def loss(self) -> Loss | None:
        """The loss that the verdict is about, or the one that was trained most."""
        own = [loss for loss in self.observation.losses if self.verdict is not None and meets(loss.place, self.verdict.finding.span)]
        return max(own or self.observation.losses, key=lambda loss: loss.trained, default=None)

    def optimizer(self) -> Optimizer | None:
        """The optimizer that the verdict is about, or the busiest."""
        optimizers = self.observation.optimizers
        place = self.verdict.ruling.place if self.verdict is not None else None
        own = [optimizer for optimizer in optimizers if place is not None and place in (optimizer.stepped, optimizer.constructed)]
        return busiest(own or optimizers)


def busiest(optimizers: Iterable[Optimizer]) -> Optimizer | None:
    """The one with the most steps."""
    return max(optimizers, key=lambda optimizer: optimizer.steps, default=None)

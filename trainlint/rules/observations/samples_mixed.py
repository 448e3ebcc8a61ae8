"""TL913."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Good, Rule, Sighting
from trainlint.verdicts import Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation

_SOURCE = "0 but for rounding where samples are computed by themselves"


class SamplesMixed(Rule):
    """
    In evaluation mode, what comes out for one sample depends on another sample.

    ## What it checks

    After the run, the network gets a batch it has seen, once as it was and once with a sample in the middle replaced, in
    evaluation mode. What comes out for the others must not change.

    ## Why it matters

    Where it does, an axis is mistaken for another (a view for a permute, a recurrent network without `batch_first`), or
    statistics of the batch leak in. The network cheats in training and fails on single samples.

    ## When it stays silent

    For networks whose output is about the batch as a whole, or compares each sample with each; for the nodes of a graph; and
    for networks that cannot be run again.

    ## How to fix it

    Look at every view, reshape and transpose on the way, and at `batch_first`.

    ## References

    - Karpathy: [A Recipe for Training Neural Networks](https://karpathy.github.io/2019/04/25/recipe/)
    """

    code = "TL913"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Good(
            """
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                loss = nn.functional.cross_entropy(model(inputs), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
            because="each sample is computed by itself",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: only a run can show it."""
        del program
        return iter(())

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks at the other samples while one is replaced."""
        for number, network in enumerate(observation.networks):
            mixed = network.samples_mixed
            place = next((forward.place for forward in observation.forwards if forward.network == number and forward.trained), None)
            if mixed is None or place is None:
                continue
            measured = f"replacing one sample moves the output for another by {mixed:.1e} of what it moves its own"
            if mixed > 1e-3:
                message = "the output for one sample depends on another sample of the batch"
                yield confirmed(place, measured, threshold="over 0.001", source=_SOURCE, value=mixed, message=message)
            else:
                yield not_reproduced(place, measured, threshold="over 0.001", source=_SOURCE, value=mixed)

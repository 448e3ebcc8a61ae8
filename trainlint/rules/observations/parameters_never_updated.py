"""TL911."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class ParametersNeverUpdated(Rule):
    """
    Trainable parameters stay what they were.

    ## What it checks

    For every layer that was called: whether its trainable parameters are the same after the last observed step as before the
    first.

    ## Why it matters

    What is not updated stays random, and the network works around it.

    ## When it stays silent

    For parameters that had a gradient, those that are frozen, and layers that were never called.

    ## How to fix it

    Give the parameters to the optimizer, register the layer with its network, and look for a detach between it and the loss.

    ## References

    - PyTorch: [Autograd mechanics](https://pytorch.org/docs/stable/notes/autograd.html)
    """

    code = "TL911"
    category = Category.CORRECTNESS
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
            because="every parameter moves",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: only a run can show it."""
        del program
        return iter(())

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Compares the last values with the first."""
        if observation.ending.steps < 3:
            return
        for number, layer in enumerate(observation.layers):
            own = [parameter for parameter in observation.parameters if parameter.layer == number and parameter.trainable]
            still = [parameter for parameter in own if parameter.changed is False and not parameter.had_gradient]
            gone = [parameter for parameter in own if not parameter.optimizers and not parameter.changed]
            lost = gone if _is_trained(observation, layer.network) else []
            if not own or layer.constructed is None:
                continue
            if len(still) == len(own) or len(lost) == len(own):
                why = "no gradient reaches them" if still else "no optimizer holds them"
                yield confirmed(
                    layer.constructed,
                    f"the {len(own)} parameters of `{layer.name}` are after {observation.ending.steps} steps what they were: {why}",
                    threshold="no change at all",
                    source=EXACT,
                    value=0.0,
                    message=f"the parameters of `{layer.name}` are never updated: {why}",
                )
            elif any(parameter.changed for parameter in own):
                yield not_reproduced(layer.constructed, f"`{layer.name}` has changed", threshold="no change at all", source=EXACT)


def _is_trained(observation: "Observation", network: int | None) -> bool:
    return network is None or observation.networks[network].trained

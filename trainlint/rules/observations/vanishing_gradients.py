"""TL903."""

from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.measures import learned
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Good, Rule, Sighting
from trainlint.verdicts import SMALL_NETWORKS, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class VanishingGradients(Rule):
    """
    Gradients hardly reach the first layers of a deep network.

    ## What it checks

    The root mean square of the weight gradients of the first weighted layers (the best served of their first quarter)
    against that of the last, over the observed steps, together with the loss.

    ## Why it matters

    Layers that get a hundredth of the gradient stay as they were initialized, and the network is as good as its last layers
    on random features.

    ## When it stays silent

    Where the ratio is small and the loss falls all the same (a healthy deep plain network starts like that, and Adam makes up
    for it); for fewer than four weighted layers.

    ## How to fix it

    Use ReLU and its kin instead of sigmoid and tanh, residual connections, normalization layers, and an initialization made
    for the activation.

    ## References

    - Glorot, Bengio: [Understanding the difficulty of training deep feedforward neural networks](https://proceedings.mlr.press/v9/glorot10a.html)
    """

    code = "TL903"
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
            because="gradients reach the first layer",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: only a run can show it."""
        del program
        return iter(())

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Compares the best served of the first quarter with the last: what leads into an attention's softmax gets little anyway."""
        for number, network in enumerate(observation.networks):
            layers = [layer for layer in observation.layers if layer.network == number and layer.weighted and layer.weight_gradient_rms]
            if not network.trained or len(layers) < 4:
                continue
            layers.sort(key=lambda layer: layer.order or 0)
            early = max(layers[: max(len(layers) // 4, 1)], key=lambda layer: median(layer.weight_gradient_rms))
            first, last = median(early.weight_gradient_rms), median(layers[-1].weight_gradient_rms)
            if last <= 0:
                continue
            ratio = first / last
            measured = f"`{early.name}` gets {ratio:.1e} times the gradient of `{layers[-1].name}`"
            stuck = learned(observation) < 0.02
            if ratio < 1e-2 and observation.mute_loss:
                yield inconclusive(early.constructed, observation.mute_loss, measured=measured, threshold="under 0.01")
            elif ratio < 1e-2 and stuck:
                yield confirmed(
                    early.constructed,
                    f"{measured}, and the loss falls by less than 2 %",
                    threshold="under 0.01, with a loss that falls by less than 2 %",
                    source=SMALL_NETWORKS,
                    value=ratio,
                    message=f"gradients hardly reach `{early.name}`",
                )
            elif ratio > 0.1:
                yield not_reproduced(early.constructed, measured, threshold="under 0.01", source=SMALL_NETWORKS, value=ratio)

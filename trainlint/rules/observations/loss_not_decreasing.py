"""TL901."""

from collections.abc import Iterator
from statistics import linear_regression, median
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.measures import SMALLEST_UPDATE, trend
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Good, Rule, Sighting
from trainlint.verdicts import Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class LossNotDecreasing(Rule):
    """
    The loss does not go down within the steps observed.

    ## What it checks

    The trend of the training loss over the observed steps, against its noise: a straight line is fitted to it.

    ## Why it matters

    A program that learns shows it within a few dozen steps, however little. One that does not has a fault elsewhere, or needs
    another learning rate.

    ## When it stays silent

    With fewer than 30 steps, with several optimizers (adversaries pull in two directions), for a loss that measures no
    error (of either sign; against targets that a network makes; on what a policy has brought about), for weights
    that were loaded or are embeddings alone, where its noise would hide a fall of a fifth, where the weights move so little
    that no more was to be expected, and where a confirmed fault explains it.

    ## How to fix it

    Look at the other verdicts first; then at the learning rate, and whether the network can learn one batch by heart
    (`--overfit`).

    ## References

    - Karpathy: [A Recipe for Training Neural Networks](https://karpathy.github.io/2019/04/25/recipe/)
    """

    code = "TL901"
    category = Category.ADVICE
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
            because="the loss goes down",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: only a run can show it."""
        del program
        return iter(())

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Fits a line to the loss."""
        losses = [value for value in observation.loss_curve if abs(value) < float("inf")]
        stepping = [optimizer for optimizer in observation.optimizers if optimizer.steps > 1]
        if len(losses) < 30 or len(stepping) != 1:
            return
        strength = trend(losses)
        slope, start = linear_regression(range(len(losses)), losses)
        change = slope * (len(losses) - 1)
        drop = -change / start if start > 0 else 0.0
        measured = f"the loss changes by {-drop:.1%} in {len(losses)} steps (trend over noise {strength:.1f})"
        # the smallest fall that would stand out from the noise, as a share of the loss
        hidden = 2 * abs(change / strength) / start if strength and start > 0 else 0.0
        if strength > -2 and drop < 0.02:
            mute = _mute(observation, losses, stepping[0].update_ratios, hidden)
            if mute is not None:
                yield inconclusive(stepping[0].stepped, mute, measured=measured, threshold=_THRESHOLD)
                return
            yield confirmed(
                stepping[0].stepped,
                measured,
                threshold=_THRESHOLD,
                source="sound small networks fall by more, with a trend of −2 or steeper",
                value=drop,
                message=f"the loss does not go down within {len(losses)} steps",
            )
        elif strength <= -2:
            yield not_reproduced(stepping[0].stepped, measured, threshold="no downward trend", source="its own noise", value=drop)


def _mute(observation: "Observation", losses: list[float], moves: tuple[float, ...], hidden: float) -> str | None:
    """Why a loss that stands still says nothing here, if it does not."""
    moved = [ratio for ratio in moves if 0 < ratio < float("inf")]
    if observation.mute_loss is not None:
        return observation.mute_loss
    if any(network.pretrained for network in observation.networks):
        return "the weights were trained before"
    if observation.layers and not any(layer.weighted for layer in observation.layers):
        return "a step moves those rows of its embeddings alone that it looks up"
    if min(losses) < 0:
        return "a loss of either sign has no floor to fall to"
    if hidden > _WORTH_SEEING:
        return f"its noise would hide a fall of up to {hidden:.0%}"
    if moved and median(moved) < SMALLEST_UPDATE:
        return f"a step moves the weights by {median(moved):.1e} of their norm: too little to show within {len(losses)} steps"
    return None


_THRESHOLD = "no downward trend steeper than −2, and less than 2 % lower"
_WORTH_SEEING = 0.2
"""The fall within 40 steps from which on two small networks can be told apart by their losses."""
